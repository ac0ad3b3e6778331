"""What is certain of the attributes an object of the program was made with."""

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
    InstanceValue,
    LibraryValue,
    ListValue,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
)

_PLAIN_BASES = (
    *("builtins.object", "abc.ABC", "Protocol", "Generic", "BaseModel", "builtins.str"),
    *("builtins.int", "enum.Enum", "enum.StrEnum", "enum.IntEnum"),
)
_TYPES: dict[str, type] = {
    "builtins.str": str,
    "builtins.int": int,
    "builtins.bool": bool,
    "builtins.float": float,
}


def is_plainly_made(cls: ClassValue) -> bool:
    """Whether no class of a library has a say in what attributes objects of `cls` have."""
    for owner in lineage(cls):
        for base in owner.bases:
            base = base.base if isinstance(base, Subscripted) else base
            if not isinstance(base, ClassValue) and not is_library(base, *_PLAIN_BASES):
                return False
    return True


def enum_members(cls: ClassValue) -> dict[str, Value]:
    """The members of an enum whose values are what its body says."""
    names = cls.scope.names
    if len(lineage(cls)) > 1 or any(name in names for name in ("__new__", "__init__", "_value_")):
        return {}
    # a class that is also a text or a number makes one of what its body says
    kinds = [kind for name, kind in _TYPES.items() for base in cls.bases if is_library(base, name)]
    kind = kinds[0] if kinds else str if _is_one(cls, "enum.StrEnum") else object
    kind = int if _is_one(cls, "enum.IntEnum") else kind
    return {
        name: InstanceValue(cls, {"value": value, "name": Const(name)})
        for name, value in names.items()
        if isinstance(value, Const)
        and isinstance(value.value, str | int)
        and isinstance(value.value, kind)
        and not name.startswith("_")
    }


def _is_one(cls: ClassValue, name: str) -> bool:
    return any(is_library(base, name) for base in cls.bases)


def made_with(run: Interpreter, instance: InstanceValue) -> dict[str, Value]:
    """The attributes that `instance` was given, and still has when nothing sets them."""
    if instance.cls.kind != "pydantic":
        return instance.names
    # a model may make something else of what it is given, or of what its fields say
    hints = class_hints(run, instance.cls)
    if isinstance(hints, Unknown) or why_ruled(instance.cls) is not None:
        return {}
    kinds = {hint.name: stripped(hint.value) for hint in hints if not _is_checked(hint)}
    return {
        name: value for name, value in instance.names.items() if _is_exactly(value, kinds.get(name))
    }


def _is_checked(hint: Hint) -> bool:
    """Whether more is said of a field than of what type it is, and what it holds by default."""
    given = hint.field.default
    return bool(metadata(hint.value)) or (isinstance(given, FieldInfoValue) and given.checks)


def _is_exactly(value: Value, kind: Value | None) -> bool:
    """Whether a field of this type holds the very value it is given, or an equal container of such."""
    match kind:
        case Subscripted(base, [item]) if is_library(base, "Optional"):
            return _is_none(value) or _is_exactly(value, stripped(item))
        case UnionValue([item, Const(None)]):
            return _is_none(value) or _is_exactly(value, stripped(item))
        case Subscripted(base, [item]) if is_library(base, "builtins.list", "List"):
            return isinstance(value, ListValue) and all(
                _is_exactly(x, stripped(item)) for x in value.items
            )
        case Subscripted(base, [key, item]) if is_library(base, "builtins.dict", "Dict"):
            return isinstance(value, DictValue) and all(
                _is_exactly(Const(name), stripped(key)) and _is_exactly(x, stripped(item))
                for name, x in value.items.items()
            )
        case ClassValue(kind="pydantic" | "dataclass"):
            # an object of the class, or of one derived from it, stays the very object
            return (
                isinstance(value, InstanceValue)
                and value.cls.kind == kind.kind
                and kind in lineage(value.cls)
                and all(_leaves_objects(cls) for cls in (kind, value.cls))
            )
        case LibraryValue(name):
            return isinstance(value, Const) and type(value.value) is _TYPES.get(name)
    return False


def _leaves_objects(cls: ClassValue) -> bool:
    """Whether a model takes objects of the class, which has no say in what it makes of them."""
    return (
        is_plainly_made(cls)
        and why_ruled(cls) is None
        and not any("pydantic" in name for owner in lineage(cls) for name in owner.scope.names)
    )


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None
