"""LangGraph's stores: what nodes keep in them, and find there."""

import ast

from langferry.converter.lower.method_calls import is_simple
from langferry.converter.lower.signatures import ANY, INT, NONE, STORE
from langferry.converter.lower.web_clients import WebClients
from langferry.model import ir
from langferry.model import types as t

_ITEMS = t.ListType(ANY)

_METHODS: dict[str, tuple[tuple[str, ...], dict[str, object], t.Type]] = {
    "get": (("namespace", "key"), {}, ANY),
    "put": (("namespace", "key", "value"), {}, NONE),
    "delete": (("namespace", "key"), {}, NONE),
    "search": (
        ("namespace_prefix",),
        {"query": None, "filter": None, "limit": 10, "offset": 0},
        _ITEMS,
    ),
    "list_namespaces": (
        (),
        {"prefix": None, "suffix": None, "max_depth": None, "limit": 100, "offset": 0},
        _ITEMS,
    ),
}
"""The methods: what must be given, what may be given by name with what it is otherwise, and the result."""

_IGNORED = frozenset({"index", "refresh_ttl"})
"""What says nothing to a store that does not search by meaning and forgets nothing."""


class Stores(WebClients):
    """Lowers calls of the methods of stores."""

    def _special_method(self, receiver: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        if receiver.type != STORE:
            return super()._special_method(receiver, name, node)
        called = name.removeprefix("a")
        if called not in _METHODS:
            return None
        if called != name and not self.is_awaited(node):
            raise self.refuse("LF302", f"`{name}` of a store that is not awaited", node)
        required, optional, result = _METHODS[called]
        given = self._given_to_store(called, node)
        lowered: dict[str, ir.Expr] = {}
        for parameter, value in given.items():
            want = INT if isinstance(optional.get(parameter), int) else ANY
            if parameter not in _IGNORED:
                lowered[parameter] = self.expect(value, want)
            elif not _is_plain(value):
                message = f"this `{parameter}` for a store is not native"
                raise self.refuse("LF303", message, value)
        if lowered.keys() - optional.keys() != set(required):
            raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        in_order = [x for x in (*required, *optional) if x in lowered]
        if list(lowered) != in_order and not all(map(_is_plain, given.values())):
            raise self.refuse("LF309", f"arguments of `{name}` out of order", node)
        args = (
            lowered.get(x) or self._otherwise(optional[x], node) for x in (*required, *optional)
        )
        return ir.MethodCall(receiver, called, tuple(args), (), result, self.span(node))

    def _given_to_store(self, name: str, node: ast.Call) -> dict[str, ast.expr]:
        """The arguments by their names, in the order in which they stand."""
        required, optional, _ = _METHODS[name]
        by_place = (*required, "index") if name == "put" else required
        ignored = {"put": {"index"}, "get": {"refresh_ttl"}, "search": {"refresh_ttl"}}
        known = {*required, *optional, *ignored.get(name, ())} - {"namespace_prefix"}
        given = dict(zip(by_place, node.args, strict=False))
        names = [keyword.arg or "" for keyword in node.keywords]
        if (
            len(node.args) > len(by_place)
            or len({*given, *names}) < len(given) + len(names)
            or not set(names) <= known
        ):
            raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        return given | {x.arg or "": x.value for x in node.keywords}

    def _otherwise(self, value: object, node: ast.Call) -> ir.Expr:
        """What a parameter is where nothing is given for it."""
        span = self.span(node)
        if isinstance(value, int):
            return ir.IntLit(str(value), INT, span)
        return ir.NoneLit(ANY, span)


def _is_plain(node: ast.expr) -> bool:
    """Whether it makes no difference when it is evaluated, and it cannot fail."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return all(map(_is_plain, items))
        case ast.Dict(keys=keys, values=values):
            return all(key is not None and _is_plain(key) for key in keys) and all(
                map(_is_plain, values)
            )
    return is_simple(node)
