"""The types of a graph's input, output and context, as pydantic models and JSON Schema."""

import dataclasses
import inspect
import warnings
from collections.abc import Sequence
from typing import Any, get_type_hints

from typing_extensions import deprecated, is_typeddict

from langferry.compat import later
from langferry.compat.channels.base import BaseChannel
from langferry.compat.warnings import LangGraphDeprecatedSinceV10


class Schemas:
    """Says which types a graph takes and gives."""

    channels: dict[str, Any]
    input_channels: Any
    output_channels: Any
    context_schema: Any

    @property
    def InputType(self) -> Any:
        """The type of the input."""
        return self._type_of(self.input_channels, "UpdateType")

    @property
    def OutputType(self) -> Any:
        """The type of the output."""
        return self._type_of(self.output_channels, "ValueType")

    def _type_of(self, channels: Any, kind: str) -> Any:
        channel = self.channels.get(channels) if isinstance(channels, str) else None
        return getattr(channel, kind) if isinstance(channel, BaseChannel) else None

    def get_input_schema(
        self, config: "later.RunnableConfig | None" = None
    ) -> "type[later.BaseModel]":
        """The type of the input as a model."""
        if isinstance(self.input_channels, str):
            return later.Runnable.get_input_schema(self, config)  # type: ignore[arg-type, return-value]
        return self._model("Input", self.input_channels, "UpdateType")

    def get_output_schema(
        self, config: "later.RunnableConfig | None" = None
    ) -> "type[later.BaseModel]":
        """The type of the output as a model."""
        if isinstance(self.output_channels, str):
            return later.Runnable.get_output_schema(self, config)  # type: ignore[arg-type, return-value]
        return self._model("Output", self.output_channels, "ValueType")

    def _model(self, suffix: str, channels: Sequence[str], kind: str) -> "type[later.BaseModel]":
        fields: dict[str, Any] = {
            key: (getattr(self.channels[key], kind), None)
            for key in channels
            if isinstance(self.channels[key], BaseChannel)
        }
        name = self.get_name(suffix)  # type: ignore[attr-defined]
        model: type[later.BaseModel] = later.create_model_v2(name, field_definitions=fields)
        return model

    def get_input_jsonschema(self, config: "later.RunnableConfig | None" = None) -> dict[str, Any]:
        """The type of the input as JSON Schema."""
        return self.get_input_schema(config).model_json_schema()

    def get_output_jsonschema(self, config: "later.RunnableConfig | None" = None) -> dict[str, Any]:
        """The type of the output as JSON Schema."""
        return self.get_output_schema(config).model_json_schema()

    def get_context_jsonschema(self) -> dict[str, Any] | None:
        """The type of the context as JSON Schema.

        Raises:
            ValueError: If it is no model, TypedDict or dataclass.
        """
        schema = self.context_schema
        if schema is None:
            return None
        if inspect.isclass(schema) and issubclass(schema, later.BaseModel):
            return schema.model_json_schema()
        if is_typeddict(schema) or dataclasses.is_dataclass(schema):
            return later.TypeAdapter(schema).json_schema()
        raise ValueError(
            f"Invalid context schema type: {schema}. Must be a BaseModel, TypedDict or dataclass."
        )

    @deprecated(
        "`config_schema` is deprecated. Use `get_context_jsonschema` for the relevant schema "
        "instead.",
        category=None,
    )
    def config_schema(self, *, include: Sequence[str] | None = None) -> "type[later.BaseModel]":
        """The type of the config as a model."""
        warnings.warn(
            "`config_schema` is deprecated. Use `get_context_jsonschema` for the relevant schema "
            "instead.",
            category=LangGraphDeprecatedSinceV10,
            stacklevel=2,
        )
        return self._config_model(include)

    @deprecated(
        "`get_config_jsonschema` is deprecated. Use `get_context_jsonschema` instead.",
        category=None,
    )
    def get_config_jsonschema(self, *, include: Sequence[str] | None = None) -> dict[str, Any]:
        """The type of the config as JSON Schema."""
        warnings.warn(
            "`get_config_jsonschema` is deprecated. Use `get_context_jsonschema` instead.",
            category=LangGraphDeprecatedSinceV10,
            stacklevel=2,
        )
        return self._config_model(include).model_json_schema()

    def _config_model(self, include: Sequence[str] | None) -> "type[later.BaseModel]":
        fields: dict[str, Any] = {}
        if self.context_schema:
            fields["configurable"] = (self.context_schema, None)
        for name, hint in get_type_hints(later.RunnableConfig).items():
            if name in (include or ()) and name != "configurable":
                fields[name] = (hint, None)
        name = self.get_name("Config")  # type: ignore[attr-defined]
        model: type[later.BaseModel] = later.create_model_v2(name, field_definitions=fields)
        return model
