"""Graphs that a node runs itself."""

import ast

from langferry.converter.lower.message_classes import message_class
from langferry.converter.lower.parallels import Parallels
from langferry.converter.lower.requests import Captured, GraphAt
from langferry.converter.lower.signatures import ANY, INT, STR
from langferry.converter.module_scope import Function, own_nodes, parameters
from langferry.model import ir
from langferry.model import types as t
from langferry.model.walk import walk


class GraphCalls(Parallels):
    """Lowers `graph.invoke(input)` of compiled graphs."""

    def run_graph(self, node: ast.Call) -> ir.Expr | None:
        """The call of a graph, as LangGraph runs one within a node: with the node's own config."""
        func = node.func
        graph = self.graph_of(func.value) if isinstance(func, ast.Attribute) else None
        if not isinstance(graph, GraphAt) or not isinstance(func, ast.Attribute):
            return None
        if func.attr not in ("invoke", "ainvoke"):
            raise self.refuse("LF303", f"`{func.attr}` of a graph is not native", node)
        self.check_use("run", node)
        if func.attr == "ainvoke" and not self.is_awaited(node):
            raise self.refuse("LF302", "a coroutine that is not waited for right there", node)
        args, keywords = self.without_config(node)
        given = {item.arg: item.value for item in keywords}
        given |= dict(zip(("input", "config"), args, strict=False))
        if len(args) > 2 or not {"input"} <= given.keys() <= {"input", "config"}:
            raise self.refuse("LF303", "this way to run a graph is not native", node)
        limit = [self._limit(given["config"])] if "config" in given else []
        value = self.expr(given["input"])
        is_dict = isinstance(value.type, t.DictType | t.AnyType) or self._is_typed_dict(value.type)
        if not is_dict or isinstance(value, ir.NoneLit):
            raise self.refuse("LF303", "a graph that is run on this is not native", node)
        self.check_ids(graph, value, given["input"])
        input_ = self.fitted(value, ANY, given["input"])
        span = self.span(node)
        id_ = ir.StrLit(graph.id, STR, span)
        return ir.Call("langgraph.invoke", (id_, input_, *limit), (), ANY, span)

    def is_graph_made(self, node: ast.Assign) -> bool:
        """Whether an assignment only gives a name to a graph that is made there."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name) as target], value=ast.Call() as call):
                if self.bound.get(name) == [target] and self._made_graph(call) is not None:
                    self.assigned.add(name)
                    return True
        return False

    def graph_of(self, node: ast.expr) -> Captured | None:
        """The graph that `node` is, if it is one."""
        if isinstance(node, ast.Call):
            return self._made_graph(node)
        found = self.standing_for(node)
        if found is not None or not isinstance(node, ast.Name) or node.id not in self.bound:
            return found
        if any(node.id in inner for inner in self.inner) or node.id not in self.assigned:
            return None
        assert self.function is not None
        given = [
            part.value
            for part in own_nodes(self.function)
            if isinstance(part, ast.Assign) and part.targets == self.bound[node.id]
        ]
        match given:
            case [ast.Call() as call]:
                return self._made_graph(call)
        return None

    def _made_graph(self, call: ast.Call) -> GraphAt | None:
        local = any(self.is_local(x.id) for x in ast.walk(call) if isinstance(x, ast.Name))
        return None if local else self.meaning.made_graph(self.scope.path, call)

    def _limit(self, config: ast.expr) -> ir.Expr:
        """The only part of a config with which the run stays within the node's own."""
        match config:
            case ast.Dict(keys=[ast.Constant(value="recursion_limit")], values=[value]):
                limit = self.expect(value, INT)
                if isinstance(limit, ir.IntLit):
                    return limit
        raise self.refuse("LF303", "a graph that is run with a config of its own", config)

    def _is_typed_dict(self, kind: t.Type) -> bool:
        return isinstance(kind, t.RecordType) and self.records[kind.record].kind == "typed_dict"

    def check_ids(self, graph: GraphAt, value: ir.Expr, node: ast.expr) -> None:
        """Refuse an input by which the graph may give ids to messages in the state of this one.

        LangGraph changes the very objects: those that a channel without `add_messages` holds may lack ids.
        """
        if isinstance(value, ir.DictLit) and all(
            isinstance(key, ir.StrLit) for key, _ in value.entries
        ):
            given = [
                item
                for key, item in value.entries
                if isinstance(key, ir.StrLit) and key.value in graph.messages
            ]
        else:
            given = [value]
        parts = [part for item in given for part in walk([item])]
        fields = [
            (part.value.type, part.field)
            for part in parts
            if isinstance(part, ir.Field | ir.FieldOr)
        ]
        for part in parts:
            if isinstance(part, ir.Name) and isinstance(part.type, t.RecordType):
                if not any(isinstance(x, ir.Field | ir.FieldOr) and x.value is part for x in parts):
                    fields += [(part.type, name) for name in graph.messages]
            elif isinstance(part, ir.Name) and self._holds_own_messages(part.name):
                continue
            elif isinstance(part, ir.Name) and _may_hold_messages(part.type):
                if self.request is None and part.name in self._parameters():
                    raise self.refuse("LF306", f"messages in `{part.name}` may be given ids", node)
                fields += [
                    (kind, field.name)
                    for kind in self.locals.values()
                    if isinstance(kind, t.RecordType)
                    for field in self.records[kind.record].fields
                    if self._is_read(field.name)
                ]
        for kind, name in fields:
            assert isinstance(kind, t.RecordType)
            for field in self.records[kind.record].fields:
                adds = field.reducer is not None and field.reducer.kind == "add_messages"
                if field.name == name and not adds and _may_hold_messages(field.type):
                    message = f"messages in `{name}` may be given ids in place"
                    raise self.refuse("LF306", message, node)

    def _holds_own_messages(self, name: str) -> bool:
        """Whether a local is a list of messages made where it is written, and is named nowhere else."""
        assert self.function is not None
        nodes = [part for item in _body(self.function) for part in ast.walk(item)]
        given = [
            part.value
            for part in nodes
            if isinstance(part, ast.Assign) and part.targets == self.bound.get(name)
        ]
        named = sum(isinstance(part, ast.Name) and part.id == name for part in nodes)
        match given:
            case [ast.List(elts=items)] if named == 2 and len(self.bound[name]) == 1:
                return all(
                    isinstance(item, ast.Call)
                    and message_class(self.resolve(item.func) or "") is not None
                    for item in items
                )
        return False

    def _parameters(self) -> set[str]:
        assert self.function is not None
        return {item.arg for item in parameters(self.function)}

    def _is_read(self, field: str) -> bool:
        """Whether the function names a field of a state."""
        assert self.function is not None
        return any(_names(part) == field for part in ast.walk(self.function))


def _body(function: Function) -> list[ast.AST]:
    return [function.body] if isinstance(function, ast.Lambda) else list(function.body)


def _names(part: ast.AST) -> object:
    match part:
        case ast.Constant(value=name) | ast.Attribute(attr=name):
            return name
    return None


def _may_hold_messages(kind: t.Type) -> bool:
    match kind:
        case t.AnyType():
            return True
        case t.ListType(item=item) | t.OptionalType(item=item):
            return _may_hold_messages(item)
    return False
