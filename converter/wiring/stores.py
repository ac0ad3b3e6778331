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

_PARAMETERS = ("namespace", "key", "value", "index")
"""Those of `put`."""


def store_method(
    run: "Interpreter",
    store: StoreValue,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """`store.put(...)`, noted; any other method, and any that may be called or not, makes `store` unknown.

    Asking for an item changes a store, too: it knows the namespace from then on, and what it gives is its own.
    """
    where = scope.module.span(node)
    if store.unknown is None:
        if run.doubt is not None:
            store.unknown = Unknown(run.doubt.reason, where)
        elif name != "put" or not _put(store, args, keywords):
            store.unknown = Unknown(f"the method {name!r} of a store is not evaluated", where)
    return Const(None) if store.unknown is None else Unknown(store.unknown.reason, where)


def _put(store: StoreValue, args: list[Value], keywords: dict[str, Value]) -> bool:
    """Put something in, where it is known what."""
    given = dict(zip(_PARAMETERS, args, strict=False)) | keywords
    if len(args) + len(keywords) != len(given) or not given.keys() <= set(_PARAMETERS):
        return False
    match given:
        case {
            "namespace": TupleValue() as namespace,
            "key": Const(str(key)),
            "value": DictValue(items, None),
        } if is_plain(namespace):
            labels = plain(namespace)
        case _:
            return False
    if not _is_namespace(labels):
        return False
    # which LangGraph copies, but nothing in it
    store.items[labels, key] = DictValue(dict(items))
    return True


def _is_namespace(labels: object) -> bool:
    """Whether LangGraph lets a program put something there."""
    return (
        isinstance(labels, tuple)
        and bool(labels)
        and labels[0] != "langgraph"
        and all(isinstance(x, str) and x and "." not in x and "\0" not in x for x in labels)
    )
