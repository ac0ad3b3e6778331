"""Codes of family LF2: wiring and state."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
)
