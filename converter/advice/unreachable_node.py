"""LF807: nothing leads to a node."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.subject import Subject
from langferry.diagnostics import Diagnostic, lookup

_WIRING = frozenset(
    [
        *("add_node", "add_edge", "add_conditional_edges", "add_sequence", "set_entry_point"),
        *("set_finish_point", "set_conditional_entry_point"),
    ]
)


def unreachable_node(subject: Subject) -> Iterator[Diagnostic]:
    """Nodes that no edge, router, `Command` or `Send` can lead to.

    Where a router or a subgraph may go anywhere, or a node's name stands anywhere but in the wiring, it
    counts as reachable.
    """
    graph = subject.graph
    open_router = any(branch.targets is None for branch in graph.branches)
    if open_router or len(subject.nodes) < len(graph.nodes):
        return
    led = {edge.target for edge in graph.edges}
    led |= {target for branch in graph.branches for target in branch.targets or ()}
    for source in subject.sources:
        led.update(_texts(source.module.tree))
    for node in graph.nodes:
        if node.name not in led:
            message = f"no edge, router, Command or Send leads to {node.name!r}: it never runs"
            yield Diagnostic("LF807", "warning", message, node.span, lookup("LF807").next_step)


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts of a module but for those that wire a graph: a `Command` may name a node by one."""
    match node:
        case ast.Call(func=ast.Attribute(attr=method)) if method in _WIRING:
            return
        case ast.Constant(value=str(text)):
            yield text
    for child in ast.iter_child_nodes(node):
        yield from _texts(child)
