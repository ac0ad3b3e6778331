"""Where findings are, as the working directory sees it: other tools look for files there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langferry.diagnostics import Diagnostic, Fix, Span


def seen_from_here(found: "Sequence[Diagnostic]", program: Path) -> "list[Diagnostic]":
    """`found` with its files named from the working directory instead of `program`'s root."""
    from msgspec.structs import replace

    return [
        item
        if item.span is None
        else replace(
            item,
            span=_span_from_here(item.span, program),
            fix=None if item.fix is None else _fix_from_here(item.fix, program),
        )
        for item in found
    ]


def found_file(file: str, program: Path) -> Path | None:
    """The file that a span of `program` names; None when it is gone."""
    parents = program.resolve().parents
    return next((parent / file for parent in parents if (parent / file).is_file()), None)


def _fix_from_here(fix: "Fix", program: Path) -> "Fix":
    from msgspec.structs import replace

    edits = [replace(edit, span=_span_from_here(edit.span, program)) for edit in fix.edits]
    return replace(fix, edits=tuple(edits))


def _span_from_here(span: "Span", program: Path) -> "Span":
    from msgspec.structs import replace

    return replace(span, file=_from_here(span.file, program))


def _from_here(file: str, program: Path) -> str:
    path = found_file(file, program)
    if path is None:
        return file
    here = Path.cwd().resolve()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
