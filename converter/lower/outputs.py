"""What nodes, routers, reducers and helpers give back."""

import ast

from langferry.converter.lower import convert as fit
from langferry.converter.lower.calls import Calls
from langferry.converter.lower.expressions import type_name
from langferry.converter.lower.signatures import ANY, NONE
from langferry.converter.lower.state_writes import order_of_keys
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
        if isinstance(value, ast.Dict):
            rest = value
            base = self._spread_state(value)
            if base is not None:
                rest = ast.copy_location(ast.Dict(value.keys[1:], value.values[1:]), value)
            if all(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in rest.keys):
                return self._literal_update(rest, base)
        lowered = self.expr(value)
        if self._is_state(lowered):
            return self._literal_update(ast.copy_location(ast.Dict([], []), value), lowered)
        match lowered.type:
            case t.DictType(key=t.StrType()):
                return ir.DynamicUpdate(lowered, self.span(value))
        raise self.refuse("LF310", f"an update of {type_name(lowered.type)}", value)

    def _spread_state(self, value: ast.Dict) -> ir.Expr | None:
        """The state that a dict begins with: `{**state, ...}`."""
        if not value.keys or value.keys[0] is not None:
            return None
        base = self.expr(value.values[0])
        return base if self._is_state(base) else None

    def _is_state(self, value: ir.Expr) -> bool:
        kind = value.type
        return (
            isinstance(kind, t.RecordType)
            and self.records[kind.record].kind == "typed_dict"
            and isinstance(value, ir.Name)
            and self.is_given(value.name)
        )

    def is_given(self, name: str) -> bool:
        """Whether this is the dict that LangGraph gives to a node, still under its first name."""
        return (
            self.form == "node"
            and self.request is not None
            and name in self.request.parameters
            and all(isinstance(item, ast.arg) for item in self.bound.get(name, []))
        )

    def is_own_state(self, node: ast.expr) -> bool:
        """Whether this names the dict made for this node, whose keys it may set."""
        if not isinstance(node, ast.Name) or any(node.id in names for names in self.inner):
            return False
        kind = self.locals.get(node.id)
        return (
            self.is_given(node.id)
            and isinstance(kind, t.RecordType)
            and self.records[kind.record].kind == "typed_dict"
        )

    def written_order(self, name: str) -> tuple[str, ...] | None:
        """The keys put into the state, in their order; None where that is not certain."""
        assert self.function is not None
        return order_of_keys(self.function, name)

    def _added(self, base: ir.Expr) -> tuple[str, ...]:
        """The keys that may be new in `base`, unless they come in the order of its fields anyway."""
        if not isinstance(base, ir.Name) or not isinstance(base.type, t.RecordType):
            return ()
        fields = [field.name for field in self.records[base.type.record].fields]
        order = self.written_order(base.name) or ()
        return () if list(order) == sorted(order, key=fields.index) else order

    def _literal_update(self, value: ast.Dict, base: ir.Expr | None = None) -> ir.Update:
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
        added = () if base is None else self._added(base)
        return ir.Update(state, tuple(writes), self.span(value), base, added)

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
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            # LangGraph itself refuses it, unless a path map leads somewhere from it
            return ir.NoneLit(ANY, self.span(node))
        if isinstance(value, ast.List) and value.elts:
            items = [self.expr(item) for item in value.elts]
            if len({item.type for item in items}) > 1:
                raise self.refuse("LF302", "a list of names and Sends is not native", node)
        lowered = self.expr(value)
        kind = lowered.type
        if isinstance(kind, t.ListType | t.OptionalType):
            kind = kind.item
        if not _is_target(kind) and not isinstance(kind, t.BoolType | t.IntType | t.AnyType):
            raise self.refuse("LF307", f"a router's result of {type_name(lowered.type)}", node)
        if isinstance(lowered.type, t.AnyType):
            raise self.refuse("LF307", "a router's result of unknown type", node)
        return lowered


def _is_target(kind: t.Type) -> bool:
    return isinstance(kind, t.StrType) or kind == t.ClassType("langgraph.types.Send")
