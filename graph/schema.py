"""Reads the keys of a state class: their channels, managed values and how to build the class."""

import dataclasses
import inspect
import sys
import typing
import warnings
import weakref
from collections.abc import Callable
from typing import Any, NotRequired, Required, get_args, get_origin, get_type_hints

from langferry.graph.channels import Channel
from langferry.graph.constants import ROOT
from langferry.graph.errors import Unsupported
from langferry.graph.managed import Managed, is_managed

_with_fields: weakref.WeakSet[type] = weakref.WeakSet()


@dataclasses.dataclass(frozen=True, slots=True)
class Schema:
    """The keys of one state class, channels before managed values."""

    channels: dict[str, Channel]
    managed: dict[str, Managed]

    @property
    def keys(self) -> list[str]:
        """Every key in reading order."""
        return [*self.channels, *self.managed]

    def __contains__(self, key: object) -> bool:
        """Whether there is such a key; LangGraph's schemas are dicts, and are asked so."""
        return key in self.channels or key in self.managed


def read_schema(schema: Any) -> Schema:
    """Read a state class.

    Raises:
        ValueError: If a reducer does not take two arguments.
        Unsupported: LF403 for a kind of channel the engine does not have.
    """
    warn_invalid_schema(schema)
    if not hasattr(schema, "__annotations__"):
        return Schema({ROOT: _read_channel(ROOT, schema)}, {})
    channels: dict[str, Channel] = {}
    managed: dict[str, Managed] = {}
    for name, annotation in get_type_hints(schema, include_extras=True).items():
        if name == "__slots__":
            continue
        key = read_key(name, annotation)
        if isinstance(key, Channel):
            channels[name] = key
        else:
            managed[name] = key
    return Schema(channels, managed)


def read_key(name: str, annotation: Any) -> Channel | Managed:
    """Read the annotation of one key.

    Raises:
        ValueError: If a reducer does not take two arguments.
        Unsupported: LF403 for a kind of channel the engine does not have.
    """
    annotation = _without_requiredness(annotation)
    managed = _find_managed(annotation)
    return _read_channel(name, annotation) if managed is None else managed


def warn_invalid_schema(schema: Any) -> None:
    """Warn of a state class that is none."""
    if not isinstance(schema, type) and not get_args(schema):
        warnings.warn(
            f"Invalid state_schema: {schema}. Expected a type or Annotated[type, reducer]. "
            "Please provide a valid schema to ensure correct updates.\n"
            " See: https://langchain-ai.github.io/langgraph/reference/graphs/#stategraph",
            stacklevel=5,
        )


def coercion(keys: list[str], schema: Any) -> Callable[..., Any] | None:
    """The class to build from a state dict, for schemas that are not plain dicts."""
    if keys == [ROOT] or not inspect.isclass(schema):
        return None
    if dataclasses.is_dataclass(schema) or _is_pydantic_class(schema):
        return schema
    return None


def has_fields(hint: Any) -> bool:
    """Whether an annotation names a class that can serve as an input schema."""
    if not isinstance(hint, type):
        return False
    if hint in _with_fields:
        return True
    has_some = bool(get_type_hints(hint))
    if has_some:
        _with_fields.add(hint)
    return has_some


def _is_pydantic_class(schema: type) -> bool:
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and issubclass(schema, pydantic.BaseModel)


def _without_requiredness(annotation: Any) -> Any:
    if getattr(annotation, "__origin__", None) in (Required, NotRequired):
        return annotation.__args__[0]
    return annotation


def _find_managed(annotation: Any) -> Managed | None:
    metadata = getattr(annotation, "__metadata__", ())
    if metadata:
        last = get_origin(metadata[-1]) or metadata[-1]
        if is_managed(last):
            return typing.cast(Managed, last)
    if get_origin(annotation) is not None and (args := get_args(annotation)) and args[0]:
        return _find_managed(args[0])
    return None


def _read_channel(name: str, annotation: Any) -> Channel:
    metadata = getattr(annotation, "__metadata__", ())
    for item in metadata:
        kind = getattr(item, "langferry_channel", None)
        if kind is not None:
            channel: Channel = kind(annotation)
            return channel
    for item in metadata:
        if hasattr(item, "is_available") and hasattr(item, "from_checkpoint"):
            raise Unsupported(
                "LF403",
                f"the key {name!r} is a {getattr(item, '__name__', type(item).__name__)} channel; "
                "use a plain key or a reducer function",
            )
    if metadata and callable(metadata[-1]):
        reducer = metadata[-1]
        signature = inspect.signature(reducer)
        positional = [
            p
            for p in signature.parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
        if len(positional) != 2:
            raise ValueError(f"Invalid reducer signature. Expected (a, b) -> c. Got {signature}")
        return Channel(annotation, reducer)
    return Channel(annotation)
