"""The JSON schema of a tool's arguments, as langchain makes it of the function's signature."""

import ast
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from langferry.converter.lower.names import Names
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.tool_arguments import injected, is_hidden, without_marker
from langferry.converter.module_scope import Function
from langferry.model import ir
from langferry.model.constants import Constant

_PLAIN = {
    "builtins.str": "string",
    "builtins.int": "integer",
    "builtins.float": "number",
    "builtins.bool": "boolean",
}
_MOMENTS = {"datetime.datetime": "date-time", "datetime.date": "date"}
_LISTS = frozenset({"builtins.list", "typing.List"})
DICTS = frozenset({"builtins.dict", "typing.Dict"})
_ANY = frozenset({"typing.Any"})
_FIELDS = frozenset({"pydantic.Field", "pydantic.fields.Field"})
_SPECIAL = frozenset({"callbacks", "run_manager", "config", "runtime", "state", "store", "self"})
"""Names of parameters that langchain fills itself, or might."""

Schema = dict[str, Any]


def tool_schema(
    names: Names,
    definition: Function,
    name: str,
    arguments: Mapping[str, str] = MappingProxyType({}),
    about: str | None = None,
) -> str:
    """The schema as JSON text. `arguments` and `about` are what the docstring is parsed into, if it is.

    Raises:
        Refusal: a parameter's annotation or default is not one whose schema is known.
    """
    assert not isinstance(definition, ast.Lambda)
    given = definition.args
    rest = given.kwarg
    if given.posonlyargs or given.vararg or not (rest is None or _is_never_read(rest, definition)):
        raise names.refuse(
            "LF303", f"the parameters of the tool `{name}` are not native", definition
        )
    writer = Schemas(names)
    defaults: dict[str, ast.expr] = {}
    for item, default in zip(reversed(given.args), reversed(given.defaults), strict=False):
        defaults[item.arg] = default
    for item, keyword in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if keyword is not None:
            defaults[item.arg] = keyword
    described: dict[str, str] = {}
    for parameter, default in list(defaults.items()):
        field = field_of(names, default)
        if field is not None:
            described |= {parameter: field.description} if field.description else {}
            defaults.pop(parameter)
            defaults |= {parameter: field.default} if field.default is not None else {}
    given_by_runs = {item.name for item in injected(names, definition)}
    parameters = [x for x in (*given.args, *given.kwonlyargs) if x.arg not in given_by_runs]
    properties = {item.arg: writer.parameter(item, defaults.get(item.arg)) for item in parameters}
    if rest is not None:
        # which langchain tells of, too: pydantic has a field for what else is given
        more = {"additionalProperties": True, "default": None, "title": "Kwargs", "type": "object"}
        properties[rest.arg] = more
    for parameter, text in (described | dict(arguments)).items():
        properties[parameter] = dict(
            sorted((properties[parameter] | {"description": text}).items())
        )
    required = [item.arg for item in parameters if item.arg not in defaults]
    schema: Schema = {"properties": properties, "title": name, "type": "object"}
    if required:
        schema["required"] = required
    doc = ast.get_docstring(definition, clean=False)
    if about is not None:
        schema["description"] = about
    elif doc is not None:
        schema["description"] = inspect.cleandoc(doc).strip()
    return json.dumps(dict(sorted(schema.items())), ensure_ascii=False)


def _is_never_read(rest: ast.arg, definition: Function) -> bool:
    """Whether what else a function is given makes no difference, and has the name that langchain knows."""
    read = any(isinstance(x, ast.Name) and x.id == rest.arg for x in ast.walk(definition))
    return rest.arg == "kwargs" and rest.annotation is None and not read


@dataclass(frozen=True)
class ToldField:
    """What `Field(...)` as the default of a parameter says."""

    default: ast.expr | None
    description: str | None


def field_of(names: Names, default: ast.expr) -> ToldField | None:
    """What a default says that is pydantic's `Field`; None for any other.

    Raises:
        Refusal: it says more than a default and a description.
    """
    if not isinstance(default, ast.Call) or names.resolve(default.func) not in _FIELDS:
        return None
    given = dict(zip(("default",), default.args, strict=False))
    given |= {item.arg or "": item.value for item in default.keywords}
    text = given.get("description")
    described = text.value if isinstance(text, ast.Constant) else None
    if (
        len(default.args) > 1
        or given.keys() - {"default", "description"}
        or not isinstance(described, str | None)
        or (text is not None and described is None)
    ):
        raise names.refuse("LF303", "this default is not native", default)
    value = given.get("default")
    is_required = isinstance(value, ast.Constant) and value.value is ...
    return ToldField(None if is_required else value, described)


def described(doc: str, definition: Function, is_strict: bool) -> tuple[str, dict[str, str]] | None:
    """What langchain reads in a docstring of Google's style: of the function, and of its parameters.

    None where it raises an error instead.
    """
    arguments = [*definition.args.args, *definition.args.kwonlyargs]
    annotated = {item.arg for item in arguments if item.annotation is not None}
    blocks = doc.split("\n\n")
    if is_strict and annotated and not any(block.startswith("Args:") for block in blocks[1:]):
        return None
    about, found = parts_of(doc)
    return None if found.keys() - annotated else (about, found)


