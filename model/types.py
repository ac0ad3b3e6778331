"""The types of values, as far as the converter knows them.

A type says what a value certainly is. Where that is not known it is `AnyType`, and generated code
uses a dynamic value with Python's semantics.
"""

import msgspec


class AnyType(msgspec.Struct, frozen=True, tag="any"):
    """Nothing is known."""


class NoneType(msgspec.Struct, frozen=True, tag="none"):
    """Only `None`."""


class BoolType(msgspec.Struct, frozen=True, tag="bool"):
    """`bool`, or a literal of it."""


class IntType(msgspec.Struct, frozen=True, tag="int"):
    """`int`, or a literal of it."""


class FloatType(msgspec.Struct, frozen=True, tag="float"):
    """Declared `float`: at run time a float or, as Python allows, an int."""


class StrType(msgspec.Struct, frozen=True, tag="str"):
    """`str`; `literals` lists the allowed values of a `Literal`, else it is empty."""

    literals: tuple[str, ...] = ()


class BytesType(msgspec.Struct, frozen=True, tag="bytes"):
    """`bytes`."""


class ListType(msgspec.Struct, frozen=True, tag="list"):
    """`list[item]`, and `Sequence` where only a list is ever passed."""

    item: "Type"


class SetType(msgspec.Struct, frozen=True, tag="set"):
    """`set[item]` or `frozenset[item]`."""

    item: "Type"


class DictType(msgspec.Struct, frozen=True, tag="dict"):
    """`dict[key, value]`."""

    key: "Type"
    value: "Type"


class TupleType(msgspec.Struct, frozen=True, tag="tuple"):
    """`tuple[a, b, ...]` of known length."""

    items: tuple["Type", ...]


class VarTupleType(msgspec.Struct, frozen=True, tag="var_tuple"):
    """`tuple[item, ...]` of any length."""

    item: "Type"


class OptionalType(msgspec.Struct, frozen=True, tag="optional"):
    """`item | None`."""

    item: "Type"


class RecordType(msgspec.Struct, frozen=True, tag="record"):
    """A TypedDict, dataclass or pydantic model of the program: `Program.records` by this id."""

    record: str


class ClassType(msgspec.Struct, frozen=True, tag="class"):
    """An instance of a library class the transpiler knows, e.g. `re.Pattern`, `datetime.date`."""

    name: str


class CallableType(msgspec.Struct, frozen=True, tag="callable"):
    """Something that can be called."""

    params: tuple["Type", ...]
    returns: "Type"


Type = (
    AnyType
    | NoneType
    | BoolType
    | IntType
    | FloatType
    | StrType
    | BytesType
    | ListType
    | SetType
    | DictType
    | TupleType
    | VarTupleType
    | OptionalType
    | RecordType
    | ClassType
    | CallableType
)


def is_immutable(kind: Type) -> bool:
    """Whether nothing can change a value of a type in place."""
    if isinstance(kind, OptionalType):
        return is_immutable(kind.item)
    return isinstance(kind, StrType | IntType | FloatType | BoolType | BytesType | NoneType)


_MAY_BE_FALSE = frozenset(
    [
        *("builtins.range", "collections.Counter", "datetime.timedelta", "pathlib.Parents"),
        *("requests.Headers", "requests.Response", "langgraph.configurable"),
        # which have as many messages as they may
        *("langchain.ChatPromptTemplate", "langchain.EitherPrompt"),
    ]
)


def is_always_true(kind: Type) -> bool:
    """Whether no value of this type counts as false, as it is of classes that say nothing about that."""
    return isinstance(kind, ClassType) and kind.name not in _MAY_BE_FALSE


def may_hold_objects(kind: Type) -> bool:
    """Whether a value may hold objects whose text is not that of their fields."""
    match kind:
        case AnyType():
            return True
        case ListType(item=item) | OptionalType(item=item):
            return may_hold_objects(item)
        case DictType(key=key, value=value):
            return may_hold_objects(key) or may_hold_objects(value)
        case TupleType(items=items):
            return any(may_hold_objects(item) for item in items)
    return False
