"""One line a finding, as editors and `grep` take it."""

from collections.abc import Sequence

from langferry.diagnostics.diagnostic import Diagnostic


def concise(findings: Sequence[Diagnostic]) -> str:
    """`place: severity[code] message`, a line each; `[*]` before what `--fix` puts right."""
    return "\n".join(_line(found) for found in findings)


def _line(found: Diagnostic) -> str:
    place = f"{found.span}: " if found.span else ""
    return f"{place}{found.severity}[{found.code}] {found.mark}{' '.join(found.message.split())}"