def parts_of(doc: str) -> tuple[str, dict[str, str]]:
    """What a docstring of Google's style says of the whole, and of its arguments by name, as langchain reads it."""
    about: list[str] = []
    listed, is_past = "", False
    for block in doc.split("\n\n"):
        if block.startswith("Args:"):
            listed = block
            break
        is_past = is_past or block.startswith(("Returns:", "Example:"))
        if not is_past:
            about.append(block)
    found: dict[str, str] = {}
    name, base = None, None
    for line in listed.split("\n")[1:]:
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if base is None and ":" in line:
            base = indent
        if name is not None and base is not None and indent > base:
            found[name] += " " + line.strip()
        elif ":" in line:
            name, text = (part.strip() for part in line.split(":", maxsplit=1))
            bare, _, kind = name.partition(" ")
            name = bare if kind.startswith("(") and kind.endswith(")") else name
            found[name] = text
        elif name:
            found[name] += " " + line.strip()
    return " ".join(about).strip(), found


class Schemas:
    """Writes the schemas of annotations."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def parameter(self, item: ast.arg, default: ast.expr | None) -> Schema:
        """The property of one parameter."""
        if item.arg in _SPECIAL:
            raise self._names.refuse("LF303", f"the parameter `{item.arg}` of a tool", item)
        annotation = item.annotation
        if is_hidden(self._names, item):
            annotation = without_marker(annotation)
        schema = {} if annotation is None else self.of_type(annotation)
        schema["title"] = item.arg.title().replace("_", " ").strip()
        if default is not None:
            schema["default"] = self.default(default)
        return dict(sorted(schema.items()))

    def default(self, node: ast.expr) -> Any:
        """The value of a default that is plain data."""
        try:
            value = ast.literal_eval(node)
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError) as error:
            raise self._names.refuse("LF303", "this default is not native", node) from error
        return value

    def named(self, node: ast.expr) -> Schema | None:
        """The schema of a class of the program; None where it has none here."""
        return None

    def of_type(self, node: ast.expr) -> Schema:
        """The schema of what an annotation stands for."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.copy_location(ast.parse(node.value, mode="eval").body, node)
        if isinstance(node, ast.Constant) and node.value is None:
            return {"type": "null"}
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._any_of([*_alternatives(node)])
        name = self._resolved(node)
        if name in _PLAIN:
            return {"type": _PLAIN[name]}
        if name in _ANY:
            return {}
        if name in _MOMENTS:
            return {"format": _MOMENTS[name], "type": "string"}
        if name in _LISTS:
            return {"items": {}, "type": "array"}
        if name in DICTS:
            return {"additionalProperties": True, "type": "object"}
        if isinstance(node, ast.Subscript):
            found = self._subscripted(node)
            if found is not None:
                return found
        named = self.named(node)
        if named is not None:
            return named
        raise self._names.refuse(
            "LF303", f"a value of type `{ast.unparse(node)}` is not native", node
        )

    def _resolved(self, node: ast.expr) -> str:
        """What a name of an annotation stands for; what `typing_extensions` hands on is `typing`'s."""
        name = self._names.resolve(node) or ""
        return name.replace("typing_extensions.", "typing.", 1)

    def _subscripted(self, node: ast.Subscript) -> Schema | None:
        base = self._resolved(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        short = base.removeprefix("typing.")
        if base in _LISTS and len(inner) == 1:
            return {"items": self.of_type(inner[0]), "type": "array"}
        if base in DICTS and len(inner) == 2 and self.of_type(inner[0]) == {"type": "string"}:
            value = self.of_type(inner[1])
            return {"additionalProperties": value or True, "type": "object"}
        if short == "Optional" and len(inner) == 1:
            return self._any_of([inner[0], ast.copy_location(ast.Constant(None), node)])
        if short == "Union":
            return self._any_of(inner)
        if short == "Literal":
            return self._literal(inner)
        if short == "Annotated" and len(inner) == 2:
            match inner[1]:
                case ast.Constant(value=str(text)):
                    return self.of_type(inner[0]) | {"description": text}
        return None

    def _any_of(self, members: list[ast.expr]) -> Schema:
        schemas = [self.of_type(member) for member in members]
        if any("anyOf" in schema for schema in schemas) or len(schemas) < 2:
            raise self._names.refuse("LF303", "a union of unions", members[0])
        return {"anyOf": schemas}

    def _literal(self, members: list[ast.expr]) -> Schema | None:
        values = self._literals(members)
        kinds: dict[type, str] = {str: "string", int: "integer", bool: "boolean"}
        kind = {type(value) for value in values or ()}
        if values is None or len(kind) != 1 or not kind <= kinds.keys():
            return None
        schema: Schema = {"type": kinds[kind.pop()]}
        schema |= {"const": values[0]} if len(values) == 1 else {"enum": values}
        return dict(sorted(schema.items()))

    def _literals(self, members: list[ast.expr]) -> list[Any] | None:
        """The values of `Literal[...]`; None where they are not known."""
        values: list[Any] = []
        for item in members:
            match item:
                case ast.Constant(value=value):
                    values.append(value)
                case ast.Starred(value=spread):
                    given = self._names.standing_for(spread)
                    more = json.loads(given.data) if isinstance(given, Constant) else None
                    if not isinstance(more, list):
                        return None
                    values += more
                case ast.Name():
                    known = self._known(item)
                    if known is None:
                        return None
                    values.append(known.value)
                case _:
                    return None
        return values

    def _known(self, node: ast.Name) -> ir.StrLit | None:
        """The text that a module calls so, which is no value for a type checker."""
        try:
            value = self._names.expr(node)
        except Refusal:
            return None
        while isinstance(value, ir.Global):
            value = self._names.meaning.globals[value.id].value
        return value if isinstance(value, ir.StrLit) else None


def _alternatives(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    return [node]
