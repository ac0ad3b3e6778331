"""What `__post_init__` of a dataclass does with a new object, which nobody else has seen yet.

It becomes a helper that is given the object and gives it back: setting an attribute makes the object
anew.
"""

import ast
from collections.abc import Collection
from typing import TypeVar

import msgspec

from langferry.converter.lower.bare_states import renamed
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

Part = TypeVar("Part")

OBJECT = "made"
"""What the helper calls the object."""


def object_of(definition: ast.FunctionDef, fields: Collection[str]) -> str | ast.AST:
    """What the method calls its object, or a place where it does more than to read and set its fields."""
    (own,) = (item.arg for item in definition.args.args)
    parents = {y: x for x in ast.walk(definition) for y in ast.iter_child_nodes(x)}
    for node in ast.walk(definition):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda() | ast.ClassDef():
                if node is not definition:
                    return node
            case ast.Return(value=ast.expr()) | ast.Yield() | ast.YieldFrom():
                return node
            case ast.Name(id=name) if name == own:
                part = parents[node]
                if not isinstance(part, ast.Attribute) or part.attr not in fields:
                    return node
                setting = parents[part]
                alone = isinstance(setting, ast.Assign) and setting.targets == [part]
                if not isinstance(part.ctx, ast.Load) and not alone:
                    return node
            case ast.Name(id=name) if name == OBJECT:
                return node
    return own


def giving_object(body: ir.FunctionBody, own: str, at: Span) -> ir.FunctionBody:
    """The body with its object called `OBJECT`, which it gives back wherever it ends."""
    held = ir.Name(OBJECT, t.AnyType(), at)
    statements = _given_back(renamed(body.statements, own, OBJECT), held)
    return msgspec.structs.replace(body, statements=(*statements, ir.Return(held, at)))


def _given_back(part: Part, held: ir.Name) -> Part:
    if isinstance(part, tuple):
        return tuple(_given_back(item, held) for item in part)  # type: ignore[return-value]
    if isinstance(part, ir.Return):
        return msgspec.structs.replace(part, value=held)
    if not isinstance(part, msgspec.Struct) or isinstance(part, Span):
        return part
    changes = {x: _given_back(getattr(part, x), held) for x in part.__struct_fields__}
    return msgspec.structs.replace(part, **changes)
