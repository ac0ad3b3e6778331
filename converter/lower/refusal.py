"""Why a function cannot be native, found while lowering it."""

import traceback
from pathlib import PurePath
from typing import NamedTuple

from langferry.diagnostics import Span
from langferry.model.program import Reason
from langferry.model.types import Type


class Wider(NamedTuple):
    """A local, and the type that it would have to be of for the function to be lowered."""

    name: str
    type: Type


class Refusal(Exception):
    """Lowering stops: `reason` goes into the model, and the function to CPython.

    Where a local is given what the type checker does not expect, `wider` tells what would hold that, too.
    """

    def __init__(self, code: str, message: str, span: Span, wider: Wider | None = None) -> None:
        self.reason = Reason(code, message, span)
        self.wider = wider
        super().__init__(f"{span}: {code}: {message}")


def failed(error: Exception, span: Span) -> Reason:
    """Why a function is not native at which the converter itself failed with `error`."""
    at = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{PurePath(at.filename).name}:{at.lineno}"
    return Reason("LF313", f"the converter failed: {type(error).__name__}: {error} ({place})", span)
