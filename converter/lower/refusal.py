"""Why a function cannot be native, found while lowering it."""

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
