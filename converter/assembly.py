"""Turns the graphs the wiring found into the model's graphs, records and reached functions."""

import ast

from langferry.converter.constants import encode
from langferry.converter.functions import INJECTED, Functions, Reached, name_for, unbound
from langferry.converter.records import Records, unique
from langferry.converter.wiring import names
from langferry.converter.wiring.graphs import BranchSpec, Compiled, NodeSpec
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.schemas import metadata
from langferry.converter.wiring.validation import validate
from langferry.converter.wiring.values import (
    ClassValue,
    FunctionValue,
    RunnableValue,
    Scope,
    Subscripted,
    Unknown,
    Value,
)
from langferry.diagnostics import Diagnostic, Failure, Span, lookup
from langferry.model import types as t
from langferry.model.program import Branch, Edge, Graph, Node, PathMapEntry


class Assembly:
    """Collects graphs, records and functions; `findings` are errors and warnings."""

    def __init__(self, run: Interpreter, scope: Scope) -> None:
        self.run = run
        self.scope = scope
        self.records = Records(run)
        self.functions = Functions(run, self.records)
        self.findings: list[Diagnostic] = []
        self.graphs: dict[str, Graph] = {}
        self._ids: dict[int, str] = {}
        self._open: set[int] = set()

    def graph(self, compiled: Compiled, suggestion: str, checkpointer: str | None) -> str:
        """The id of a graph; it and all graphs it holds are in `graphs` from now on.

        Raises:
            Failure: LF210 when a schema is not known.
        """
        if id(compiled) in self._ids:
            return self._ids[id(compiled)]
        identifier = unique(suggestion, (*self.graphs, *self._ids.values()))
        self._ids[id(compiled)] = identifier
        builder = compiled.builder
        for why in (builder.unknown, compiled.unknown):
            if why is not None:
                self.error("LF201", f"the graph is not known: {why.reason}", why.span)
        validate(builder, compiled.span)
        self.findings.extend(builder.findings)
        state, given, taken = (
            self._schema(value, compiled.span)
            for value in (builder.state, builder.input, builder.output)
        )
        nodes, branches = [], []
        inputs = {spec.name: self._schema(spec.input, spec.span) for spec in builder.nodes.values()}
        for spec in builder.nodes.values():
            node = self._node(spec, state, inputs[spec.name])
            if node is not None:
                nodes.append(node)
        for branch in builder.branches:
            made = self._branch(branch, state, inputs.get(branch.source, state))
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

    def _node(self, spec: NodeSpec, state: str, given: str) -> Node | None:
        if isinstance(spec.action, Compiled):
            return self._subgraph(spec, given)
        chosen = self._chosen(spec.action, f"node {spec.name!r}", spec.span)
        if chosen is None:
            return None
        function, bound = chosen
        annotation = name_for(spec.input, function)
        reached = self.functions.reach(
            function, bound, "node", (t.RecordType(given),), state, spec.name, annotation
        )
        self._check_injected(reached)
        return Node(spec.name, reached.id, None, given, function.is_async, spec.defer, spec.span)

    def _subgraph(self, spec: NodeSpec, given: str) -> Node | None:
        compiled = spec.action
        assert isinstance(compiled, Compiled)
        if id(compiled) in self._open:
            self.error("LF220", f"node {spec.name!r} is the graph it stands in", spec.span)
            return None
        if compiled.checkpointer is not None or not compiled.inherits:
            self.error("LF222", f"the subgraph {spec.name!r} has its own checkpointer", spec.span)
        self._open.add(id(compiled))
        try:
            identifier = self.graph(compiled, spec.name, None)
        finally:
            self._open.discard(id(compiled))
        return Node(spec.name, None, identifier, given, True, spec.defer, spec.span)

    def _branch(self, spec: BranchSpec, state: str, default: str) -> Branch | None:
        what = f"the router after {spec.source!r}"
        chosen = self._chosen(spec.path, what, spec.span)
        if chosen is None:
            return None
        function, bound = chosen
        given = default if spec.input is None else self._schema(spec.input, spec.span)
        source = "start" if spec.source == "__start__" else spec.source
        annotation = None
        if spec.input is not None:
            annotation = name_for(spec.input, function)
        else:
            record = next(
                (x for x in self.records.classes() if self.records.id_of(x) == given), None
            )
            annotation = None if record is None else name_for(record, function)
        reached = self.functions.reach(
            function,
            bound,
            "router",
            (t.RecordType(given),),
            state,
            f"route_{source}",
            annotation,
        )
        self._check_injected(reached)
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
            function.is_async,
            spec.span,
        )

    def _chosen(
        self, action: Value, what: str, span: Span
    ) -> tuple[FunctionValue, dict[str, Value]] | None:
        if isinstance(action, RunnableValue):
            first, second = action.function, action.coroutine
            if first is not None and second is not None and not _same_body(first, second):
                self.findings.append(
                    Diagnostic(
                        "LF223",
                        "warning",
                        f"{what} has a synchronous and an asynchronous function;"
                        " only the synchronous one is carried over",
                        span,
                        lookup("LF223").next_step,
                    )
                )
            chosen = first if first is not None else second
            assert chosen is not None
            action = chosen
        found = unbound(action)
        if found is None:
            reason = f": {action.reason}" if isinstance(action, Unknown) else ""
            unknown = getattr(action, "unknown", None)
            if isinstance(unknown, Unknown):
                reason = f": {unknown.reason}"
            code = "LF201" if reason else "LF220"
            self.error(code, f"{what} is not a function of the program{reason}", span)
            return None
        if names.yields(found[0].node):
            self.error("LF220", f"{what} is a generator", span)
            return None
        return found

    def _check_injected(self, reached: Reached) -> None:
        for item in names.parameters(reached.function.node)[1:]:
            if item.arg in INJECTED and item.arg not in reached.bound:
                span = reached.function.module.span(item)
                self.error(
                    "LF221",
                    f"parameter {item.arg!r} of {reached.function.name!r} is filled by LangGraph,"
                    " which is not carried over yet",
                    span,
                )

    def _reducers(self, compiled: Compiled) -> None:
        for (record, name), function in list(self.records.reducers.items()):
            hint = self.records.hint(record, name)
            kind = self.records.type_of(hint.value)
            inner = hint.value
            annotation = None
            if isinstance(inner, Subscripted) and metadata(inner):
                annotation = _annotation_text(function)
            self.functions.reach(
                function, {}, "reducer", (kind, kind), None, f"reduce_{name}", annotation
            )


def _same_body(one: Value, other: Value) -> bool:
    if not (isinstance(one, FunctionValue) and isinstance(other, FunctionValue)):
        return False
    bodies = [
        [value.node.body] if isinstance(value.node, ast.Lambda) else value.node.body
        for value in (one, other)
    ]
    first, second = ([ast.dump(item) for item in body] for body in bodies)
    return first == second


def _annotation_text(function: FunctionValue) -> str | None:
    """The source of the annotated type, when the reducer is a lambda written right there."""
    for node in ast.walk(function.module.tree):
        match node:
            case ast.Subscript(slice=ast.Tuple(elts=[kind, *rest])) if function.node in rest:
                return ast.unparse(kind)
    return None
