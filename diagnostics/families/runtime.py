"""Codes of family LF4: the Python runtime."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
)
