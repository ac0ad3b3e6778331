"""Draws a graph: its nodes, and the edges that its wiring declares."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from langchain_core.runnables.graph import Graph

from langferry.compat.pregel._write import ChannelWrite, ChannelWriteEntry
from langferry.graph.constants import END, START


class Edge(NamedTuple):
    """One edge of a drawing."""

    source: str
    target: str
    conditional: bool
    label: str | None


def draw(graph: Any, edges: Iterable[Edge], subgraphs: Mapping[str, Graph]) -> Graph:
    """The drawing of a graph with these edges, subgraphs in place of their nodes."""
    reached = _reached(edges)
    drawing = Graph()
    for name, node in graph.nodes.items():
        drawing.add_node(node.bound, name, metadata=_metadata(graph, name, node) or None)
    if START not in graph.nodes:
        drawing.add_node(None, START)
    for edge in sorted(reached, key=lambda edge: (*edge[:3], edge.label or "")):
        label = None if edge.label == edge.target else edge.label
        _connect(drawing, edge.source, edge.target, label, conditional=edge.conditional)
    sources = {edge.source for edge in reached}
    last = {edge.target for edge in reached if edge.target != END} - sources
    for name in sorted(last):
        _connect(drawing, name, END, None, conditional=False)
    for name, subgraph in subgraphs.items():
        _replace(drawing, name, subgraph)
    return drawing


def subscribed_edges(graph: Any) -> list[Edge]:
    """The edges of a graph whose nodes subscribe to channels: who writes what another reads."""
    inputs = graph.input_channels
    writers = {START: [inputs] if isinstance(inputs, str) else list(inputs)}
    for name, node in graph.nodes.items():
        writers[name] = [
            entry.channel
            for writer in node.writers
            if isinstance(writer, ChannelWrite)
            for entry in writer.writes
            if isinstance(entry, ChannelWriteEntry)
        ]
    return [
        Edge(source, name, False, None)
        for source, channels in writers.items()
        for name, node in graph.nodes.items()
        if not set(channels).isdisjoint(node.triggers)
    ]


def built_edges(builder: Any) -> list[Edge]:
    """The edges a `StateGraph` was given, those to END left out: a path ends where none leads on."""
    edges = [Edge(a, b, False, None) for a, b in builder.edges if b != END]
    edges += [
        Edge(source, end, False, None)
        for starts, end in builder.waiting_edges
        if end != END
        for source in starts
    ]
    for source, branches in builder.branches.items():
        for branch in branches.values():
            for answer, end in (branch.ends or {}).items():
                edges.append(Edge(source, end, True, None if answer == end else str(answer)))
    for name, node in builder.nodes.items():
        labels = node.ends if isinstance(node.ends, dict) else dict.fromkeys(node.ends)
        edges += [Edge(name, end, True, label) for end, label in labels.items()]
    return edges


def _reached(edges: Iterable[Edge]) -> list[Edge]:
    edges = list(edges)
    reached, waiting = set(), [START]
    for name in waiting:
        if name not in reached:
            reached.add(name)
            waiting.extend(edge.target for edge in edges if edge.source == name)
    return [edge for edge in edges if edge.source in reached]


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
