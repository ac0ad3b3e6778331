"""What the command line prints: diagnostics with their source, and progress on long work.

Results go to standard output, everything else to standard error. Colour is used on a terminal
only, and never where NO_COLOR is set. What draws is imported when there is something to say: a program
that `migrate run` runs does not wait for it.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from langferry.diagnostics import Diagnostic, Span

_STYLE = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}


def output() -> "Console":
    """The console for results."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


def messages() -> "Console":
    """The console for diagnostics and progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def _excerpt(root: Path, span: "Span") -> list[tuple[str, str]]:
    try:
        lines = (root / span.file).read_text(encoding="utf-8", errors="replace").splitlines()
        line = lines[span.line - 1]
    except (OSError, IndexError):
        return []
    end = span.end_column if span.end_line == span.line else len(line)
    marker = " " * span.column + "^" * max(1, end - span.column)
    gutter = str(span.line)
    return [(f"{gutter} | ", line.expandtabs(1)), (" " * len(gutter) + " | ", marker)]


def print_diagnostics(console: "Console", diagnostics: "Iterable[Diagnostic]", root: Path) -> None:
    """Print each finding as: place, severity, code, message, source excerpt, next step, fix.

    `root` is the directory the spans' files are relative to.
    """
    from rich.text import Text

    for found in diagnostics:
        head = Text()
        if found.span is not None:
            head.append(f"{found.span}: ", style="bold")
        head.append(f"{found.severity}[{found.code}]", style=_STYLE[found.severity])
        head.append(f": {found.mark}{found.message}")
        console.print(head)
        for gutter, text in _excerpt(root, found.span) if found.span else ():
            console.print(Text.assemble(("  " + gutter, "dim"), text))
        if found.help:
            console.print(Text.assemble(("  help: ", "bold"), found.help))
        if found.fix is not None:
            told = f"{found.fix.message} ({found.fix.applicability})"
            console.print(Text.assemble(("  fix: ", "bold"), told))


def print_failure(diagnostic: "Diagnostic") -> None:
    """Print on standard output, as JSON, why there is no result."""
    import msgspec

    found = msgspec.to_builtins(diagnostic)
    print(json.dumps({"error": found}, indent=2, ensure_ascii=False))


class Progress:
    """Tells a person what long work is at: a spinner on a terminal, one line a step elsewhere."""

    def __init__(self, console: "Console", quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._status = None if quiet or not console.is_terminal else console.status("")

    def __call__(self, message: str) -> None:
        """Say that `message` is being done now."""
        from rich.text import Text

        if self._status is not None:
            self._status.update(Text(message))
        elif not self._quiet:
            self._console.print(Text(message, style="dim"))

    @contextmanager
    def shown(self) -> Iterator["Progress"]:
        """Show progress while the block runs."""
        if self._status is None:
            yield self
            return
        with self._status:
            yield self
