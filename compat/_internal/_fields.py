"""Stands in for `langgraph._internal._fields`: what a class says of its fields."""

import dataclasses
import types
from collections.abc import Iterator
from typing import (
    Annotated,
    Any,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic_core import PydanticUndefined

from langferry.graph.fields import annotated_keys as get_cached_annotated_keys
from langferry.graph.fields import as_tuples as get_update_as_tuples

__all__ = (
    "get_cached_annotated_keys",
    "get_enhanced_type_hints",
    "get_field_default",
    "get_update_as_tuples",
)


def get_field_default(name: str, type_: Any, schema: type[Any]) -> Any:
    """What a key of a state is when it is not given; `...` if it has to be."""
    required = _is_required_type(type_)
    if name in getattr(schema, "__optional_keys__", ()):
        return ... if required else None
    if required is not None:
        return ... if required else None
    if dataclasses.is_dataclass(schema):
        for field in dataclasses.fields(schema):
            if field.name != name:
                continue
            if field.default not in (dataclasses.MISSING, ...):
                return field.default
            if field.default_factory is not dataclasses.MISSING:
                return field.default_factory()
    return None if _is_optional_type(type_) else ...


def get_enhanced_type_hints(type: type[Any]) -> Iterator[tuple[str, Any, Any, str | None]]:
    """Name, type, default and description of every field; `None` for what is not said."""
    models = getattr(type, "model_fields", {})
    for name, hint in get_type_hints(type).items():
        field = models.get(name)
        default = None if field is None else field.default
        if default is PydanticUndefined:
            default = None
        default = vars(type).get(name, default)
        yield name, hint, default, None if field is None else field.description


def _is_optional_type(type_: Any) -> bool:
    """Whether `None` is among the values of a type."""
    if type_ is None:
        return True
    origin = get_origin(type_)
    if origin in (Union, types.UnionType):
        return any(arg is types.NoneType or _is_optional_type(arg) for arg in get_args(type_))
    if origin is Annotated:
        return _is_optional_type(get_args(type_)[0])
    bound = getattr(type_, "__bound__", None)
    return bound is not None and _is_optional_type(bound)


def _is_required_type(type_: Any) -> bool | None:
    """Whether an annotation is `Required`; `None` if it does not say."""
    origin = get_origin(type_)
    if origin in (Required, NotRequired):
        return origin is Required
    return _is_required_type(get_args(type_)[0]) if origin is Annotated else None
