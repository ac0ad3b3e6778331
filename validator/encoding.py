"""Turns Python values into the trace's encoding, and cases' values back into Python's.

The encoding is fixed by "The trace's encoding of values" in the architecture page.
"""

import base64
import collections
import dataclasses
import importlib
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.paths import Path, written

_INT64 = range(-(2**63), 2**63)

_MESSAGE_TEXT = "langchain_core.messages.base.TextAccessor"
"""The class of a message's `text`: a str that may be called, too, and is stored as a str."""


def encode(value: Any, path: Path = ()) -> Any:
    """`value` as the trace writes it: JSON data whose key order is kept.

    Args:
        value: any Python value.
        path: where the value stands, for the message when it cannot be encoded.

    Raises:
        Failure: LF503, naming the path of what has no encoding.
    """
    try:
        return _encode(value, path, ())
    except RecursionError:
        raise Failure("LF503", f"{_place(path)} is nested too deeply") from None


def decode(encoded: Any, find_class: Callable[[str], Any] | None = None, path: Path = ()) -> Any:
    """The Python value that `encoded` stands for.

    Args:
        encoded: JSON data as `encode` gives it.
        find_class: finds a class by its qualified name; by import when None.
        path: where the value stands, for the message.

    Raises:
        Failure: LF504, naming the path of what does not follow the encoding.
    """
    return _Decoder(find_class or import_class).decode(encoded, path)


def class_name(cls: type) -> str:
    """The qualified name by which the trace names a class."""
    return f"{cls.__module__}.{cls.__qualname__}"


def import_class(name: str) -> Any:
    """The class with the qualified `name`.

    Raises:
        LookupError: no module holds it.
    """
    parts = name.split(".")
    for split in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:split]))
        except ImportError:
            continue
        try:
            for part in parts[split:]:
                found = getattr(found, part)
        except AttributeError:
            break
        return found
    raise LookupError(f"no class {name}")


def _encode(value: Any, path: Path, above: tuple[int, ...]) -> Any:
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        return value if value in _INT64 else {"$type": "int", "value": str(value)}
    if kind is float:
        return value if math.isfinite(value) else {"$type": "float", "value": str(value)}
    if kind is str or (isinstance(value, str) and class_name(kind) == _MESSAGE_TEXT):
        return _text(str(value), path)
    if id(value) in above:
        raise Failure("LF503", f"{_place(path)} contains itself")
    inside = (*above, id(value))
    if kind is list:
        return [_encode(item, (*path, i), inside) for i, item in enumerate(value)]
    if kind is dict:
        return _mapping(value, path, inside)
    if kind is tuple:
        items = [_encode(item, (*path, i), inside) for i, item in enumerate(value)]
        return {"$type": "tuple", "items": items}
    if kind in (set, frozenset):
        members = [_encode(item, path, inside) for item in value]
        return {"$type": kind.__name__, "items": sorted(members, key=msgspec.json.encode)}
    if kind is bytes:
        return {"$type": "bytes", "value": base64.b64encode(value).decode("ascii")}
    if kind in (datetime, date, time):
        return {"$type": kind.__name__, "value": value.isoformat()}
    if kind is timedelta:
        parts = {name: getattr(value, name) for name in ("days", "seconds", "microseconds")}
        return {"$type": "timedelta", **parts}
    if isinstance(value, Enum) and isinstance(value.name, str):
        return {"$type": "enum", "class": class_name(kind), "name": value.name}
    fields = _fields(value)
    if fields is not None:
        encoded = _mapping(fields, path, inside)
        return {"$type": "object", "class": class_name(kind), "fields": encoded}
    raise Failure("LF503", f"{_place(path)} is a {class_name(kind)}, which has no encoding")


def _fields(value: Any) -> Mapping[Any, Any] | None:
    """The named parts of a dataclass, a pydantic model, a named tuple or a kind of dict."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(kind)}
    if hasattr(kind, "model_fields") and hasattr(kind, "model_validate"):
        extra = getattr(value, "__pydantic_extra__", None) or {}
        return {**{name: getattr(value, name) for name in kind.model_fields}, **extra}
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return {name: getattr(value, name) for name in kind._fields}
    if isinstance(value, dict):
        return value
    return None


def _mapping(value: Mapping[Any, Any], path: Path, inside: tuple[int, ...]) -> Any:
    if all(type(key) is str for key in value) and "$type" not in value:
        return {
            _text(key, path): _encode(item, (*path, key), inside) for key, item in value.items()
        }
    items = [
        [_encode(key, path, inside), _encode(item, (*path, str(key)), inside)]
        for key, item in value.items()
    ]
    return {"$type": "dict", "items": items}


def _text(value: str, path: Path) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Failure("LF503", f"{_place(path)} is a str with a lone surrogate") from None
    return value


def _place(path: Path) -> str:
    return written(path) or "the value"


class _Decoder:
    def __init__(self, find_class: Callable[[str], Any]) -> None:
        self._find_class = find_class

    def decode(self, encoded: Any, path: Path) -> Any:
        if isinstance(encoded, list):
            return [self.decode(item, (*path, i)) for i, item in enumerate(encoded)]
        if not isinstance(encoded, dict):
            return encoded
        if "$type" not in encoded:
            return {key: self.decode(item, (*path, key)) for key, item in encoded.items()}
        try:
            return self._tagged(encoded, path)
        except (KeyError, TypeError, ValueError, LookupError) as error:
            reason = f"lacks {error}" if type(error) is KeyError else str(error)
            message = f"{_place(path)}: {encoded['$type']!r} {reason}"
            raise Failure("LF504", message) from error

    def _tagged(self, encoded: dict[str, Any], path: Path) -> Any:
        match encoded["$type"]:
            case "int":
                return int(encoded["value"])
            case "float":
                return float(encoded["value"])
            case "tuple":
                return tuple(self.decode(encoded["items"], path))
            case "set":
                return set(self.decode(encoded["items"], path))
            case "frozenset":
                return frozenset(self.decode(encoded["items"], path))
            case "dict":
                pairs = [self.decode(pair, path) for pair in encoded["items"]]
                return dict(pairs)
            case "bytes":
                return base64.b64decode(encoded["value"], validate=True)
            case "datetime":
                return datetime.fromisoformat(encoded["value"])
            case "date":
                return date.fromisoformat(encoded["value"])
            case "time":
                return time.fromisoformat(encoded["value"])
            case "timedelta":
                days, seconds = encoded["days"], encoded["seconds"]
                return timedelta(days, seconds, encoded["microseconds"])
            case "enum":
                return self._find_class(encoded["class"])[encoded["name"]]
            case "object":
                return self._object(encoded["class"], self.decode(encoded["fields"], path))
        raise ValueError("is no type of the encoding")

    def _object(self, name: str, fields: dict[Any, Any]) -> Any:
        cls: Any = self._find_class(name)
        make: Callable[..., Any] = cls
        if cls is collections.defaultdict:
            raise ValueError("of a defaultdict does not say what its default is")
        if isinstance(cls, type) and issubclass(cls, dict):
            return make(fields)
        if dataclasses.is_dataclass(cls):
            later = {f.name for f in dataclasses.fields(cls) if not f.init}
            made = make(**{key: value for key, value in fields.items() if key not in later})
            for key in later & fields.keys():
                object.__setattr__(made, key, fields[key])
            return made
        return make(**fields)
