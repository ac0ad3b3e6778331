"""The classes of a state as pydantic models and JSON Schema."""

import inspect
from typing import Any, get_type_hints

from langchain_core.utils.pydantic import create_model_v2
from pydantic import BaseModel, TypeAdapter
from typing_extensions import is_typeddict

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
    fields: dict[str, Any] = {key: (hints.get(key, Any), _default(schema, key)) for key in keys}
    made: type[BaseModel] = create_model_v2(name, field_definitions=fields)
    return made


def schema_of(builder: Any, schema: Any, name: str) -> dict[str, Any]:
    """A state class as JSON Schema."""
    if is_typeddict(schema):
        return TypeAdapter(schema).json_schema()
    return model_of(builder, schema, name).model_json_schema()


def _default(schema: Any, key: str) -> Any:
    required = getattr(schema, "__required_keys__", ())
    return ... if key in required else getattr(schema, key, None)
