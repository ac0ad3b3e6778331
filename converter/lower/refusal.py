"""Why a function cannot be native, found while lowering it."""

from langferry.diagnostics import Span
from langferry.model.program import Reason


class Refusal(Exception):
    """Lowering stops: `reason` goes into the model, and the function to CPython."""

    def __init__(self, code: str, message: str, span: Span) -> None:
        self.reason = Reason(code, message, span)
        super().__init__(f"{span}: {code}: {message}")
