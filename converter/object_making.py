"""How objects of the program's classes are made, where their fields alone decide it."""

import ast
import json
from typing import Any

from langferry.converter.constants import encode
from langferry.converter.lower.requests import MadeField, Making
from langferry.converter.made_objects import is_plainly_made
from langferry.converter.object_states import why_ruled
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.schemas import Hint, class_hints, metadata, stripped
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    DictValue,
    FieldInfoValue,
    FunctionValue,
    LibraryValue,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
    is_plain,
    plain,
)

_PLAIN: dict[str, dict[str, Any]] = {
    "builtins.str": {"type": "string"},
    "builtins.int": {"type": "integer"},
    "builtins.float": {"type": "number"},
    "builtins.bool": {"type": "boolean"},
    "builtins.list": {"type": "array", "items": {}},
    "List": {"type": "array", "items": {}},
    "builtins.dict": {"type": "object", "additionalProperties": True},
    "Dict": {"type": "object", "additionalProperties": True},
    "Any": {},
}
_LITERALS = {str: "string", int: "integer", bool: "boolean"}


class _NotKnown(Exception):
    """Something else has a say in how objects are made."""


def making_of(run: Interpreter, cls: ClassValue) -> Making | None:
    """How objects of the class are made, None where its fields are not all there is to it."""
    after = _after(cls)
    besides = () if after is None else ((cls, _AFTER),)
    if cls.unknown is not None or not is_plainly_made(cls) or why_ruled(cls, besides) is not None:
        return None
    hints = class_hints(run, cls)
    if isinstance(hints, Unknown) or {hint.owner.kind for hint in hints} - {cls.kind}:
        return None
    if not _is_compared_by_fields(cls) or (cls.kind == "pydantic" and not _keeps_defaults(cls)):
        return None
    name = f"{cls.module.name}.{cls.qualified}"
    try:
        match cls.kind:
            case "dataclass" if "." not in cls.qualified:
                return Making(name, "dataclass", tuple(_field(x, {}) for x in hints), after)
            case "pydantic":
                return Making(name, "pydantic", tuple(_field(x, _schema_of(x)) for x in hints))
    except _NotKnown:
        pass
    return None


_AFTER = "__post_init__"


def _after(cls: ClassValue) -> tuple[str, int, int] | None:
    """Where the method stands that a dataclass of no other classes calls when its object is there."""
    found = cls.scope.names.get(_AFTER)
    if not isinstance(found, FunctionValue) or found.unknown is not None or len(lineage(cls)) > 1:
        return None
    node = found.node
    is_plain = isinstance(node, ast.FunctionDef) and not node.decorator_list
    if cls.kind != "dataclass" or cls.options.get("frozen") or not is_plain:
        return None
    if ast.unparse(node.args) != "self":
        return None
    return found.module.file, node.lineno, node.col_offset


def _is_compared_by_fields(cls: ClassValue) -> bool:
    """Whether operators ask nothing of the class but whether two of its objects have equal fields."""
    options = cls.options
    return (
        not options.get("order")
        and options.get("eq", True) is True
        and not any(
            name.startswith("__") and name != _AFTER and isinstance(member, FunctionValue)
            for owner in lineage(cls)
            for name, member in owner.scope.names.items()
        )
    )


def _keeps_defaults(cls: ClassValue) -> bool:
    """Whether no configuration says what becomes of other names, or what the class is called."""
    given = [owner.scope.names.get("model_config") for owner in lineage(cls)]
    return all(
        config is None or (isinstance(config, DictValue) and config.items.keys() <= _SILENT)
        for config in given
    ) and not any(
        field.name.startswith("_") for owner in lineage(cls) for field in owner.own_fields
    )


_SILENT = frozenset({"arbitrary_types_allowed", "json_schema_extra", "protected_namespaces"})


def _field(hint: Hint, schema: dict[str, Any]) -> MadeField:
    given = hint.field.default
    if isinstance(given, FieldInfoValue):
        if given.checks or (given.has_default and given.default is None):
            raise _NotKnown
        given = given.default
    base = hint.value.base if isinstance(hint.value, Subscripted) else hint.value
    if isinstance(base, Unknown) or (
        isinstance(base, LibraryValue) and base.name.rpartition(".")[2] in _NO_FIELDS
    ):
        raise _NotKnown
    default = None
    if given is not None:
        if not is_plain(given):
            raise _NotKnown
        try:
            default = encode(plain(given))
        except ValueError:
            raise _NotKnown from None
        if schema and "$type" in default.data:
            # no schema can say it
            raise _NotKnown
    return MadeField(
        hint.name, json.dumps(schema), default, bool(hint.owner.options.get("kw_only"))
    )


_NO_FIELDS = frozenset({"ClassVar", "InitVar", "KW_ONLY"})


def _schema_of(hint: Hint) -> dict[str, Any]:
    if not all(map(is_plain, metadata(hint.value))):
        raise _NotKnown
    return _schema(stripped(hint.value))


def _schema(annotation: Value) -> dict[str, Any]:
    """The JSON schema of what pydantic takes for this annotation."""
    match annotation:
        case LibraryValue(name) if name in _PLAIN:
            return _PLAIN[name]
        case UnionValue(members) | Subscripted(LibraryValue("Union"), members):
            return _union(members)
        case Subscripted(base, [item]) if is_library(base, "Optional"):
            return _union([item, Const(None)])
        case Subscripted(base, [item]) if is_library(base, "builtins.list", "List"):
            return {"type": "array", "items": _schema(stripped(item))}
        case Subscripted(base, [key, item]) if is_library(base, "builtins.dict", "Dict"):
            if is_library(key, "builtins.str"):
                return {"type": "object", "additionalProperties": _schema(stripped(item)) or True}
        case Subscripted(base, arguments) if is_library(base, "Literal"):
            values = [x.value for x in arguments if isinstance(x, Const)]
            kinds = {type(value) for value in values}
            if len(values) == len(arguments) and len(kinds) == 1 and kinds <= _LITERALS.keys():
                return {"type": _LITERALS[kinds.pop()], "enum": values}
    raise _NotKnown


def _union(members: list[Value]) -> dict[str, Any]:
    others = [x for x in members if not (isinstance(x, Const) and x.value is None)]
    if len(others) != 1 or len(others) == len(members):
        # which of several pydantic takes is not told here
        raise _NotKnown
    return {"anyOf": [_schema(stripped(others[0])), {"type": "null"}]}
