"""Writes plain data as the model's constants, and as Python source that makes it anew."""

import base64
import json
import math
from typing import Any

from langferry.model.constants import Constant


def encode(value: object) -> Constant:
    """The constant of plain data, in the trace's encoding.

    Raises:
        ValueError: the encoding has no form for it.
    """
    return Constant(json.dumps(_encoded(value), ensure_ascii=False, separators=(",", ":")))


def encode_member(class_name: str, name: str) -> Constant:
    """The constant of a member of the enum with this qualified name."""
    data = {"$type": "enum", "class": class_name, "name": name}
    return Constant(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _encoded(value: object) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            if -(2**63) <= value < 2**63:
                return value
            return {"$type": "int", "value": str(value)}
        case float():
            return value if math.isfinite(value) else {"$type": "float", "value": repr(value)}
        case list():
            return [_encoded(item) for item in value]
        case tuple():
            return {"$type": "tuple", "items": [_encoded(item) for item in value]}
        case set() | frozenset():
            kind = "set" if isinstance(value, set) else "frozenset"
            items = sorted((_encoded(item) for item in value), key=_canonical)
            return {"$type": kind, "items": items}
        case dict():
            if all(isinstance(key, str) and key != "$type" for key in value):
                return {key: _encoded(item) for key, item in value.items()}
            pairs = [[_encoded(key), _encoded(item)] for key, item in value.items()]
            return {"$type": "dict", "items": pairs}
        case bytes():
            return {"$type": "bytes", "value": base64.b64encode(value).decode()}
    raise ValueError(f"{type(value).__name__} has no encoding")


def source(value: object) -> str:
    """A Python expression that makes `value` anew.

    Raises:
        ValueError: there is none.
    """
    encode(value)
    return _source(value)


def _source(value: object) -> str:
    match value:
        case float() if not math.isfinite(value):
            return f'float("{value!r}")'
        case list():
            return f"[{', '.join(map(_source, value))}]"
        case tuple():
            return f"({', '.join(map(_source, value))}{',' if len(value) == 1 else ''})"
        case set() | frozenset():
            # a set is made from a list, so that an empty one is not a dict
            listed = ", ".join(sorted(map(_source, value)))
            return f"{type(value).__name__}([{listed}])"
        case dict():
            pairs = (f"{_source(key)}: {_source(item)}" for key, item in value.items())
            return f"{{{', '.join(pairs)}}}"
    return ascii(value)


def _canonical(item: object) -> str:
    return json.dumps(item, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
