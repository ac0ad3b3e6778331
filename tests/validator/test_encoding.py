"""Values go into the trace's encoding and come back the same."""

import collections
import math
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum, IntEnum
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage
from pydantic import BaseModel

from langferry.diagnostics import Failure
from langferry.validator.encoding import class_name, decode, encode

OFFSETS = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
HASHABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.none() | OFFSETS)
    | st.timedeltas(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=6,
)
VALUES = st.recursive(
    HASHABLE | st.sets(HASHABLE, max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.just("$type"), inner, max_size=4)
        | st.dictionaries(HASHABLE, inner, max_size=3)
        | st.tuples(inner)
    ),
    max_leaves=12,
)


class Colour(Enum):
    RED = 1


class Level(IntEnum):
    HIGH = 3


@dataclass
class Point:
    x: int
    tags: list[str]
    length: int = field(init=False, default=0)


@dataclass(frozen=True)
class Frozen:
    at: date


class Pair(NamedTuple):
    left: int
    right: str


class Order(BaseModel):
    id: int
    lines: list[str] = []
    point: Any = None


def through_text(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(encode(value)))


def same(left: Any, right: Any) -> bool:
    """Equal, and of the same types and key order all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        pairs = zip(left.items(), right.items(), strict=True)
        return len(left) == len(right) and all(same(a, b) for a, b in pairs)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return bool(left == right)


@given(VALUES)
def test_every_plain_value_comes_back_the_same(value: Any) -> None:
    assert same(decode(through_text(value)), value)


@given(VALUES)
def test_encoding_is_stable(value: Any) -> None:
    encoded = through_text(value)
    assert encode(decode(encoded)) == encoded


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (1, 1),
        (1.0, 1.0),
        (True, True),
        (2**63 - 1, 2**63 - 1),
        (2**63, {"$type": "int", "value": "9223372036854775808"}),
        (-(2**63) - 1, {"$type": "int", "value": "-9223372036854775809"}),
        (math.inf, {"$type": "float", "value": "inf"}),
        (-math.inf, {"$type": "float", "value": "-inf"}),
        (math.nan, {"$type": "float", "value": "nan"}),
        ((1, "a"), {"$type": "tuple", "items": [1, "a"]}),
        ({"b", "a"}, {"$type": "set", "items": ["a", "b"]}),
        ({10, 9}, {"$type": "set", "items": [10, 9]}),
        (frozenset({1}), {"$type": "frozenset", "items": [1]}),
        ({1: 2}, {"$type": "dict", "items": [[1, 2]]}),
        ({"$type": 2}, {"$type": "dict", "items": [["$type", 2]]}),
        (b"\x00\xff", {"$type": "bytes", "value": "AP8="}),
        (datetime(2026, 3, 6, 10, 15), {"$type": "datetime", "value": "2026-03-06T10:15:00"}),
        (date(2026, 3, 6), {"$type": "date", "value": "2026-03-06"}),
        (time(1, 2), {"$type": "time", "value": "01:02:00"}),
        (
            timedelta(days=-1, microseconds=5),
            {"$type": "timedelta", "days": -1, "seconds": 0, "microseconds": 5},
        ),
    ],
)
def test_encoding_is_as_the_architecture_says(value: Any, encoded: Any) -> None:
    assert same(encode(value), encoded)


def test_floats_keep_a_dot_in_text() -> None:
    assert msgspec.json.encode(encode([1.0, 1])) == b"[1.0,1]"


@pytest.mark.parametrize(
    "value",
    [
        Colour.RED,
        Level.HIGH,
        Frozen(date(2026, 1, 1)),
        Pair(1, "b"),
        Order(id=1, lines=["a"], point=Pair(2, "c")),
        collections.OrderedDict(b=1, a=2),
        collections.Counter({"x": 2}),
        HumanMessage("hello", id="1"),
        AIMessage("", tool_calls=[{"name": "f", "args": {"x": 1}, "id": "c"}], id="2"),
    ],
)
def test_objects_come_back_the_same(value: Any) -> None:
    assert decode(through_text(value)) == value
    assert type(decode(through_text(value))) is type(value)


def test_dataclass_carries_class_and_all_fields() -> None:
    point = Point(1, ["a"])
    point.length = 7
    encoded = encode(point)
    assert encoded == {
        "$type": "object",
        "class": f"{__name__}.Point",
        "fields": {"x": 1, "tags": ["a"], "length": 7},
    }
    assert decode(encoded) == point


def test_the_text_of_a_message_is_a_str() -> None:
    encoded = encode({"answer": AIMessage("42").text})
    assert encoded == {"answer": "42"}
    assert type(encoded["answer"]) is str


def test_message_carries_its_fields() -> None:
    encoded = encode(HumanMessage("hello", id="1"))
    assert encoded["class"] == "langchain_core.messages.human.HumanMessage"
    assert encoded["fields"]["content"] == "hello"
    assert encoded["fields"]["id"] == "1"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [1, object()]}, "a[1] is a builtins.object"),
        ({"a": {"two words": {3j}}}, "a['two words'] is a builtins.complex"),
        ({"f": len}, "f is a builtins.builtin_function_or_method"),
        ({"s": "\ud800"}, "s is a str with a lone surrogate"),
        (type("Text", (str,), {})("x"), "the value is a"),
    ],
)
def test_what_has_no_encoding_is_named_by_its_path(value: Any, words: str) -> None:
    with pytest.raises(Failure, match="LF503") as caught:
        encode(value)
    assert words in caught.value.diagnostic.message


def test_a_value_that_contains_itself_is_refused() -> None:
    ring: dict[str, Any] = {"next": []}
    ring["next"].append(ring)
    with pytest.raises(Failure, match=r"LF503: next\[0\] contains itself"):
        encode(ring)


@pytest.mark.parametrize(
    ("encoded", "words"),
    [
        ({"$type": "nothing"}, "is no type of the encoding"),
        ({"$type": "int"}, "lacks 'value'"),
        ({"$type": "int", "value": "x"}, "invalid literal"),
        ({"$type": "enum", "class": class_name(Colour), "name": "BLUE"}, "BLUE"),
        ({"$type": "object", "class": "no.such.Class", "fields": {}}, "no class no.such.Class"),
        ({"$type": "date", "value": "soon"}, "Invalid isoformat"),
    ],
)
def test_what_does_not_follow_the_encoding_is_named_by_its_path(encoded: Any, words: str) -> None:
    with pytest.raises(Failure, match="LF504") as caught:
        decode({"input": [encoded]})
    assert "input[0]: " in caught.value.diagnostic.message
    assert words in caught.value.diagnostic.message
