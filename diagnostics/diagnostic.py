"""One finding: a code, the words for this place, and the place."""

from typing import Literal

import msgspec

Severity = Literal["error", "warning", "info"]


class Place(msgspec.Struct, frozen=True):
    """Where the finding stands; lines from 1, columns from 0 in code points."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding. `help` is the next step for the user; `place` is None for whole-program ones."""

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    help: str | None = None
