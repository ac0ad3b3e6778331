"""Files that `migrate validate` leaves behind, for people and for CI servers: one module a format.

`REPORTS` has what makes each, by the ending of the file's name.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from langferry.cli.reports.subject import Subject


def _page(subject: "Subject") -> str:
    from langferry.cli.reports.page import page

    return page(subject)


def _junit(subject: "Subject") -> str:
    from langferry.cli.reports.junit import junit

    return junit(subject)


def _json(subject: "Subject") -> str:
    from langferry.validator import as_json

    return as_json(subject.report)


def _listed(shape: str) -> "Callable[[Subject], str]":
    def report(subject: "Subject") -> str:
        from langferry.diagnostics.formats import FORMATS

        return FORMATS[shape](subject.findings)

    return report


REPORTS: Final[dict[str, "Callable[[Subject], str]"]] = {
    ".html": _page,
    ".json": _json,
    ".md": _listed("markdown"),
    ".sarif": _listed("sarif"),
    ".xml": _junit,
}


def write(subject: "Subject", path: Path) -> None:
    """Write the report that `path`'s ending asks for, whole or not at all.

    Raises:
        Failure: LF701, it cannot be written.
    """
    from langferry.diagnostics import Failure

    text = REPORTS[path.suffix](subject)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Failure("LF701", f"cannot write {path}: {error}") from error
