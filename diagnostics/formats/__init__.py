"""Findings as text that other tools read, one module a format.

`FORMATS` has a function for each: findings in, the whole text out, without a newline at its end.
"""

from collections.abc import Callable, Sequence
from typing import Final

from langferry.diagnostics.diagnostic import Diagnostic
from langferry.diagnostics.formats.concise import concise
from langferry.diagnostics.formats.github import github
from langferry.diagnostics.formats.junit import junit
from langferry.diagnostics.formats.markdown import markdown
from langferry.diagnostics.formats.sarif import sarif

Format = Callable[[Sequence[Diagnostic]], str]

FORMATS: Final[dict[str, Format]] = {
    "concise": concise,
    "github": github,
    "junit": junit,
    "markdown": markdown,
    "sarif": sarif,
}

__all__ = ["FORMATS", "Format"]
