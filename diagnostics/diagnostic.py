"""One finding: a code, the words for this place, and the place."""

from typing import Literal

import msgspec

from langferry.diagnostics.span import Span

Severity = Literal["error", "warning", "info"]


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding. `help` is the next step for the user; `span` is None for whole-program ones."""

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    help: str | None = None
