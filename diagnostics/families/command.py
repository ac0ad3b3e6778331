"""Codes of family LF7: the command line."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = ()
