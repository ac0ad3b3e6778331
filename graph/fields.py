"""Reads the declared fields of an object that stands for a state update."""

import sys
import types
import weakref
from collections.abc import Sequence
from typing import Any, Final

MISSING: Final = object()

_keys: weakref.WeakKeyDictionary[type, tuple[str, ...]] = weakref.WeakKeyDictionary()


def annotated_keys(cls: type) -> tuple[str, ...]:
    """The names annotated in a class and its bases, bases first."""
    known = _keys.get(cls)
    if known is None:
        names: list[str] = []
        for base in reversed(cls.__mro__):
            annotations = base.__dict__.get("__annotations__")  # noqa: RUF063 own ones only
            if annotations is None:
                annotations = getattr(base, "__annotations__", None)
            if annotations is not None and not isinstance(annotations, types.GetSetDescriptorType):
                names.extend(annotations)
        known = _keys.setdefault(cls, tuple(names))
    return known


def is_pydantic(value: object) -> bool:
    """Whether a value is a pydantic model, without importing pydantic for it."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(value, pydantic.BaseModel)


def as_tuples(update: Any, keys: Sequence[str]) -> list[tuple[str, Any]]:
    """The fields of `update` that count as written.

    A `None` counts only when a pydantic model was given it, or would not have had it anyway.
    """
    given: set[str] = set()
    defaults: dict[str, Any] = {}
    if is_pydantic(update):
        given = update.model_fields_set
        defaults = {k: v.default for k, v in type(update).model_fields.items()}
    written = []
    for key in keys:
        value = getattr(update, key, MISSING)
        if value is MISSING:
            continue
        if value is not None or defaults.get(key, MISSING) is not None or key in given:
            written.append((key, value))
    return written
