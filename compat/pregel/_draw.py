"""Draws a graph: its nodes, and the edges between them."""

from collections.abc import Mapping
from typing import Any

from langchain_core.runnables.graph import Graph

from langferry.compat.pregel._wiring import Wiring
from langferry.graph.constants import END, START


def draw(graph: Any, wiring: Wiring, subgraphs: Mapping[str, Graph]) -> Graph:
    """The drawing of a graph that is wired like this, subgraphs in place of their nodes."""
    drawing = Graph()
    for name, node in graph.nodes.items():
        drawing.add_node(node.bound, name, metadata=_metadata(graph, name, node) or None)
    if START not in graph.nodes:
        drawing.add_node(None, START)
    for edge in wiring.drawn():
        label = None if edge.label == edge.target else edge.label
        _connect(drawing, edge.source, edge.target, label, conditional=edge.conditional)
    for name, subgraph in subgraphs.items():
        _replace(drawing, name, subgraph)
    return drawing


def _metadata(graph: Any, name: str, node: Any) -> dict[str, Any]:
    metadata = dict(node.metadata or {})
    if getattr(getattr(graph.builder, "nodes", {}).get(name), "defer", False):
        metadata["defer"] = True
    stops = [
        when
        for when, names in (
            ("before", graph.interrupt_before_nodes),
            ("after", graph.interrupt_after_nodes),
        )
        if name in names
    ]
    if stops:
        metadata["__interrupt"] = ",".join(stops)
    tools = getattr(node.bound, "tools_by_name", None)
    if isinstance(tools, Mapping) and tools:
        metadata["__tools"] = list(tools)
    return metadata


def _connect(
    drawing: Graph, source: str, target: str, label: str | None, *, conditional: bool
) -> None:
    if any(edge.source == source and edge.target == target for edge in drawing.edges):
        return
    if target == END and END not in drawing.nodes:
        drawing.add_node(None, END)
    drawing.add_edge(drawing.nodes[source], drawing.nodes[target], label, conditional)


def _replace(drawing: Graph, name: str, subgraph: Graph) -> None:
    has_ends = subgraph.first_node() is not None and subgraph.last_node() is not None
    if name not in drawing.nodes or len(subgraph.nodes) < 2 or not has_ends:
        return
    subgraph.trim_first_node()
    subgraph.trim_last_node()
    drawing.nodes.pop(name)
    first, last = drawing.extend(subgraph, prefix=name)
    for at, edge in enumerate(drawing.edges):
        if edge.source == name and last is not None:
            edge = edge.copy(source=last.id)
        if edge.target == name and first is not None:
            edge = edge.copy(target=first.id)
        drawing.edges[at] = edge
