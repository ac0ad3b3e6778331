"""Compares encoded values, strictly as Python can tell them apart, and shows them as Python writes them."""

from typing import Any

import msgspec

from langferry.validator.paths import Path

ABSENT = msgspec.UNSET

_SEQUENCES = ("tuple", "set", "frozenset")


class Difference(msgspec.Struct, frozen=True):
    """Where two encoded values first differ.

    Attributes:
        path: the keys and positions that lead there.
        expected: the encoded value there, or `ABSENT`.
        actual: the encoded value there, or `ABSENT`.
        order_only: both dicts hold the same, in another order of keys.
    """

    path: Path
    expected: Any
    actual: Any
    order_only: bool = False


def same(expected: Any, actual: Any) -> bool:
    """Whether two encoded values are equal, of the same types and in the same order."""
    return msgspec.json.encode(expected) == msgspec.json.encode(actual)


def first_difference(expected: Any, actual: Any, path: Path = ()) -> Difference | None:
    """Where two encoded values first differ; None when they do not."""
    if same(expected, actual):
        return None
    if isinstance(expected, list) and isinstance(actual, list):
        return _in_lists(expected, actual, path)
    if isinstance(expected, dict) and isinstance(actual, dict):
        tag = expected.get("$type")
        if tag is None and "$type" not in actual:
            return _in_dicts(expected, actual, path)
        if tag == actual.get("$type"):
            if tag == "tuple":
                return _in_lists(expected["items"], actual["items"], path)
            if tag == "object" and expected["class"] == actual["class"]:
                return first_difference(expected["fields"], actual["fields"], path)
    return Difference(path, expected, actual)


def differs_in_type_only(expected: Any, actual: Any) -> bool:
    """Whether two values that differ say the same in another type: 1 and 1.0, True and 1, "1" and 1,
    a tuple and a list."""
    if kind_of(expected) == kind_of(actual) or ABSENT in (expected, actual):
        return False
    left, right = _content(expected), _content(actual)
    if left is None or right is None:
        return False
    return bool(left == right) or str(left) == str(right)


def kind_of(encoded: Any) -> str:
    """The name of the Python type that `encoded` stands for."""
    if encoded is None:
        return "None"
    if isinstance(encoded, dict):
        tag = str(encoded.get("$type", "dict"))
        return str(encoded["class"]) if tag in ("object", "enum") else tag
    return type(encoded).__name__


def shown(encoded: Any) -> str | None:
    """An encoded value as Python would write it; None for `ABSENT`."""
    if encoded is ABSENT:
        return None
    if isinstance(encoded, list):
        return f"[{_joined(encoded)}]"
    if not isinstance(encoded, dict):
        return repr(encoded)
    match encoded.get("$type"):
        case None:
            return "{" + ", ".join(f"{k!r}: {shown(v)}" for k, v in encoded.items()) + "}"
        case "int" | "float":
            return str(encoded["value"])
        case "tuple":
            items = encoded["items"]
            return f"({_joined(items)},)" if len(items) == 1 else f"({_joined(items)})"
        case "set":
            return f"{{{_joined(encoded['items'])}}}" if encoded["items"] else "set()"
        case "frozenset":
            return f"frozenset({{{_joined(encoded['items'])}}})"
        case "dict":
            return "{" + ", ".join(f"{shown(k)}: {shown(v)}" for k, v in encoded["items"]) + "}"
        case "enum":
            return f"{encoded['class']}.{encoded['name']}"
        case "object":
            fields = encoded["fields"]
            if "$type" in fields:
                return f"{encoded['class']}({shown(fields)})"
            inside = ", ".join(f"{name}={shown(value)}" for name, value in fields.items())
            return f"{encoded['class']}({inside})"
        case "timedelta":
            parts = ", ".join(f"{k}={v}" for k, v in encoded.items() if k != "$type")
            return f"timedelta({parts})"
        case tag:
            return f"{tag}({encoded.get('value')!r})"


def _in_lists(expected: list[Any], actual: list[Any], path: Path) -> Difference | None:
    for position, (left, right) in enumerate(zip(expected, actual, strict=False)):
        if found := first_difference(left, right, (*path, position)):
            return found
    shorter = min(len(expected), len(actual))
    left = expected[shorter] if shorter < len(expected) else ABSENT
    right = actual[shorter] if shorter < len(actual) else ABSENT
    return Difference((*path, shorter), left, right)


def _in_dicts(expected: dict[str, Any], actual: dict[str, Any], path: Path) -> Difference | None:
    for key, value in expected.items():
        if key not in actual:
            return Difference((*path, key), value, ABSENT)
        if found := first_difference(value, actual[key], (*path, key)):
            return found
    for key, value in actual.items():
        if key not in expected:
            return Difference((*path, key), ABSENT, value)
    return Difference(path, expected, actual, order_only=True)


def _content(encoded: Any) -> Any:
    """What a value says, whatever its type; None when it has no other spelling."""
    if isinstance(encoded, dict):
        if encoded.get("$type") in _SEQUENCES:
            return encoded["items"]
        if encoded.get("$type") == "int":
            return int(encoded["value"])
        return encoded.get("value") if "$type" in encoded else None
    return encoded


def _joined(items: list[Any]) -> str:
    return ", ".join(str(shown(item)) for item in items)
