"""Commands by which GitHub Actions marks lines of a change.

Format: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Sequence
from typing import Final

from langferry.diagnostics.diagnostic import Diagnostic, Severity

_LEVEL: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def github(findings: Sequence[Diagnostic]) -> str:
    """A command a finding. Nothing in a message can begin a command of its own."""
    return "\n".join(_command(found) for found in findings)


def _command(found: Diagnostic) -> str:
    properties = {"title": found.code}
    if found.span is not None:
        properties |= {
            "file": found.span.file,
            "line": str(found.span.line),
            "col": str(found.span.column + 1),
            "endLine": str(found.span.end_line),
        }
        # a column of another line would be taken for one of the first
        if found.span.end_line == found.span.line:
            properties["endColumn"] = str(found.span.end_column)
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    fix = None if found.fix is None else f"Fix ({found.fix.applicability}): {found.fix.message}"
    text = "\n".join(x for x in (found.message, found.help, fix) if x is not None)
    return f"::{_LEVEL[found.severity]} {told}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
