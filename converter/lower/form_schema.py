"""The JSON schema of a pydantic class that a model's answer is read into, as pydantic makes it."""

import ast
import inspect
import json
from typing import Any

import msgspec

from langferry.converter.lower.names import Names
from langferry.converter.lower.tool_schema import DICTS, Schema, Schemas, parts_of
from langferry.converter.module_scope import ModuleScope, bindings

MODELS = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel"})
FIELDS = frozenset({"pydantic.Field", "pydantic.fields.Field"})
CHECKS = frozenset({"pydantic.field_validator", "pydantic.model_validator"})
_TYPED_DICT = (["typing.TypedDict"], ["typing_extensions.TypedDict"])
_EMPTY = {"builtins.list": "[]", "typing.List": "[]", "builtins.dict": "{}", "typing.Dict": "{}"}

_OWN_SAY = ("__", "model_", "_")
"""How the names of methods begin by which a class may have a say in how its objects are made."""


class Form(msgspec.Struct, frozen=True):
    """A class's schema as JSON text, its qualified name, and those of the classes in it by bare name.

    `factories` says what the fields hold that are not given, where a schema does not: bare names of
    classes, fields, and values as JSON.
    """

    schema: str
    name: str
    inner: tuple[tuple[str, str], ...]
    factories: tuple[tuple[str, str, str], ...]


def form_of(
    names: Names,
    scope: ModuleScope,
    definition: ast.ClassDef,
    is_tool: bool = False,
    is_told: bool = False,
) -> Form:
    """The form of a pydantic class of the program; one that `is_tool` is decorated as one.

    What is made of answers matters for none that `is_told` to models only.

    Raises:
        Refusal: the class has parts whose schema is not known.
    """
    writer = _Forms(names, definition, is_tool, is_told)
    schema = writer.of(scope, definition)
    if writer.found:
        schema["$defs"] = dict(sorted(writer.found.items()))
    text = json.dumps(dict(sorted(schema.items())), ensure_ascii=False)
    inner = tuple(sorted(writer.classes.items()))
    return Form(text, scope.qualified_name(definition), inner, tuple(writer.factories))


def typed_form(names: Names, scope: ModuleScope, definition: ast.ClassDef) -> str:
    """A typed dict of the program as a function that models are told of, as JSON.

    Raises:
        Refusal: the class has parts whose schema is not known.
    """
    writer = _TypedForms(names.meaning.names_at(scope, definition))
    about, schema = writer.of(scope, definition)
    told = {"name": definition.name, "description": about, "parameters": schema}
    return json.dumps(told, ensure_ascii=False)


def is_typed_dict(names: Names, definition: ast.ClassDef) -> bool:
    """Whether a class is a typed dict that is derived from nothing else."""
    return [names.resolve(base) for base in definition.bases] in _TYPED_DICT


class _TypedForms(Schemas):
    """Writes what langchain tells models of typed dicts, for which it makes classes of pydantic 1."""

    def of(self, scope: ModuleScope, definition: ast.ClassDef) -> tuple[str, Schema]:
        """What is said of a class, and the schema of its fields."""
        properties: dict[str, Schema] = {}
        required: list[str] = []
        # a typed dict without a docstring has that of `dict`
        doc = ast.get_docstring(definition) or inspect.getdoc(dict)
        about, told = parts_of(doc or "")
        if not is_typed_dict(self._names, definition) or definition.decorator_list:
            raise self._names.refuse(
                "LF303", f"the form `{definition.name}` is not native", definition
            )
        for item in definition.body:
            match item:
                case ast.AnnAssign(target=ast.Name(id=name), value=None):
                    properties[name], is_required = self._key(item.annotation, told.get(name))
                    required += [name] if is_required else []
                case ast.Pass() | ast.Expr(value=ast.Constant()):
                    pass
                case _:
                    raise self._names.refuse("LF303", "this part of a form is not native", item)
        schema: Schema = {"type": "object", "properties": properties}
        return about, schema | ({"required": required} if required else {})

    def _key(self, node: ast.expr, about: str | None) -> tuple[Schema, bool]:
        """The schema of a key, and whether it has to be there."""
        given: list[ast.expr] = []
        if isinstance(node, ast.Subscript) and self._resolved(node.value) == "typing.Annotated":
            assert isinstance(node.slice, ast.Tuple)
            node, *given = node.slice.elts
        schema = self.of_type(node)
        default = given[0] if given else None
        if len(given) > 1 and about is None:
            about = self.default(given[1])
        if (about is not None or default is not None) and "properties" in schema:
            raise self._names.refuse("LF303", "more is said of a form within a form", node)
        told: Schema = {} if about is None else {"description": about}
        is_required = default is None or _is_ellipsis(default)
        if not is_required and default is not None:
            value = self.default(default)
            told |= {} if value is None else {"default": value}
        return told | schema, is_required

    def named(self, node: ast.expr) -> Schema | None:
        """The schema of a typed dict within the form."""
        defined = self._names.definition(node)
        if defined is None or not isinstance(defined[1], ast.ClassDef):
            return None
        writer = _TypedForms(self._names.meaning.names_at(*defined))
        about, schema = writer.of(defined[0], defined[1])
        return {"description": about} | schema

    def of_type(self, node: ast.expr) -> Schema:
        """The schema of what an annotation stands for."""
        if self._resolved(node) in DICTS:
            return {"type": "object"}
        return super().of_type(node)

    def _any_of(self, members: list[ast.expr]) -> Schema:
        others = [x for x in members if not (isinstance(x, ast.Constant) and x.value is None)]
        return self.of_type(others[0]) if len(others) == 1 else super()._any_of(others)

    def _subscripted(self, node: ast.Subscript) -> Schema | None:
        schema = super()._subscripted(node)
        if schema == {"additionalProperties": True, "type": "object"}:
            return {"type": "object"}
        return schema

    def _literal(self, members: list[ast.expr]) -> Schema | None:
        schema = super()._literal(members)
        if schema is not None and "const" in schema:
            return {"enum": [schema["const"]], "type": schema["type"]}
        return schema


class _Forms(Schemas):
    def __init__(self, names: Names, whole: ast.ClassDef, is_tool: bool, is_told: bool) -> None:
        super().__init__(names)
        self._whole = self._owner = whole
        self._is_tool = is_tool
        self._is_told = is_told
        self.found: dict[str, Schema] = {}
        self.classes: dict[str, str] = {}
        self.factories: list[tuple[str, str, str]] = []

    def of(self, scope: ModuleScope, definition: ast.ClassDef) -> Schema:
        """The schema of a class, without its definitions."""
        properties: dict[str, Schema] = {}
        required: dict[str, bool] = {}
        factories: dict[str, str] = {}
        for place, owner in self._lineage(scope, definition):
            outer, self._names = self._names, self._names.meaning.names_at(place, owner)
            around, self._owner = self._owner, owner
            for item in owner.body:
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                    name = item.target.id
                    if name.startswith("_"):
                        raise self._names.refuse("LF303", "an attribute that is no field", item)
                    factories.pop(name, None)
                    properties[name], required[name] = self._field(name, item, factories)
                elif not self._says_nothing(item):
                    raise self._names.refuse("LF303", "this part of a form is not native", item)
            self._names, self._owner = outer, around
        self.factories += [(definition.name, *found) for found in factories.items()]
        made: Schema = {"properties": properties, "title": definition.name, "type": "object"}
        if any(required.values()):
            made["required"] = [name for name in properties if required[name]]
        doc = ast.get_docstring(definition, clean=False)
        if doc is not None:
            made["description"] = inspect.cleandoc(doc)
        return dict(sorted(made.items()))

    def _lineage(
        self, scope: ModuleScope, definition: ast.ClassDef
    ) -> list[tuple[ModuleScope, ast.ClassDef]]:
        """A class behind those it is derived from."""
        names = self._names.meaning.names_at(scope, definition)
        (base,) = definition.bases if len(definition.bases) == 1 else [None]
        found = None if base is None else _definition(names, base, definition)
        plain = not definition.decorator_list or (self._is_tool and definition is self._whole)
        if base is not None and plain and not definition.keywords:
            if found is not None and isinstance(found[1], ast.ClassDef):
                return [*self._lineage(found[0], found[1]), (scope, definition)]
            if names.resolve(base) in MODELS:
                return [(scope, definition)]
        raise names.refuse("LF303", f"the form `{definition.name}` is not native", definition)

    def _says_nothing(self, item: ast.stmt) -> bool:
        """Whether a part of a class's body changes neither what models are told nor what is made of answers."""
        match item:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                return True
            case ast.FunctionDef(name=name, decorator_list=decorators) if not name.startswith(
                _OWN_SAY
            ):
                known = {"builtins.property", "builtins.staticmethod", "builtins.classmethod"}
                return all(
                    self._names.resolve(decorator) in known
                    or (self._is_told and self._checks(decorator))
                    for decorator in decorators
                )
        return False

    def _checks(self, decorator: ast.expr) -> bool:
        """Whether a decorator makes of a method what checks values, and leaves the schema as it is."""
        match decorator:
            case ast.Call(func=made, keywords=[]):
                pass
            case ast.Call(func=made, keywords=[ast.keyword("mode", ast.Constant(value=mode))]):
                # other modes may say what they take
                if mode not in ("after", "before"):
                    return False
            case _:
                return False
        return self._names.resolve(made) in CHECKS

    def _field(
        self, name: str, item: ast.AnnAssign, factories: dict[str, str]
    ) -> tuple[Schema, bool]:
        schema = self.of_type(item.annotation)
        if not _is_class(schema):
            schema["title"] = name.title().replace("_", " ").strip()
        value, is_required = item.value, item.value is None
        if isinstance(value, ast.Call) and self._names.resolve(value.func) in FIELDS:
            options = {option.arg: option.value for option in value.keywords}
            given = options.pop("default", value.args[0] if value.args else None)
            about, factory = options.pop("description", None), options.pop("default_factory", None)
            for key, option in list(options.items()):
                limit = _limit(schema, key, option)
                if limit is not None:
                    schema |= limit
                    del options[key]
            if options or len(value.args) > 1 or (factory is not None and given is not None):
                raise self._names.refuse("LF303", "this form of `Field` is not native", value)
            if about is not None:
                schema["description"] = self._text(about)
            if factory is not None:
                factories[name] = self._factory(factory)
            value = given
            is_required = factory is None and (value is None or _is_ellipsis(value))
        if not is_required and value is not None:
            schema["default"] = self.default(value)
        return dict(sorted(schema.items())), is_required

    def _factory(self, node: ast.expr) -> str:
        """The value that a factory always makes, as JSON."""
        known = _EMPTY.get(self._resolved(node))
        if known is not None:
            return known
        if isinstance(node, ast.Lambda):
            return json.dumps(self.default(node.body), ensure_ascii=False)
        raise self._names.refuse("LF303", "this factory of a default is not native", node)

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
        defined = _definition(self._names, node, self._owner)
        if defined is None or not isinstance(defined[1], ast.ClassDef):
            return None
        scope, definition = defined[0], defined[1]
        assert isinstance(definition, ast.ClassDef)
        if definition is self._whole:
            # which makes the whole schema a reference
            return None
        name, qualified = definition.name, scope.qualified_name(definition)
        if name not in self.classes:
            self.classes[name] = qualified
            self.found[name] = self.of(scope, definition)
        # two classes of one name have longer ones in a schema
        return {"$ref": f"#/$defs/{name}"} if self.classes[name] == qualified else None


def _definition(
    names: Names, node: ast.expr, owner: ast.ClassDef
) -> tuple[ModuleScope, ast.AST] | None:
    """What an expression names where the class `owner` is defined, which may be another class later."""
    found, top = names.definition(node), names.scope.tree.body
    if found is not None or not isinstance(node, ast.Name) or owner not in top:
        return found
    bound = [x for x in top if x.lineno < owner.lineno and node.id in bindings(ast.Module([x], []))]
    everywhere = names.scope.bindings.get(node.id, [])
    if not bound or not isinstance(bound[-1], ast.ClassDef) or bound[-1] not in everywhere:
        return None
    return names.scope, bound[-1]


def _is_class(schema: Schema) -> bool:
    """Whether it is that of one class, or of one class or None: pydantic gives such a field no title."""
    ways = [way for way in schema.get("anyOf", ()) if way != {"type": "null"}]
    one = ways[0] if len(ways) == 1 else schema
    return "$ref" in one


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
