"""Methods of lists, dicts and sets, on data that may hold functions and graphs."""

import ast
from typing import TYPE_CHECKING

from langferry.converter.wiring.values import (
    Const,
    DictValue,
    ListValue,
    Scope,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    is_plain,
    plain,
    wrap,
)

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

_READING = frozenset(
    [
        "index",
        "count",
        "copy",
        "get",
        "keys",
        "values",
        "items",
        "union",
        "intersection",
        "difference",
    ]
)


def list_or_dict_method(
    run: "Interpreter",
    receiver: ListValue | DictValue | SetValue,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """`receiver.name(*args)`; changes `receiver` as Python would, or marks it as not known."""
    where = scope.module.span(node)
    if receiver.unknown is not None:
        if isinstance(receiver, DictValue) and name not in _READING:
            receiver.perhaps = None
        return Unknown(receiver.unknown.reason, where)
    if run.doubt is not None and name not in _READING:
        receiver.unknown = Unknown(run.doubt.reason, where)
        return Unknown(run.doubt.reason, where)
    try:
        if isinstance(receiver, ListValue):
            found = _list(receiver.items, name, args, keywords)
        elif isinstance(receiver, DictValue):
            found = _dict(receiver.items, name, args, keywords)
        else:
            found = _set(receiver, name, args)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        found = Unknown(f"{name!r} raises {type(error).__name__}", where)
    if found is None:
        receiver.unknown = Unknown(f"the method {name!r} is not evaluated", where)
        return receiver.unknown
    return found


def _list(
    items: list[Value], name: str, args: list[Value], keywords: dict[str, Value]
) -> Value | None:
    from langferry.converter.wiring.expressions import iterate

    match name, args:
        case "append", [value]:
            items.append(value)
            return Const(None)
        case "extend", [source]:
            more = iterate(source)
            if more is None:
                return None
            items.extend(list(more))
            return Const(None)
        case "insert", [Const(int(at)), value]:
            items.insert(at, value)
            return Const(None)
        case "pop", []:
            return items.pop()
        case "pop", [Const(int(at))]:
            return items.pop(at)
        case "clear", []:
            items.clear()
            return Const(None)
        case "reverse", []:
            items.reverse()
            return Const(None)
        case "copy", []:
            return ListValue(list(items))
        case (("index" | "count"), [value]) if is_plain(value) and all(map(is_plain, items)):
            return wrap(getattr([plain(item) for item in items], name)(plain(value)))
        case "remove", [value] if is_plain(value) and all(map(is_plain, items)):
            del items[[plain(item) for item in items].index(plain(value))]
            return Const(None)
        case "sort", [] if not keywords and all(map(is_plain, items)):
            items[:] = [wrap(item) for item in sorted(plain(item) for item in items)]
            return Const(None)
    return None


def _dict(
    pairs: dict[object, Value], name: str, args: list[Value], keywords: dict[str, Value]
) -> Value | None:
    match name, args:
        case (("get" | "pop" | "setdefault"), [key, *rest]) if is_plain(key) and len(rest) < 2:
            found = plain(key)
            if name == "setdefault":
                return pairs.setdefault(found, rest[0] if rest else Const(None))
            if name == "get":
                return pairs.get(found, rest[0] if rest else Const(None))
            return pairs.pop(found, rest[0]) if rest else pairs.pop(found)
        case "keys", []:
            return ListValue([wrap(key) for key in pairs])
        case "values", []:
            return ListValue(list(pairs.values()))
        case "items", []:
            return ListValue([TupleValue([wrap(key), value]) for key, value in pairs.items()])
        case "update", []:
            pairs.update(keywords)
            return Const(None)
        case "update", [DictValue(more, None)]:
            pairs.update(more)
            pairs.update(keywords)
            return Const(None)
        case "copy", []:
            return DictValue(dict(pairs))
        case "clear", []:
            pairs.clear()
            return Const(None)
    return None


def _set(receiver: SetValue, name: str, args: list[Value]) -> Value | None:
    if not all(is_plain(value) for value in args):
        return None
    values = [plain(value) for value in args]
    match name, values:
        case (("add" | "discard" | "remove"), [value]) if not receiver.frozen:
            getattr(receiver.items, name)(value)
            return Const(None)
        case "update", [_] if not receiver.frozen:
            receiver.items.update(values[0])
            return Const(None)
        case (("union" | "intersection" | "difference"), _):
            return SetValue(getattr(receiver.items, name)(*values), receiver.frozen)
        case "copy", []:
            return SetValue(set(receiver.items), receiver.frozen)
    return None
