"""What wiring replaces in texts by regular expressions, and what it leaves alone."""

import re

import pytest

from langferry.converter.wiring.operations import TooCostly, replaced


@pytest.mark.parametrize(
    ("pattern", "by", "text"),
    [(r"\s+", "_", " a  b\t"), ("[^a-z0-9]", "", "a-B_2"), ("x", "yy", "xx"), (r"\.", "", "a.b")],
)
def test_as_python_does(pattern: str, by: str, text: str) -> None:
    assert replaced(pattern, by, text) == re.sub(pattern, by, text)


@pytest.mark.parametrize(
    ("pattern", "by", "text"),
    [("(a+)+$", "", "a"), ("a*b*c", "", "a"), ("a", r"\g<0>", "a"), ("", "x" * 10**6, "a" * 10**6)],
)
def test_what_may_cost_too_much(pattern: str, by: str, text: str) -> None:
    with pytest.raises(TooCostly):
        replaced(pattern, by, text)
