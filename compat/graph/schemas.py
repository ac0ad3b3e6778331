"""The classes of a state as pydantic models and JSON Schema."""

import inspect
from typing import Any, get_type_hints

from langchain_core.utils.pydantic import create_model_v2
from pydantic import BaseModel, TypeAdapter
from typing_extensions import is_typeddict

from langferry.compat._internal._fields import get_field_default
from langferry.graph.constants import ROOT


def model_of(builder: Any, schema: Any, name: str) -> type[BaseModel]:
    """A model with the keys of a state class; the class itself if it is one."""
    if inspect.isclass(schema) and issubclass(schema, BaseModel):
        return schema
    keys = builder.schemas[schema].channels
    if list(keys) == [ROOT]:
        model: type[BaseModel] = create_model_v2(name, root=(keys[ROOT].annotation, None))
        return model
    hints = get_type_hints(schema)
    fields: dict[str, Any] = {}
    for key in keys:
        hint = hints.get(key, Any)
        fields[key] = hint, get_field_default(key, hint, schema)
    made: type[BaseModel] = create_model_v2(name, field_definitions=fields)
    return made


def schema_of(builder: Any, schema: Any, name: str) -> dict[str, Any]:
    """A state class as JSON Schema."""
    if is_typeddict(schema):
        return TypeAdapter(schema).json_schema()
    return model_of(builder, schema, name).model_json_schema()
