"""Codes of family LF6: code generation and building."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
)
