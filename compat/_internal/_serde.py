"""Stands in for `langgraph._internal._serde`: the classes a saver may make of what it has stored.

With `LANGGRAPH_STRICT_MSGPACK` a saver makes objects only of the classes it was told of, since what
is stored may have been tampered with. A graph tells it of those its own types name.
"""

import dataclasses
import sys
import types
from collections import deque
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import (
    Annotated,
    Any,
    Final,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from langchain_core import messages
from langgraph.checkpoint.serde._msgpack import STRICT_MSGPACK_ENABLED
from pydantic import BaseModel
from typing_extensions import is_typeddict

__all__ = (
    "STRICT_MSGPACK_ENABLED",
    "apply_checkpointer_allowlist",
    "build_serde_allowlist",
    "collect_allowlist_from_schemas",
    "curated_core_allowlist",
)

Allowlist = set[tuple[str, ...]]

_MESSAGES: Final = ("AI", "Base", "Chat", "Function", "Human", "System", "Tool")
_HOLDERS: Final = (list, set, tuple, dict, deque, frozenset, Union, types.UnionType)


def apply_checkpointer_allowlist(checkpointer: Any, allowlist: Allowlist | None) -> Any:
    """A saver that may make the classes of a list, too; what is no saver is given back."""
    if allowlist is None or checkpointer in (None, True, False):
        return checkpointer
    return checkpointer.with_allowlist(allowlist)


def build_serde_allowlist(
    *, schemas: Sequence[Any] | None = None, channels: dict[str, Any] | None = None
) -> Allowlist:
    """The classes a graph of these types and channels stores, messages among them."""
    given = [schema for schema in schemas or () if schema is not None]
    return curated_core_allowlist() | collect_allowlist_from_schemas(
        schemas=given, channels=channels
    )


def curated_core_allowlist() -> Allowlist:
    """langchain's messages."""
    names = [f"{kind}Message{chunk}" for kind in _MESSAGES for chunk in ("", "Chunk")]
    classes = [getattr(messages, name) for name in (*names, "RemoveMessage")]
    return {(cls.__module__, cls.__name__) for cls in classes}


def collect_allowlist_from_schemas(
    *, schemas: Sequence[Any] | None = None, channels: dict[str, Any] | None = None
) -> Allowlist:
    """The models, dataclasses and enums that types name, at any depth."""
    waiting = list(schemas or ())
    for channel in (channels or {}).values():
        waiting += [getattr(channel, "ValueType", None), getattr(channel, "UpdateType", None)]
    allowed: Allowlist = set()
    seen: list[Any] = []
    known: set[Any] = set()
    for named in waiting:
        if _is_known(named, known, seen):
            continue
        if _is_stored_by_class(named):
            allowed.add((named.__module__, named.__name__))
        waiting.extend(_named_within(named))
    return allowed


def _is_known(named: Any, known: set[Any], seen: list[Any]) -> bool:
    """Whether a type was met before; remembers it. Some cannot be hashed."""
    try:
        if named in known:
            return True
        known.add(named)
    except TypeError:
        if any(named is other for other in seen):
            return True
        seen.append(named)
    return False


def _is_stored_by_class(named: Any) -> bool:
    return isinstance(named, type) and (
        _is_model(named) or dataclasses.is_dataclass(named) or issubclass(named, Enum)
    )


def _named_within(named: Any) -> Iterator[Any]:
    origin = get_origin(named)
    if origin in (Annotated, Required, NotRequired):
        yield get_args(named)[0]
    elif origin in _HOLDERS:
        yield from get_args(named)
    elif hasattr(named, "__supertype__"):
        yield named.__supertype__
    elif is_typeddict(named) or _is_model(named) or dataclasses.is_dataclass(named):
        yield from _fields(named)


def _fields(cls: Any) -> Iterator[Any]:
    """The types of a class's fields; unresolved ones count for nothing they could name."""
    module = sys.modules.get(getattr(cls, "__module__", ""))
    try:
        hints = get_type_hints(cls, vars(module) if module else None, dict(vars(cls)), True)
    except Exception:
        hints = {}
    if hints or is_typeddict(cls):
        yield from hints.values()
    elif dataclasses.is_dataclass(cls):
        yield from (field.type for field in dataclasses.fields(cls))
    else:
        fields = getattr(cls, "model_fields", None) or getattr(cls, "__fields__", {})
        for field in fields.values():
            yield getattr(field, "outer_type_", None) or getattr(field, "annotation", None)


def _is_model(named: Any) -> bool:
    if not isinstance(named, type):
        return False
    old = sys.modules.get("pydantic.v1")
    return issubclass(named, BaseModel) or (old is not None and issubclass(named, old.BaseModel))
