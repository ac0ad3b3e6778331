"""Stands in for `langgraph._internal._pydantic`: models made of a state's keys."""

import dataclasses
import sys
import typing
from typing import Any

import typing_extensions
from langchain_core.utils.pydantic import create_model_v2
from pydantic import BaseModel
from pydantic.fields import FieldInfo

__all__ = ("create_model", "get_fields", "is_supported_by_pydantic")


def create_model(
    model_name: str, *, field_definitions: dict[str, Any] | None = None, root: Any = None
) -> type[BaseModel]:
    """A model of fields, or of one value.

    Args:
        model_name: The name of the class.
        field_definitions: Pairs of type and default by name.
        root: The type of the one value, or a pair of type and default.

    Raises:
        NotImplementedError: If both are given.
    """
    model: type[BaseModel] = create_model_v2(
        model_name, field_definitions=field_definitions, root=root
    )
    return model


def get_fields(model: type[BaseModel] | BaseModel) -> dict[str, FieldInfo]:
    """The fields of a model, or of a model's class, by name.

    Raises:
        TypeError: For anything else.
    """
    fields = getattr(model, "model_fields", None) or getattr(model, "__fields__", None)
    if fields is None:
        raise TypeError(f"Expected a Pydantic model. Got {type(model)}")
    return dict(fields)


def is_supported_by_pydantic(type_: Any) -> bool:
    """Whether pydantic can make a schema of a class of fields, its own models among them."""
    if dataclasses.is_dataclass(type_):
        return True
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        return True
    bases = getattr(type_, "__orig_bases__", ())
    if typing_extensions.TypedDict in bases:
        return True
    # pydantic knows the standard library's own only since it is like typing_extensions'
    return sys.version_info >= (3, 12) and typing.TypedDict in bases
