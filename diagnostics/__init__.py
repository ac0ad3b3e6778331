"""Coded diagnostics: one table of codes, and the findings that carry them."""

from langferry.diagnostics.code import Code
from langferry.diagnostics.diagnostic import Diagnostic, Severity
from langferry.diagnostics.failure import Failure
from langferry.diagnostics.span import Span
from langferry.diagnostics.table import TABLE, lookup

__all__ = ["TABLE", "Code", "Diagnostic", "Failure", "Severity", "Span", "lookup"]
