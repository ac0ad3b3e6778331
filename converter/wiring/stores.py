"""Stores, and what a program puts into them while it builds its graph."""

import ast
from typing import TYPE_CHECKING

from langferry.converter.wiring.values import (
    Const,
    DictValue,
    Scope,
    StoreValue,
    TupleValue,
    Unknown,
    Value,
    is_plain,
    plain,
)

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

_PARAMETERS = {"put": ("namespace", "key", "value", "index"), "get": ("namespace", "key")}
_LOOKING = frozenset({"search", "list_namespaces"})
"""The methods that leave a store as it is, though what they find can be changed."""


def store_method(
    run: "Interpreter",
    store: StoreValue,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """`store.put(...)`, noted, or `store.get(...)` of what is not there.

    `store.search(...)` leaves a store known that holds nothing for it to find. Any other method, and any that may be
    called or not, makes `store` unknown: what it gives is its own.
    """
    where = scope.module.span(node)
    if name in _LOOKING and not _may_find(store, args, keywords):
        return Unknown(f"what the method {name!r} of a store gives is not evaluated", where)
    if store.unknown is None and run.doubt is not None:
        store.unknown = Unknown(run.doubt.reason, where)
    elif store.unknown is None and not _done(store, name, args, keywords):
        store.unknown = Unknown(f"the method {name!r} of a store is not evaluated", where)
    return Const(None) if store.unknown is None else Unknown(store.unknown.reason, where)


def _may_find(store: StoreValue, args: list[Value], keywords: dict[str, Value]) -> bool:
    """Whether the store holds items under the namespace that is given first."""
    held = {place for (place, _), item in store.items.items() if item is not None}
    match args[0] if args else keywords.get("namespace_prefix"):
        case TupleValue() as prefix if is_plain(prefix):
            labels = plain(prefix)
            return any(place[: len(labels)] == labels for place in held)
    return bool(held)


def _done(store: StoreValue, name: str, args: list[Value], keywords: dict[str, Value]) -> bool:
    """Do what the method does, where that is known and gives None."""
    parameters = _PARAMETERS.get(name, ())
    given = dict(zip(parameters, args, strict=False)) | keywords
    if len(args) + len(keywords) != len(given) or not given.keys() <= set(parameters):
        return False
    match given:
        case {"namespace": TupleValue() as namespace, "key": Const(str(key))} if is_plain(
            namespace
        ):
            place = (plain(namespace), key)
        case _:
            return False
    if not _is_namespace(place[0]):
        return False
    match name, given.get("value"):
        case "put", DictValue(items, None):
            # which LangGraph copies, but nothing in it
            store.items[place] = DictValue(dict(items))
            return True
        case "get", _ if place not in store.items:
            # the store knows the namespace from now on
            if all(known != place[0] for known, _ in store.items):
                store.items[place[0], None] = None
            return True
    return False


def _is_namespace(labels: object) -> bool:
    """Whether LangGraph lets a program put something there."""
    return (
        isinstance(labels, tuple)
        and bool(labels)
        and labels[0] != "langgraph"
        and all(isinstance(x, str) and x and "." not in x and "\0" not in x for x in labels)
    )
