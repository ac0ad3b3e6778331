"""Codes of family LF5: validation."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
)
