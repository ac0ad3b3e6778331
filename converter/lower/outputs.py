"""What nodes, routers, reducers and helpers give back."""

import ast

from langferry.converter.lower import convert as fit
from langferry.converter.lower.calls import Calls
from langferry.converter.lower.expressions import type_name
from langferry.converter.lower.signatures import ANY, NONE
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t


class Outputs(Calls):
    """Lowers results."""

    returns: t.Type | None = None

    form: str = "helper"

    def _return(self, value: ast.expr | None, node: ast.stmt) -> list[ir.Stmt]:
        if isinstance(value, ast.IfExp) and self.form == "node":
            test = self.condition(value.test)
            start = set(self.assigned)
            then, otherwise = self._return(value.body, node), self._return(value.orelse, node)
            self.assigned = start
            return [ir.If(test, tuple(then), tuple(otherwise), self.span(node))]
        return [ir.Return(self._returned(value, node), self.span(node))]

    def _returned(
        self, value: ast.expr | None, node: ast.stmt
    ) -> ir.Expr | ir.Update | ir.DynamicUpdate | ir.Command | None:
        if self.form == "node":
            return self._node_output(value, node)
        if self.form == "router":
            return self._route(value, node)
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            if self.returns is None or isinstance(self.returns, t.NoneType):
                return None
            return self.fitted(ir.NoneLit(NONE, self.span(node)), self.returns, node)
        if self.returns is None:
            return self.expr(value)
        want = self.returns.item if isinstance(self.returns, t.OptionalType) else self.returns
        return self.fitted(self.expr(value, want), self.returns, node)

    def _node_output(
        self, value: ast.expr | None, node: ast.stmt
    ) -> ir.Update | ir.DynamicUpdate | ir.Command | None:
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            return None
        if isinstance(value, ast.Call):
            qualified = self.resolve(value.func)
            if qualified == "langgraph.types.Command":
                return self._command(value)
        return self.update(value)

    def update(self, value: ast.expr) -> ir.Update | ir.DynamicUpdate:
        """What a node writes."""
        if isinstance(value, ast.Dict) and all(
            isinstance(key, ast.Constant) and isinstance(key.value, str) for key in value.keys
        ):
            return self._literal_update(value)
        lowered = self.expr(value)
        match lowered.type:
            case t.DictType(key=t.StrType()):
                return ir.DynamicUpdate(lowered, self.span(value))
        raise self.refuse("LF310", f"an update of {type_name(lowered.type)}", value)

    def _literal_update(self, value: ast.Dict) -> ir.Update:
        state = self.request.state if self.request is not None else None
        if state is None:
            raise self.refuse("LF310", "the graph's state is not known", value)
        fields = self.records[state].fields
        known = {field.name: fit.plain(field.type) for field in fields}
        coerced = {
            field.name
            for field in fields
            if field.reducer is not None and field.reducer.kind == "add_messages"
        }
        writes: list[tuple[str, ir.Expr, Span]] = []
        for key, item in zip(value.keys, value.values, strict=True):
            assert isinstance(key, ast.Constant)
            assert isinstance(key.value, str)
            kind = known.get(key.value)
            if kind is None:
                raise self.refuse("LF310", f"`{key.value}` is no channel of the state", key)
            if any(key.value == written[0] for written in writes):
                raise self.refuse("LF310", f"key {key.value!r} stands twice", key)
            want = kind.item if isinstance(kind, t.OptionalType) else kind
            given = self.expr(item, want)
            if key.value in coerced and not isinstance(given.type, t.ListType | t.OptionalType):
                # the reducer makes messages of whatever it is given
                kind = ANY
            lowered = self.fitted(given, kind, item)
            writes.append((key.value, lowered, self.span(key)))
        return ir.Update(state, tuple(writes), self.span(value))

    def _command(self, node: ast.Call) -> ir.Command:
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if node.args or options.keys() - {"update", "goto"}:
            raise self.refuse("LF302", "this form of `Command` is not native", node)
        if list(options) == ["goto", "update"]:
            goto_first = not isinstance(options["goto"], ast.Constant)
            if goto_first:
                raise self.refuse("LF302", "`goto` computed before `update` is not native", node)
        update = self.update(options["update"]) if "update" in options else None
        goto: list[ir.Expr] = []
        if "goto" in options:
            given = options["goto"]
            parts = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
            for part in parts:
                target = self.expr(part)
                if not _is_target(target.type):
                    raise self.refuse("LF307", f"going to {type_name(target.type)}", part)
                goto.append(target)
        return ir.Command(update, tuple(goto), self.span(node))

    def _route(self, value: ast.expr | None, node: ast.stmt) -> ir.Expr:
        if value is None:
            raise self.refuse("LF302", "a router without a result is not native", node)
        if isinstance(value, ast.List) and value.elts:
            items = [self.expr(item) for item in value.elts]
            if len({item.type for item in items}) > 1:
                raise self.refuse("LF302", "a list of names and Sends is not native", node)
        lowered = self.expr(value)
        kind = lowered.type.item if isinstance(lowered.type, t.ListType) else lowered.type
        if not _is_target(kind) and not isinstance(kind, t.BoolType | t.IntType | t.AnyType):
            raise self.refuse("LF307", f"a router's result of {type_name(lowered.type)}", node)
        if isinstance(lowered.type, t.AnyType):
            raise self.refuse("LF307", "a router's result of unknown type", node)
        return lowered


def _is_target(kind: t.Type) -> bool:
    return isinstance(kind, t.StrType) or kind == t.ClassType("langgraph.types.Send")
