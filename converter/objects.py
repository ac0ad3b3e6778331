"""Objects of libraries that parts of agents hold, as the lowering makes them anew."""

from collections.abc import Mapping

from langferry.converter.constants import encode
from langferry.converter.lower.requests import AgentTools, Items, Made, Object, ToolAt
from langferry.converter.wiring.values import (
    AgentToolsValue,
    FunctionValue,
    ListValue,
    TupleValue,
    Unknown,
    Value,
    is_plain,
    plain,
)


def objects_in(values: Mapping[str, Value]) -> dict[str, Object]:
    """Those of `values` that can be made anew and are no plain data."""
    made = {name: as_object(value) for name, value in values.items() if not is_plain(value)}
    return {name: value for name, value in made.items() if isinstance(value, Made | Items)}


def as_object(value: Value) -> Object | None:
    """How `value` is made anew, None where that is not known."""
    match value:
        case Unknown(made=(function, receiver, keywords)):
            given = {name: as_object(item) for name, item in keywords.items()}
            base = None if receiver is None else as_object(receiver)
            known = tuple((name, item) for name, item in given.items() if item is not None)
            if len(known) < len(given) or (receiver is not None and base is None):
                return None
            return Made(function, base, known)
        case AgentToolsValue(tools, ending):
            return AgentTools(as_object(tools), tuple(ending))
        case Unknown(wraps=FunctionValue() as function) | (FunctionValue() as function):
            node = function.node
            return ToolAt(function.module.file, node.lineno, node.col_offset)
        case ListValue(items, None) | TupleValue(items) if items and not is_plain(value):
            made = [as_object(item) for item in items]
            kept = tuple(item for item in made if item is not None)
            return Items(kept) if len(kept) == len(made) else None
    if not is_plain(value):
        return None
    try:
        return encode(plain(value))
    except ValueError:
        return None
