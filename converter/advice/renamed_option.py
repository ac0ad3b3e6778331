"""LF810: an option of the builder is given by its old name."""

import ast
from collections.abc import Iterator
from typing import Final

from langferry.converter.advice.imports import bound_by
from langferry.converter.advice.subject import Source, Subject
from langferry.diagnostics import Diagnostic, Edit, Fix, Span

_BUILDERS: Final = frozenset({"langgraph.graph.StateGraph", "langgraph.graph.state.StateGraph"})
_OF_GRAPH: Final = {
    "input": "input_schema",
    "output": "output_schema",
    "config_schema": "context_schema",
}
_OF_NODE: Final = {"input": "input_schema", "retry": "retry_policy"}
_CHAINED: Final = frozenset({"add_node", "add_edge", "add_conditional_edges", "add_sequence"})


def renamed_option(subject: Subject) -> Iterator[Diagnostic]:
    """Options of `StateGraph` and of its `add_node` whose old names LangGraph warns of."""
    for source in subject.sources:
        names = _Names(source)
        for node in source.module.scope.nodes:
            if not isinstance(node, ast.Call):
                continue
            renamed = names.renamed(node.func)
            given = {item.arg for item in node.keywords}
            for item in node.keywords:
                new = renamed.get(item.arg or "")
                # both, or what `**` may hold, is for a person to look at
                if new is not None and not given & {new, None}:
                    assert item.arg is not None
                    start = source.module.span(item)
                    name = Span(
                        start.file,
                        start.line,
                        start.column,
                        start.line,
                        start.column + len(item.arg),
                    )
                    fix = Fix("safe", f"call it `{new}`", (Edit(name, new),))
                    message = f"`{item.arg}` is called `{new}` now"
                    yield source.finding("LF810", "warning", message, item, fix)


class _Names:
    """What is certainly a builder of LangGraph's in a module."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._bound: dict[str, list[ast.expr | None]] = {}
        """What is bound to each name anywhere in the module; None for what is not an assignment of it alone."""
        count: dict[str, int] = {}
        for node in source.module.scope.nodes:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value)
                    | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
                ):
                    self._bound.setdefault(name, []).append(value)
            for name in bound_by(node):
                count[name] = count.get(name, 0) + 1
                if isinstance(node, ast.Name | ast.arg):
                    self._bound.setdefault(name, [])
        for name, values in self._bound.items():
            if count[name] > len(values):
                values.append(None)

    def renamed(self, called: ast.expr) -> dict[str, str]:
        """The options of a function that have new names."""
        if self._is_class(called):
            return _OF_GRAPH
        if isinstance(called, ast.Attribute) and called.attr == "add_node":
            return _OF_NODE if self._is_builder(called.value) else {}
        return {}

    def _is_class(self, node: ast.expr) -> bool:
        outermost = node
        while isinstance(outermost, ast.Attribute):
            outermost = outermost.value
        if not isinstance(outermost, ast.Name) or outermost.id in self._bound:
            return False
        return self._source.name(node) in _BUILDERS

    def _is_builder(self, node: ast.expr | None) -> bool:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _CHAINED:
                return self._is_builder(value)
            case ast.Call(func=called):
                return self._is_class(called)
            case ast.Name(id=name):
                values = self._bound.get(name, [])
                return bool(values) and all(
                    isinstance(value, ast.Call) and self._is_builder(value) for value in values
                )
        return False
