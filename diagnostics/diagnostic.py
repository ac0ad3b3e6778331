"""One finding: a code, the words for this place, and the place."""

from typing import Literal

import msgspec

from langferry.diagnostics.fix import Fix
from langferry.diagnostics.span import Span

Severity = Literal["error", "warning", "info"]


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding. `help` is the next step for the user; `span` is None for whole-program ones.

    `fix` is how this one is put right, where that is known.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    help: str | None = None
    fix: Fix | None = None

    @property
    def mark(self) -> str:
        """How one-line output says that `migrate check` has edits for it."""
        if self.fix is None or not self.fix.edits:
            return ""
        return "[*] " if self.fix.applicability == "safe" else f"[*{self.fix.applicability}] "
