"""Directives that native code knows."""

import pytest

from langferry.converter.lower.time_formats import unknown_directive


@pytest.mark.parametrize("text", ["", "%Y-%m-%d", "%-d. %B", "%%E", "100 %", "%%%-j%Z"])
def test_known(text: str) -> None:
    assert unknown_directive(text) is None


@pytest.mark.parametrize(
    ("text", "found"), [("%Y %Q", "%Q"), ("%-f", "%-f"), ("%-", "%-"), ("%Ey", "%E"), ("%:z", "%:")]
)
def test_unknown(text: str, found: str) -> None:
    assert unknown_directive(text) == found
