"""The exception that carries a coded finding out of any part of the tool."""

from langferry.diagnostics.diagnostic import Diagnostic
from langferry.diagnostics.span import Span
from langferry.diagnostics.table import lookup


class Failure(Exception):
    """Work could not go on. `diagnostic` says what, where and what to do next.

    Args:
        code: a code of the table, e.g. "LF101".
        message: the words for this place; lower-case, naming the offender.
        span: where in the user's files, if anywhere.
        help: the next step; the table's own when None.
    """

    def __init__(
        self, code: str, message: str, span: Span | None = None, help: str | None = None
    ) -> None:
        self.diagnostic = Diagnostic(
            code, "error", message, span, help if help is not None else lookup(code).next_step
        )
        super().__init__(f"{code}: {message}")
