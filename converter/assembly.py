"""Turns the graphs the wiring found into the model's graphs, records and reached functions."""

import ast
from collections.abc import Collection, Iterable

from langferry.converter.bridging import WHOLE
from langferry.converter.called_graphs import CalledGraphs
from langferry.converter.constants import encode
from langferry.converter.functions import (
    INJECTED,
    Functions,
    Reached,
    filled_with,
    keeps_default,
    name_for,
    unbound,
)
from langferry.converter.object_states import why_opaque
from langferry.converter.records import FieldPlace, Records, unique
from langferry.converter.wiring import names, sequences
from langferry.converter.wiring.builder import START
from langferry.converter.wiring.graphs import BranchSpec, Compiled, NodeSpec, Whole
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.schemas import metadata
from langferry.converter.wiring.tool_nodes import options_of
from langferry.converter.wiring.validation import validate
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    NodeToolsValue,
    PartialValue,
    PartValue,
    RunnableValue,
    Scope,
    Subscripted,
    Unknown,
    Value,
)
from langferry.converter.wiring.whole import anything, is_bare, unread
from langferry.diagnostics import Diagnostic, Failure, Span, lookup
from langferry.model import types as t
from langferry.model.program import Branch, Edge, Graph, Node, PathMapEntry, Reason


class Assembly:
    """Collects graphs, records and functions; `findings` are errors and warnings."""

    def __init__(self, run: Interpreter, scope: Scope, loose: Collection[FieldPlace] = ()) -> None:
        self.run = run
        self.scope = scope
        self.records = Records(run, loose)
        self.functions = Functions(run, self.records)
        self.findings: list[Diagnostic] = []
        self.graphs: dict[str, Graph] = {}
        self._ids: dict[int, str] = {}
        self.compiled: dict[str, Compiled] = {}
        """What the graphs in `graphs` were compiled of."""
        self.called = CalledGraphs(run, self._ids)
        self._made: set[str] = set()
        self._open: set[int] = set()

    def graph(self, compiled: Compiled, suggestion: str, checkpointer: str | None) -> str:
        """The id of a graph; it and all graphs it holds are in `graphs` from now on.

        Raises:
            Failure: LF210 when a schema is not known.
        """
        if id(compiled) not in self._ids:
            self._ids[id(compiled)] = unique(suggestion, tuple(self._ids.values()))
        identifier = self._ids[id(compiled)]
        if identifier in self._made:
            return identifier
        self._made.add(identifier)
        self.compiled[identifier] = compiled
        found = unread(self.run, compiled)
        if found is not None:
            self.graphs[identifier] = self._whole(compiled, found, identifier, suggestion)
            if checkpointer is not None:
                self.error("LF222", "a graph that runs as one node keeps to its own", compiled.span)
            return identifier
        builder = compiled.builder
        validate(builder, compiled.span)
        self.findings.extend(builder.findings)
        state, given, taken = (
            self._schema(value, compiled.span)
            for value in (builder.state, builder.input, builder.output)
        )
        nodes, branches = [], []
        inputs = {spec.name: self._schema(spec.input, spec.span) for spec in builder.nodes.values()}
        for spec in builder.nodes.values():
            node = self._node(spec, state, inputs[spec.name], compiled)
            if node is not None:
                nodes.append(node)
        sent = {spec.name for spec in builder.nodes.values() if spec.is_sent}
        for branch in builder.branches:
            read = state if branch.source in sent else inputs.get(branch.source, state)
            made = self._branch(branch, state, read, compiled)
            if made is not None:
                branches.append(made)
        self._reducers(compiled)
        for reached in self.functions.reached.values():
            if reached.state == state:
                reached.inputs = inputs
        self.graphs[identifier] = Graph(
            identifier,
            compiled.name or suggestion,
            state,
            given,
            taken,
            tuple(nodes),
            tuple(Edge(e.sources, e.target, e.joined, e.span) for e in builder.edges),
            tuple(branches),
            "memory" if (checkpointer or compiled.checkpointer) == "memory" else None,
            compiled.interrupt_before,
            compiled.interrupt_after,
            compiled.span,
        )
        return identifier

    def take_called(self, ids: Iterable[str]) -> bool:
        """Take in graphs that nodes run, by their ids; whether one was new."""
        new = [id_ for id_ in ids if id_ not in self._made]
        for id_ in new:
            self.graph(self.called.named(id_), id_, None)
        return bool(new)

    def _whole(self, compiled: Compiled, found: Whole, identifier: str, suggestion: str) -> Graph:
        """A graph of one node, which runs all of `compiled` in Python."""
        self._warn("LF224", f"the graph runs as one node: {found.why.reason}", found.why.span)
        module, where = compiled.builder.scope.module, compiled.span
        state = self.records.id_of(anything(self.run, module, where))
        name = found.node
        reached = self._object("node", found.why, state, name, (id(compiled), WHOLE), where)
        reached.holder, reached.access = compiled, WHOLE
        return Graph(
            identifier,
            compiled.name or suggestion,
            state,
            state,
            state,
            (Node(name, reached.id, None, state, False, False, where),),
            (Edge((START,), name, False, where),),
            (),
            # what its own saver keeps lasts as long; a run can be stopped by a question and go on
            "memory" if compiled.checkpointer == "memory" else None,
            (),
            (),
            where,
        )

    def _warn(self, code: str, message: str, span: Span) -> None:
        self.findings.append(Diagnostic(code, "warning", message, span, lookup(code).next_step))

    def error(self, code: str, message: str, span: Span | None, help: str | None = None) -> None:
        """Note an error."""
        step = help if help is not None else lookup(code).next_step
        finding = Diagnostic(code, "error", message, span, step)
        if finding not in self.findings:
            self.findings.append(finding)

    def _schema(self, value: Value, where: Span) -> str:
        if isinstance(value, ClassValue):
            return self.records.id_of(value)
        reason = f": {value.reason}" if isinstance(value, Unknown) else ""
        raise Failure("LF210", f"the schema is not a class this tool can read{reason}", where)

    def _node(self, spec: NodeSpec, state: str, given: str, holder: Compiled) -> Node | None:
        if isinstance(spec.action, Compiled) and self._fits(spec.action, holder):
            return self._subgraph(spec, given)
        what = f"node {spec.name!r}"
        action = self._one_of_two(spec.action, what, spec.span)
        reached = self._reach(action, "node", given, state, spec.name, spec.input, spec.span)
        reached.written, reached.holder = spec.written, holder
        reached.access = f"node({spec.name!r})"
        reached.input_class = spec.input if isinstance(spec.input, ClassValue) else None
        return Node(spec.name, reached.id, None, given, _is_async(action), spec.defer, spec.span)

    def _fits(self, inner: Compiled, holder: Compiled) -> bool:
        """Whether a graph can be a part of another, with channels in common."""
        states = (inner.builder.state, holder.builder.state)
        return unread(self.run, inner) is None and not any(map(is_bare, states))

    def _subgraph(self, spec: NodeSpec, given: str) -> Node | None:
        compiled = spec.action
        assert isinstance(compiled, Compiled)
        if id(compiled) in self._open:
            self.error("LF220", f"node {spec.name!r} is the graph it stands in", spec.span)
            return None
        if compiled.checkpointer is not None or not compiled.inherits:
            message = f"the checkpointer of the subgraph {spec.name!r} is not carried over"
            self._warn("LF222", message, spec.span)
        self._open.add(id(compiled))
        try:
            identifier = self.graph(compiled, spec.name, None)
        finally:
            self._open.discard(id(compiled))
        return Node(spec.name, None, identifier, given, True, spec.defer, spec.span)

    def _branch(
        self, spec: BranchSpec, state: str, default: str, holder: Compiled
    ) -> Branch | None:
        what = f"the router after {spec.source!r}"
        action = self._one_of_two(spec.path, what, spec.span)
        given = default if spec.input is None else self._schema(spec.input, spec.span)
        source = "start" if spec.source == "__start__" else spec.source
        schema: Value | None = spec.input
        if schema is None:
            schema = next(
                (x for x in self.records.classes() if self.records.id_of(x) == given), None
            )
        reached = self._reach(action, "router", given, state, f"route_{source}", schema, spec.span)
        reached.written, reached.holder = spec.written, holder
        reached.access = f"router({spec.source!r}, {spec.name!r})"
        reached.input_class = schema if isinstance(schema, ClassValue) else None
        targets = None
        path_map = None
        if spec.path_map is not None:
            targets = tuple(dict.fromkeys(spec.path_map.values()))
            if not spec.listed or any(key != node for key, node in spec.path_map.items()):
                path_map = tuple(
                    PathMapEntry(encode(key), node) for key, node in spec.path_map.items()
                )
        return Branch(
            spec.source,
            spec.name,
            reached.id,
            given,
            path_map,
            targets,
            _is_async(action),
            spec.span,
        )

    def _one_of_two(self, action: Value, what: str, span: Span) -> Value:
        """The function of a `RunnableCallable` that is carried over; any other action as it is."""
        if not isinstance(action, RunnableValue):
            return action
        first, second = action.function, action.coroutine
        if first is not None and second is not None and not _same_body(first, second):
            self._warn(
                "LF223",
                f"{what} has a synchronous and an asynchronous function;"
                " only the synchronous one is carried over",
                span,
            )
        chosen = first if first is not None else second
        assert chosen is not None
        return chosen

    def _reach(
        self,
        action: Value,
        role: str,
        given: str,
        state: str,
        suggestion: str,
        schema: Value | None,
        span: Span,
    ) -> Reached:
        """The entry of a node's or router's action: a function, or an object that stays Python."""
        found = unbound(action)
        if found is not None:
            function, bound = found
            annotation = None if schema is None else name_for(schema, function)
            reached = self.functions.reach(
                function, bound, role, (t.RecordType(given),), state, suggestion, annotation
            )
            reached.span = function.span
            reached.why = reached.why or self._never_native(reached, schema)
            return reached
        part = self._part(action, schema, span)
        name = _object_name(action, suggestion)
        if part is None:
            return self._object(role, action, state, name, (id(action), given), span)
        reached = self.functions.reach(
            None, {}, role, (t.RecordType(given),), state, name, None, (id(action), given)
        )
        reached.span, reached.part = span, part
        return reached

    def _part(self, action: Value, schema: Value | None, span: Span) -> PartValue | None:
        """A library's own node or router whose meaning on a state of this class is known."""
        if not isinstance(schema, ClassValue):
            return None
        of_dict = schema.kind == "typed_dict"
        if not of_dict and (
            schema.kind not in {"dataclass", "pydantic"} or why_opaque(self.run, schema) is not None
        ):
            return None
        match action:
            case PartValue() if of_dict:
                # what a library made is given what the library gives it
                return action
            case _ if is_bare(schema):
                return None
            case Unknown(made=("langgraph.prebuilt.ToolNode", None, {"tools": tools, **rest})):
                options = options_of(rest)
                if options is None:
                    return None
                name = "run_tools" if of_dict else "run_tools_of_object"
                told: dict[str, object] = {"ERRORS": options.errors, "KEY": options.key}
                return PartValue(
                    name, told, "it is a ToolNode", span, {"TOOLS": NodeToolsValue(tools)}
                )
            case Unknown(steps=tuple() as steps) if of_dict:
                return sequences.part(steps, span)
            case LibraryValue("langgraph.prebuilt.tools_condition") if of_dict:
                return PartValue("tools_condition", {}, "it is the library's", span)
        return None

    def _object(
        self, role: str, action: Value, state: str, name: str, identity: object, span: Span
    ) -> Reached:
        """The entry of an object that stays Python."""
        reached = self.functions.reach(None, {}, role, (), state, name, None, identity)
        reached.span = span
        reached.why = Reason("LF312", _what_it_is(action), span)
        return reached

    def _never_native(self, reached: Reached, schema: Value | None) -> Reason | None:
        """What keeps a function from being native before its body is looked at."""
        function = reached.function
        assert function is not None
        for item in names.parameters(function.node):
            first = next(iter(names.parameters(function.node)), None)
            if item.arg == "store" and item.arg in reached.bound:
                # LangGraph fills it all the same, where it knows its annotation
                message = f"parameter {item.arg!r} is fixed, and filled by LangGraph"
                return Reason("LF309", message, function.module.span(item))
            filled = item is not first and item.arg in INJECTED and item.arg not in reached.bound
            known = filled_with(function, item) is not None
            if filled and not known and not keeps_default(function, item):
                message = f"parameter {item.arg!r} is filled by LangGraph"
                return Reason("LF309", message, function.module.span(item))
        own = {item.arg for item in names.parameters(function.node)}
        for item in names.parameters(function.signature.node)[1:]:
            if item.arg in INJECTED - own:
                message = f"what wraps it is given {item.arg!r} by LangGraph"
                return Reason("LF309", message, function.span)
        if names.yields(function.node):
            return Reason("LF302", "it is a generator", function.span)
        value = schema if schema is not None and is_bare(schema) else None
        if value is not None and self._schema(value, function.span) != reached.state:
            # it is sent what has no place in the state
            return Reason("LF302", "what it is given is a bare value", function.span)
        if isinstance(schema, ClassValue) and schema.kind in {"dataclass", "pydantic"}:
            why = why_opaque(self.run, schema, are_checked=True)
            if why is not None:
                message = f"it is given a {schema.name!r}, not a dict: {why}"
                return Reason("LF302", message, function.span)
        return None

    def _reducers(self, compiled: Compiled) -> None:
        for (record, name), value in list(self.records.reducers.items()):
            hint = self.records.hint(record, name)
            if name not in compiled.builder.channels:
                continue
            kind = self.records.field_type(hint)
            if isinstance(value, FunctionValue):
                annotation = None
                if isinstance(hint.value, Subscripted) and metadata(hint.value):
                    annotation = _annotation_text(value)
                reached = self.functions.reach(
                    value, {}, "reducer", (kind, kind), None, f"reduce_{name}", annotation
                )
                reached.span = value.span
            else:
                reached = self.functions.reach(
                    None, {}, "reducer", (kind, kind), None, f"reduce_{name}", None, id(value)
                )
                reached.span = hint.field.span
                reached.why = Reason("LF312", _what_it_is(value), hint.field.span)
            self.records.reducer_ids[id(value), kind] = reached.id
            if reached.holder is None:
                reached.holder, reached.access = compiled, f"reducer({name!r})"


