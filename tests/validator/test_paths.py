"""Paths read as a programmer would write them."""

import pytest

from langferry.validator.paths import Path, written


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("log", 3), "log[3]"),
        (("expenses", 0, "amount"), "expenses[0].amount"),
        (("counts", "two words", "x"), "counts['two words'].x"),
        (("two words",), "two words"),
        ((0, "a"), "[0].a"),
    ],
)
def test_written(path: Path, text: str) -> None:
    assert written(path) == text
