"""States that are bare values, as of a `StateGraph(dict)`: a node is given the value itself.

LangGraph keeps such a value in one channel, which is the only field of the record that stands for
the state. So the body is lowered for a value of that field's type, which is read before it begins.
"""

from collections.abc import Collection, Mapping
from typing import TypeVar

import msgspec

from langferry.converter.wiring.whole import ROOT
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.program import Record

Part = TypeVar("Part")


def bare_kind(records: Mapping[str, Record], kind: t.Type) -> t.Type | None:
    """The type of the value that a state is, None for a state with channels."""
    if not isinstance(kind, t.RecordType):
        return None
    fields = records[kind.record].fields
    return fields[0].type if [field.name for field in fields] == [ROOT] else None


def reading_value(
    body: ir.FunctionBody, name: str, state: t.Type, value: t.Type, taken: Collection[str], at: Span
) -> ir.FunctionBody:
    """The body of a function whose parameter `name` is the `state` that holds the `value` it speaks of."""
    inner = f"{name}_value"
    while inner in taken:
        inner += "_"
    read = ir.Field(ir.Name(name, state, at), ROOT, value, at)
    bind = ir.Bind(ir.NameTarget(inner, value, at), read, at)
    statements = renamed(body.statements, name, inner)
    return msgspec.structs.replace(body, statements=(bind, *statements))


def renamed(part: Part, old: str, new: str) -> Part:
    """The part with the local `old` called `new`."""
    if isinstance(part, tuple):
        return tuple(renamed(item, old, new) for item in part)  # type: ignore[return-value]
    if not isinstance(part, msgspec.Struct) or isinstance(part, Span):
        return part
    changes = {x: renamed(getattr(part, x), old, new) for x in part.__struct_fields__}
    if isinstance(part, ir.Name | ir.NameTarget) and part.name == old:
        changes["name"] = new
    return msgspec.structs.replace(part, **changes)  # type: ignore[type-var]