def _is_async(action: Value) -> bool:
    found = unbound(action)
    return found is not None and found[0].is_async


def _object_name(action: Value, suggestion: str) -> str:
    match action:
        case BoundMethod(name=name):
            return name
        case LibraryValue(name):
            return name.rpartition(".")[2]
        case Unknown() if action.wraps is not None:
            return action.wraps.name
    return suggestion


def _what_it_is(action: Value) -> str:
    match action:
        case BoundMethod(InstanceValue(cls), name):
            return f"it is the method {name!r} of a {cls.name!r}"
        case InstanceValue(cls):
            return f"it is an instance of {cls.name!r}"
        case PartValue(of=of):
            return of
        case LibraryValue(name):
            return f"it is the library's {name}"
        case Unknown():
            return f"it is an object that is not read: {action.reason}"
        case Compiled():
            return "it is a graph that is not taken apart"
        case PartialValue():
            return "it is a partial whose arguments are not known"
    return "it is not a function of the program"


def _same_body(one: Value, other: Value) -> bool:
    functions = [found[0] for found in map(unbound, (one, other)) if found is not None]
    if len(functions) < 2:
        return False
    bodies = [
        [value.node.body] if isinstance(value.node, ast.Lambda) else value.node.body
        for value in functions
    ]
    first, second = ([ast.dump(item) for item in body] for body in bodies)
    return first == second


def _annotation_text(function: FunctionValue) -> str | None:
    """The source of the annotated type, when the reducer is a lambda written right there."""
    for node in function.module.scope.nodes:
        match node:
            case ast.Subscript(slice=ast.Tuple(elts=[kind, *rest])) if function.node in rest:
                return ast.unparse(kind)
    return None
