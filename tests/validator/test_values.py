"""Encoded values are compared as strictly as Python can tell them apart, and shown as Python."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langferry.validator.encoding import encode
from langferry.validator.values import (
    ABSENT,
    Difference,
    differs_in_type_only,
    first_difference,
    kind_of,
    same,
    shown,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.tuples(inner)
    ),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_there_is_a_difference_exactly_when_values_are_not_the_same(left: Any, right: Any) -> None:
    one, other = encode(left), encode(right)
    assert first_difference(one, one) is None
    assert (first_difference(one, other) is None) == same(one, other)


@pytest.mark.parametrize(
    ("expected", "actual", "difference"),
    [
        ([1, 2], [1, 3], Difference((1,), 2, 3)),
        ([1], [1, 3], Difference((1,), ABSENT, 3)),
        ({"a": 1, "b": 2}, {"a": 1}, Difference(("b",), 2, ABSENT)),
        ({"a": 1}, {"a": 1, "b": 2}, Difference(("b",), ABSENT, 2)),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, Difference((), *[{"a": 1, "b": 2}] * 2, True)),
        ((1, 2), (1, 5), Difference((1,), 2, 5)),
        (0.0, -0.0, Difference((), 0.0, -0.0)),
        (1, True, Difference((), 1, True)),
        (Counter(a=1), Counter(a=2), Difference(("a",), 1, 2)),
    ],
)
def test_where_values_differ(expected: Any, actual: Any, difference: Difference) -> None:
    assert first_difference(encode(expected), encode(actual)) == difference


@pytest.mark.parametrize(
    ("left", "right", "only"),
    [
        (1, 1.0, True),
        (1, True, True),
        ("1", 1, True),
        ([1], (1,), True),
        (2**70, float(2**70), True),
        (date(2026, 1, 1), "2026-01-01", True),
        (1, 2.0, False),
        (1, 2, False),
        (None, 0, False),
        ([], {}, False),
    ],
)
def test_which_values_differ_in_type_only(left: Any, right: Any, only: bool) -> None:
    assert differs_in_type_only(encode(left), encode(right)) is only
    assert differs_in_type_only(encode(right), encode(left)) is only


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (None, "None", "None"),
        ("it's", '"it\'s"', "str"),
        (1.0, "1.0", "float"),
        (2**64, "18446744073709551616", "int"),
        (float("nan"), "nan", "float"),
        ((1,), "(1,)", "tuple"),
        (set(), "set()", "set"),
        ({"a": [1, True]}, "{'a': [1, True]}", "dict"),
        ({1: 2}, "{1: 2}", "dict"),
        (date(2026, 1, 2), "date('2026-01-02')", "date"),
        (timedelta(days=1), "timedelta(days=1, seconds=0, microseconds=0)", "timedelta"),
        (Counter(a=1), "collections.Counter(a=1)", "collections.Counter"),
    ],
)
def test_values_are_shown_as_python_writes_them(value: Any, text: str, kind: str) -> None:
    assert shown(encode(value)) == text
    assert kind_of(encode(value)) == kind
