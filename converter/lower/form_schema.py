"""The JSON schema of a pydantic class that a model's answer is read into, as pydantic makes it."""

import ast
import inspect
import json
from typing import Any

import msgspec

from langferry.converter.lower.names import Names
from langferry.converter.lower.scope import ModuleScope
from langferry.converter.lower.tool_schema import Schema, Schemas

_MODELS = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel"})
_FIELDS = frozenset({"pydantic.Field", "pydantic.fields.Field"})


class Form(msgspec.Struct, frozen=True):
    """A class's schema as JSON text, its qualified name, and those of the classes in it by bare name."""

    schema: str
    name: str
    inner: tuple[tuple[str, str], ...]


def form_of(names: Names, scope: ModuleScope, definition: ast.ClassDef) -> Form:
    """The form of a pydantic class of the program.

    Raises:
        Refusal: the class has parts whose schema is not known.
    """
    writer = _Forms(names, scope)
    schema = writer.of(definition)
    if writer.found:
        schema["$defs"] = dict(sorted(writer.found.items()))
    text = json.dumps(dict(sorted(schema.items())), ensure_ascii=False)
    return Form(text, scope.qualified_name(definition), tuple(sorted(writer.classes.items())))


class _Forms(Schemas):
    def __init__(self, names: Names, scope: ModuleScope) -> None:
        super().__init__(names)
        self._scope = scope
        self.found: dict[str, Schema] = {}
        self.classes: dict[str, str] = {}

    def of(self, definition: ast.ClassDef) -> Schema:
        """The schema of a class, without its definitions."""
        bases = [self._names.resolve(base) for base in definition.bases]
        if len(bases) != 1 or bases[0] not in _MODELS or definition.decorator_list:
            raise self._names.refuse(
                "LF303", f"the form `{definition.name}` is not native", definition
            )
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for item in definition.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                name = item.target.id
                schema, is_required = self._field(name, item)
                properties[name] = schema
                if is_required:
                    required.append(name)
            elif not isinstance(item, ast.Pass) and not (
                isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
            ):
                raise self._names.refuse("LF303", "this part of a form is not native", item)
        made: Schema = {"properties": properties, "title": definition.name, "type": "object"}
        if required:
            made["required"] = required
        doc = ast.get_docstring(definition, clean=False)
        if doc is not None:
            made["description"] = inspect.cleandoc(doc)
        return dict(sorted(made.items()))

    def _field(self, name: str, item: ast.AnnAssign) -> tuple[Schema, bool]:
        schema = self.of_type(item.annotation)
        if not any("$ref" in part for part in (schema, *schema.get("anyOf", ()))):
            schema["title"] = name.title().replace("_", " ").strip()
        value, is_required = item.value, item.value is None
        if isinstance(value, ast.Call) and self._names.resolve(value.func) in _FIELDS:
            options = {option.arg: option.value for option in value.keywords}
            given = options.pop("default", value.args[0] if value.args else None)
            about = options.pop("description", None)
            for key, option in list(options.items()):
                limit = _limit(schema, key, option)
                if limit is not None:
                    schema |= limit
                    del options[key]
            if options or len(value.args) > 1:
                raise self._names.refuse("LF303", "this form of `Field` is not native", value)
            if about is not None:
                schema["description"] = self._text(about)
            value = given
            is_required = value is None or _is_ellipsis(value)
        if not is_required and value is not None:
            schema["default"] = self.default(value)
        return dict(sorted(schema.items())), is_required

    def _text(self, node: ast.expr) -> str:
        try:
            found: Any = ast.literal_eval(node)
        except ValueError:
            found = None
        if not isinstance(found, str):
            raise self._names.refuse("LF303", "a description that is no plain text", node)
        return found

    def named(self, node: ast.expr) -> Schema | None:
        """The schema of a class within the form."""
        defined = self._names.definition(node)
        if defined is None or not isinstance(defined[1], ast.ClassDef):
            return None
        scope, definition = defined[0], defined[1]
        assert isinstance(definition, ast.ClassDef)
        name = definition.name
        if scope is not self._scope or (name in self.found and name not in self.classes):
            return None
        if name not in self.classes:
            self.classes[name] = scope.qualified_name(definition)
            self.found[name] = self.of(definition)
        return {"$ref": f"#/$defs/{name}"}


_LIMITS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}
_LENGTHS = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}


def _limit(schema: Schema, option: str | None, node: ast.expr) -> Schema | None:
    """What an option of `Field` says of the least or most that a value may be; None where it says other things."""
    kind = schema.get("type")
    try:
        limit = ast.literal_eval(node)
    except ValueError:
        return None
    if option in _LIMITS and kind in ("integer", "number"):
        wanted = (int,) if kind == "integer" else (int, float)
        return {_LIMITS[option]: limit} if type(limit) in wanted else None
    if option in ("min_length", "max_length") and kind in _LENGTHS and type(limit) is int:
        return {_LENGTHS[kind][option == "max_length"]: limit}
    return None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis
