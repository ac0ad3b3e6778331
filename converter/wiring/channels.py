"""A schema's channels: which reducer each key has, and whether two schemas agree."""

from typing import TYPE_CHECKING, Literal

from langferry.converter.wiring.graphs import Builder, Channel
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.schemas import class_hints, metadata, stripped
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    FieldInfoValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
    is_plain,
)
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

RESERVED = frozenset(
    [
        "langsmith:hidden",
        "__input__",
        "__interrupt__",
        "__resume__",
        "__error__",
        "__error_source_node__",
        "__no_writes__",
        "__snapshot_bumps__",
        "__pregel_send",
        "__pregel_read",
        "__pregel_checkpointer",
        "__pregel_stream",
        "checkpoint_map",
        "__pregel_resuming",
        "__pregel_replay_state",
        "__pregel_task_id",
        "checkpoint_id",
        "checkpoint_ns",
        "__pregel_timed_attempt_observer",
        "__pregel_resume_map",
        "__pregel_strict_resume",
        "__pregel_stream_messages_v2",
        "__pregel_push",
        "__pregel_pull",
        "|",
        ":",
        "configurable",
    ]
)
"""Names LangGraph keeps for itself, for channels and nodes alike."""

_OPERATORS = {"operator.add": "operator.add", "operator.or_": "operator.or_"}
_CHANNEL_CLASSES = "langgraph.channels"
_TRANSIENT = (
    "langgraph.channels.EphemeralValue",
    "langgraph.channels.ephemeral_value.EphemeralValue",
)
_MANAGED = ("langgraph.managed", "langgraph.managed.is_last_step")


def add_schema(run: "Interpreter", builder: Builder, schema: Value, where: Span) -> None:
    """Take a schema's channels into the graph, as `StateGraph` does."""
    if any(schema is known for known in builder.schemas):
        return
    builder.schemas.append(schema)
    if not isinstance(schema, ClassValue):
        reason = f": {schema.reason}" if isinstance(schema, Unknown) else ""
        builder.refuse("LF210", f"the schema is not a class this tool can read{reason}", where)
        return
    hints = class_hints(run, schema)
    if isinstance(hints, Unknown):
        builder.refuse(
            "LF210", f"the fields of {schema.name!r} are not known: {hints.reason}", hints.span
        )
        return
    if schema.kind not in {"typed_dict", "dataclass", "pydantic"}:
        builder.refuse("LF211", f"{schema.name!r} is not a class with fields", schema.span)
        return
    for hint in hints:
        if isinstance(hint.value, Unknown):
            builder.refuse(
                "LF210",
                f"the type of {schema.name}.{hint.name} is not known: {hint.value.reason}",
                hint.field.span,
            )
            continue
        if hint.name in RESERVED:
            builder.refuse("LF205", f"the channel name {hint.name!r} is reserved", hint.field.span)
            continue
        channel = _channel(builder, hint.name, hint.value, hint.field.span)
        if channel is None:
            continue
        known = builder.channels.get(channel.name)
        if known is None:
            builder.channels[channel.name] = channel
        elif channel.reducer is not None and not _same(known.reducer, channel.reducer):
            builder.refuse(
                "LF213",
                f"channel {channel.name!r} is already there with another reducer",
                hint.field.span,
            )


def has_initial(typ: Value) -> bool | None:
    """Whether LangGraph could start a reducer's channel with `typ()`; None if not known."""
    match _unsubscripted(typ):
        case LibraryValue(name) if name in _EMPTY_VALUES:
            return True
        case LibraryValue(name):
            return None if "." in name and not name.startswith(_NEVER_EMPTY) else False
        case ClassValue(kind=kind):
            return True if kind == "typed_dict" else None
        case UnionValue() | Const():
            return False
    return None


def empty_of(typ: Value) -> Literal["list", "tuple", "dict", "set"] | None:
    """Which class LangGraph makes an empty value of for a type that names none, or whose values are of any type."""
    match _unsubscripted(typ):
        case LibraryValue(name):
            return _EMPTY.get(name)
    return None


def empty_container_of(typ: Value) -> Literal["list", "tuple", "dict", "set"] | None:
    """Which container LangGraph makes an empty one of for a type, if it does."""
    match _unsubscripted(typ):
        case LibraryValue(name):
            return _EMPTY.get(name) or _EMPTY_BUILTINS.get(name)
    return None


def _unsubscripted(typ: Value) -> Value:
    inner = stripped(typ)
    while isinstance(inner, Subscripted):
        inner = inner.base
    return inner


_EMPTY_BUILTINS: dict[str, Literal["list", "tuple", "dict", "set"]] = {
    "builtins.list": "list",
    "List": "list",
    "builtins.dict": "dict",
    "Dict": "dict",
    "builtins.set": "set",
    "Set": "set",
}

_EMPTY: dict[str, Literal["list", "tuple", "dict", "set"]] = {
    "Sequence": "list",
    "Mapping": "dict",
    "MutableMapping": "dict",
    "collections.abc.Set": "set",
    "collections.abc.MutableSet": "set",
    "builtins.tuple": "tuple",
    "Tuple": "tuple",
}

_NEVER_EMPTY = ("builtins.", "datetime.", "collections.abc.")
_EMPTY_VALUES = frozenset(
    [
        "builtins.list",
        "builtins.dict",
        "builtins.set",
        "builtins.frozenset",
        "builtins.tuple",
        "builtins.str",
        "builtins.bytes",
        "builtins.int",
        "builtins.float",
        "builtins.bool",
        "builtins.complex",
        "builtins.object",
        "List",
        "Dict",
        "Set",
        "FrozenSet",
        "Tuple",
        "Sequence",
        "Mapping",
        "MutableMapping",
        "collections.abc.Set",
        "collections.abc.MutableSet",
        "collections.deque",
        "collections.Counter",
        "collections.OrderedDict",
        "collections.defaultdict",
        "decimal.Decimal",
    ]
)


def _channel(builder: Builder, name: str, value: Value, span: Span) -> Channel | None:
    found = metadata(value)
    if is_transient(value):
        return Channel(name, LibraryValue(_TRANSIENT[0]), value, span)
    for item in found:
        library = item.base if isinstance(item, Subscripted) else item
        if isinstance(library, LibraryValue) and library.name.startswith(_CHANNEL_CLASSES):
            builder.refuse("LF212", f"channel {name!r} is a {library.name}", span)
            return None
    if is_managed(value):
        builder.warn("LF212", f"the managed value {name!r} is not given to nodes", span)
        return None
    last = found[-1] if found else None
    if last is None or _is_no_reducer(last):
        return Channel(name, None, value, span)
    if isinstance(last, FunctionValue):
        arguments = last.node.args
        if len(arguments.posonlyargs) + len(arguments.args) != 2:
            builder.refuse(
                "LF206", f"the reducer of channel {name!r} does not take two values", span
            )
            return None
    if has_initial(value) is None:
        builder.refuse("LF212", f"what channel {name!r} starts with is not known", span)
        return None
    return Channel(name, last, value, span)


def is_transient(value: Value) -> bool:
    """Whether an annotation makes a channel that holds a value for one superstep only.

    As in LangGraph, the first channel class in the metadata says what the channel is.
    """
    classes = (
        item
        for item in metadata(value)
        if isinstance(item, LibraryValue) and item.name.startswith(_CHANNEL_CLASSES)
    )
    return is_library(next(classes, None), *_TRANSIENT)


def _is_no_reducer(item: Value) -> bool:
    """Whether metadata of an annotation is nothing that LangGraph could call with two values."""
    marks = ("PrivateStateAttr", "OmitFromInput", "OmitFromOutput")
    return (
        isinstance(item, FieldInfoValue | InstanceValue)
        or is_plain(item)
        or is_library(item, *marks)
    )


def custom_reducer(value: Value) -> Value | None:
    """The reducer of an annotation, if it is one that no library's operator stands for."""
    found = metadata(value)
    last = found[-1] if found else None
    if last is None or _is_no_reducer(last):
        return None
    if isinstance(last, LibraryValue) and last.name in {*_OPERATORS, "add_messages"}:
        return None
    library = last.base if isinstance(last, Subscripted) else last
    if isinstance(library, LibraryValue) and library.name.startswith(_CHANNEL_CLASSES):
        return None
    return None if is_transient(value) else last


def is_managed(value: Value) -> bool:
    """Whether a field is no channel but filled by LangGraph, as `RemainingSteps` is."""
    if isinstance(value, LibraryValue):
        return value.name.startswith(_MANAGED)
    if isinstance(value, Subscripted) and value.arguments:
        return any(is_managed(item) for item in (value.base, value.arguments[0])) or any(
            is_managed(item) for item in metadata(value)
        )
    return False


def _same(one: Value | None, other: Value | None) -> bool:
    if one is None or other is None:
        return one is other
    for side in (one, other):
        # LangGraph cannot tell lambdas apart and takes any two reducers with one for the same
        if isinstance(side, FunctionValue) and side.name == "<lambda>":
            return True
    if isinstance(one, LibraryValue) and isinstance(other, LibraryValue):
        return one.name == other.name
    return one is other
