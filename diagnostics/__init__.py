"""Coded diagnostics: one table of codes, and the findings that carry them."""

from langferry.diagnostics.code import Code, Remedy
from langferry.diagnostics.diagnostic import Diagnostic, Severity
from langferry.diagnostics.failure import Failure
from langferry.diagnostics.fix import Applicability, Edit, Fix
from langferry.diagnostics.span import Span
from langferry.diagnostics.table import TABLE, lookup

__all__ = [
    "TABLE",
    "Applicability",
    "Code",
    "Diagnostic",
    "Edit",
    "Failure",
    "Fix",
    "Remedy",
    "Severity",
    "Span",
    "lookup",
]
