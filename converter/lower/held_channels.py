"""Which channels a program writes what something else may hold as well.

LangGraph keeps the very object that a node gives back. Where a later node changes a channel's value in place,
whoever else holds that object sees it: another channel, a constant of a module, what a graph was called with.
"""

import ast
from collections.abc import Iterable, Iterator

from langferry.converter.lower.asked import Asked
from langferry.converter.module_scope import Function, ModuleScope, bindings

_GIVING = frozenset({"Send", "invoke", "ainvoke", "stream", "astream", "batch", "abatch"})
"""What is called with the values that channels of a graph or node then hold."""

_WRITTEN_AND_GIVEN = 2
"""How often a name is written that is bound and then given away."""


def held_channels(scopes: Iterable[ModuleScope]) -> frozenset[str]:
    """The keys under which a function of the program writes what may be held elsewhere, too."""
    scopes = tuple(scopes)
    asked = Asked(scopes)
    return frozenset(
        key
        for scope in scopes
        for function in scope.nodes
        if isinstance(function, Function)
        for key in _held_by(function, asked)
    )


def _held_by(function: Function, asked: Asked) -> Iterator[str]:
    own = bindings(function)
    body = function.body if isinstance(function.body, list) else [function.body]
    written = [
        (key, value, statement, is_given)
        for statement in _statements(body)
        for key, value, is_given in _writes(statement, False, asked)
    ]
    kept: dict[str, set[tuple[str, int, bool]]] = {}
    for key, value, statement, _ in written:
        for root, _ in _roots(value):
            kept.setdefault(root, set()).add(
                (key, id(statement), isinstance(statement, ast.Return))
            )
    names = [x.id for item in body for x in ast.walk(item) if isinstance(x, ast.Name)]
    for key, value, statement, is_given in written:
        for root, read in _roots(value):
            places = {x for other in kept if _is_part(other, root) for x in kept[other]}
            name = root.partition(".")[0]
            beside = {other for other, at, _ in places if at == id(statement)} - {key}
            before = {other for other, at, last in places if at != id(statement) and not last}
            if read is not None and (read != key or is_given):
                # one channel's value under another's name, or given to a node by itself
                yield key
                yield read
            elif name not in own or (read is None and (beside or before)):
                yield key
            elif is_given and names.count(name) > _WRITTEN_AND_GIVEN:
                # looked at by who has given it
                yield key


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The innermost statements, or a lambda's expression."""
    for item in body:
        inner = [
            part
            for name in ("body", "orelse", "finalbody", "handlers", "cases")
            if isinstance(parts := getattr(item, name, None), list)
            for part in parts
        ]
        if inner and not isinstance(item, Function | ast.ClassDef):
            yield from _statements(inner)
        elif not isinstance(item, Function | ast.ClassDef):
            yield item


def _is_part(one: str, other: str) -> bool:
    """Whether one of two roots may lie in the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _writes(node: ast.AST, is_given: bool, asked: Asked) -> Iterator[tuple[str, ast.expr, bool]]:
    """The values that stand under a key, in a dict, as an argument by name, or set as an item."""
    match node:
        case ast.Call(func=ast.Attribute(value=of, attr=attr)) if attr in _GIVING and asked.has(of):
            return
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value, is_given
        case ast.Call(func=function, keywords=keywords):
            called = ast.unparse(function).rpartition(".")[2]
            is_given |= called in _GIVING
            # what a message is made of are no channels
            named = [] if called.endswith("Message") else keywords
            yield from ((x.arg, x.value, is_given) for x in named if x.arg is not None)
        case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str(name)))], value=value):
            yield name, value, is_given
    for child in ast.iter_child_nodes(node):
        yield from _writes(child, is_given, asked)


def _roots(value: ast.expr) -> Iterator[tuple[str, str | None]]:
    """The names, or attributes of names, that a value is or is a part of, with the key that it is read by."""
    match value:
        case ast.Attribute(value=ast.Name(id=name), attr=attr):
            yield f"{name}.{attr}", None
        case ast.Name(id=name):
            yield name, None
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
            yield name, key
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="get"),
            args=[ast.Constant(value=str(key)), *rest],
        ):
            yield name, key
            for other in rest:
                yield from _roots(other)
        case ast.Attribute(value=of) | ast.Subscript(value=of) | ast.Await(value=of):
            yield from _roots(of)
        case ast.IfExp(body=one, orelse=other):
            yield from _roots(one)
            yield from _roots(other)
        case ast.BoolOp(values=values):
            for item in values:
                yield from _roots(item)
