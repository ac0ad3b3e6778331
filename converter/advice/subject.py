"""What a rule looks at: one graph, the functions of its nodes, and the modules they stand in."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from langferry.converter.functions import Reached
from langferry.converter.module_scope import Function, own_nodes, parameters
from langferry.converter.project import SourceModule
from langferry.diagnostics import Diagnostic, Fix, Severity, Span, lookup
from langferry.model.program import Graph, Record


@dataclass(frozen=True)
class Source:
    """A module, for what its names mean and where its lines are."""

    module: SourceModule

    def name(self, node: ast.expr, function: ast.AST | None = None) -> str | None:
        """The qualified name that an expression stands for in `function`, by imports alone."""
        if isinstance(node, ast.Attribute):
            base = self.name(node.value, function)
            return None if base is None else f"{base}.{node.attr}"
        if not isinstance(node, ast.Name):
            return None
        bound = self.bound(node, function)
        if not bound:
            return f"builtins.{node.id}"
        found = {self.module.scope.imported(item, node.id) for item in bound}
        return found.pop() if len(found) == 1 else None

    def bound(self, node: ast.Name, function: ast.AST | None = None) -> list[ast.AST]:
        """What binds a name that stands in `function`; nothing if it is a builtin."""
        around = [] if function is None else self._around(function)
        for bound in (*around, self.module.scope.bindings):
            if node.id in bound:
                return bound[node.id]
        return []

    def _around(self, function: ast.AST) -> Iterator[dict[str, list[ast.AST]]]:
        known = self.module.scope.function_at(function.lineno, function.col_offset)  # type: ignore[attr-defined]
        if known is not None:
            for item in (known, *self.module.scope.enclosing_functions(known)):
                yield self.module.scope.bound_in(item)

    def finding(
        self, code: str, severity: Severity, message: str, node: ast.AST, fix: Fix | None = None
    ) -> Diagnostic:
        """A finding at a place of the module."""
        span, step = self.module.span(node), lookup(code).next_step
        return Diagnostic(code, severity, message, span, step, fix)

    def text(self, span: Span) -> str:
        """What stands at a place of the module."""
        lines = self.module.lines[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.column :]
        return "\n".join(lines)

    def separator(self, statement: ast.stmt) -> str:
        """What another statement right before this one would end with."""
        span = self.module.span(statement)
        before = self.module.lines[span.line - 1][: span.column]
        return "; " if before.strip() else f"\n{before}"


@dataclass(frozen=True)
class NodeCode:
    """The function of a node, where it is one of the program."""

    name: str
    function: Function
    source: Source

    @property
    def state(self) -> str | None:
        """The name of the parameter that holds the state."""
        given = parameters(self.function)
        names = [item.arg for item in given if item.arg not in ("self", "cls")]
        return names[0] if names else None

    def nodes(self) -> Iterator[ast.AST]:
        """What the function itself is made of."""
        return own_nodes(self.function)

    def results(self) -> list[ast.expr]:
        """What it returns, in the order of the text."""
        if isinstance(self.function, ast.Lambda):
            return [self.function.body]
        returns = (node for node in self.nodes() if isinstance(node, ast.Return))
        return [node.value for node in returns if node.value is not None]

    def calls(self, name: str) -> list[ast.Call]:
        """Its calls of a library's function."""
        if name.rpartition(".")[2] not in self.source.module.text:
            return []
        return [
            node
            for node in self.nodes()
            if isinstance(node, ast.Call) and self.source.name(node.func, self.function) == name
        ]


@dataclass(frozen=True)
class Subject:
    """One graph. `records` are all of the program's, by id; `entries` what the program calls its graphs."""

    graph: Graph
    records: Mapping[str, Record]
    nodes: Mapping[str, NodeCode]
    sources: Sequence[Source]
    entries: Sequence[str]

    @property
    def state(self) -> Record:
        """The graph's state."""
        return self.records[self.graph.state]

    def reduced(self) -> set[str]:
        """The channels that have a reducer."""
        return {field.name for field in self.state.fields if field.reducer is not None}

    def siblings(self) -> Iterator[tuple[str, ...]]:
        """Nodes that certainly run in one superstep: those to which one node's static edges lead."""
        after: dict[str, list[str]] = {}
        for edge in self.graph.edges:
            if not edge.joined and edge.target != "__end__":
                after.setdefault(edge.sources[0], []).append(edge.target)
        yield from (tuple(dict.fromkeys(targets)) for targets in after.values())


def subjects(
    graphs: Sequence[Graph],
    records: Sequence[Record],
    reached: Mapping[str, Reached],
    modules: Sequence[SourceModule],
    entries: Sequence[str],
) -> list[Subject]:
    """One for each graph of a program."""
    sources = [Source(module) for module in modules]
    by_module = {source.module.file: source for source in sources}
    by_id = {record.id: record for record in records}
    found = []
    for graph in graphs:
        codes = {}
        for node in graph.nodes:
            known = reached.get(node.function or "")
            function = None if known is None else known.function
            if function is not None:
                source = by_module[function.module.file]
                codes[node.name] = NodeCode(node.name, function.node, source)
        found.append(Subject(graph, by_id, codes, sources, entries))
    return found
