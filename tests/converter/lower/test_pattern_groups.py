"""A group that a match may lack is never taken for one that it has."""

import re

import pytest

from langferry.converter.lower.pattern_groups import groups_always_found


@pytest.mark.parametrize(
    ("pattern", "expected", "text"),
    [
        ("(#.*)", {1}, "#"),
        ("(a)(b)?(c)*(d)+(e){0,2}(f){2}", {1, 4, 6}, "adff"),
        ("(a)|(b)", set(), "b"),
        ("(?:(a)|(b))(c)", {3}, "bc"),
        ("(?:b(?P<n>c))+", {1, "n"}, "bc"),
        ("(?=(a))a(?!(b))", {1}, "ac"),
        ("(a)?(?(1)(b)|(c))", set(), "c"),
        ("((a)|b)", {1}, "b"),
        ("(?x) ( a ) # (b)", {1}, "a"),
        ("(?i:(a))(?>(b))", {1, 2}, "Ab"),
        ("(", set(), ""),
    ],
)
def test_groups(pattern: str, expected: set[int | str], text: str) -> None:
    assert groups_always_found(pattern) == expected
    if expected or text:
        match = re.search(pattern, text)
        assert match is not None
        assert all(match.group(group) is not None for group in expected)
