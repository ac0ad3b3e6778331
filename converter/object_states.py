"""States that are objects: what LangGraph makes of the channels before a node is called.

A dataclass is made of the values as they are. A pydantic model checks and converts them: that is
repeated natively only where every field is of a type of which each value stays what it is.
"""

from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.schemas import class_hints, metadata, required, stripped
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    FieldInfoValue,
    FunctionValue,
    LibraryValue,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
    is_plain,
)

_OWN_MAKING = frozenset(
    [
        "__init__",
        "__new__",
        "__post_init__",
        "__getattr__",
        "__getattribute__",
        "__setattr__",
        "model_post_init",
        "model_config",
        "Config",
    ]
)
_PLAIN = ("builtins.str", "builtins.int", "builtins.bool", "builtins.float", "Any")
_CONTAINERS = ("builtins.list", "builtins.dict", "builtins.set", "List", "Dict", "Set")


def why_opaque(run: Interpreter, schema: ClassValue) -> str | None:
    """Why objects of the class cannot be made natively; None when they can."""
    for owner in lineage(schema):
        for name, member in owner.scope.names.items():
            if name in _OWN_MAKING:
                return f"`{owner.name}` has its own `{name}`"
            if isinstance(member, Unknown) or (
                isinstance(member, FunctionValue) and member.unknown is not None
            ):
                return f"what `{owner.name}.{name}` is is not known"
    hints = class_hints(run, schema)
    if isinstance(hints, Unknown):
        return hints.reason
    for hint in hints:
        default = hint.field.default
        if isinstance(default, FieldInfoValue):
            if default.checks:
                return f"field `{hint.name}` has rules of its own"
            default = default.default
        if not required(hint) and (default is None or not is_plain(default)):
            return f"the default of `{hint.name}` is not known"
        if schema.kind == "pydantic":
            if any(isinstance(item, FieldInfoValue) for item in metadata(hint.value)):
                return f"field `{hint.name}` has rules of its own"
            if not _stays(stripped(hint.value), outermost=True):
                return f"what pydantic makes of `{hint.name}` is not known"
    return None


def _stays(annotation: Value, outermost: bool = False) -> bool:
    """Whether pydantic takes a value of this type as it is (an int for a float apart, outermost)."""
    match annotation:
        case Const(None):
            return True
        case LibraryValue("builtins.float"):
            return outermost
        case LibraryValue(name):
            return name in _PLAIN or name in _CONTAINERS
        case UnionValue(members):
            return all(map(_stays, members)) and _is_optional(members)
        case Subscripted(base, arguments):
            if is_library(base, "Optional"):
                return all(map(_stays, arguments))
            return is_library(base, *_CONTAINERS) and all(map(_stays, arguments))
    return False


def _is_optional(members: list[Value]) -> bool:
    return len(members) == 2 and any(isinstance(item, Const) for item in members)
