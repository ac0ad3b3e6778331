"""Codes of family LF3: function bodies."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
)
