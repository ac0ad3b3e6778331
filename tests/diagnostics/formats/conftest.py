"""Findings whose words would break out of each format, were they taken as they are."""

import pytest

from langferry.diagnostics import Diagnostic, Span


@pytest.fixture
def refused() -> Diagnostic:
    """An error over several lines of a file with a hard name."""
    return Diagnostic(
        "LF201",
        "error",
        "it holds 100 %, | a <b> & `code|d` \x00\n::error::x",
        Span("a b,c:d.py", 3, 4, 5, 6),
        "Make it a\nconstant.",
    )


@pytest.fixture
def told() -> Diagnostic:
    """A hint at one place."""
    return Diagnostic("LF303", "info", "`f` stays Python", Span("m.py", 7, 0, 7, 9))


@pytest.fixture
def placeless() -> Diagnostic:
    """A warning about the program as a whole."""
    return Diagnostic("LF222", "warning", "its saver is not carried over")
