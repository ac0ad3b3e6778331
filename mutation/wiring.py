"""The faults a graph's wiring and its channels can have."""

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

import msgspec

from langferry.model.program import Branch, Edge, Field, Graph
from langferry.mutation.change import Change

_END = "__end__"


@singledispatch
def changes(part: Any) -> Iterable[Change]:
    """What could be wrong with this part of a graph or record, its own parts left alone."""
    return ()


@changes.register
def _graph(part: Graph) -> Iterable[Change]:
    for position, edge in enumerate(part.edges):
        shown = f"the edge {', '.join(edge.sources)} -> {edge.target}"
        for kind, what, instead in _other_edges(part, edge):
            edges = (*part.edges[:position], *instead, *part.edges[position + 1 :])
            new = msgspec.structs.replace(part, edges=edges)
            yield Change(kind, f"{shown} {what}", edge.span, new)


def _other_edges(graph: Graph, edge: Edge) -> Iterable[tuple[str, str, tuple[Edge, ...]]]:
    """What could stand instead of `edge`, with the kind of fault and what it does."""
    if edge.target != _END:  # without an edge to the end a node is the end, too
        yield "dropped edge", "is dropped", ()
    other = next((node.name for node in graph.nodes if node.name != edge.target), None)
    if other is not None:
        yield "moved edge", f"leads to {other!r}", (msgspec.structs.replace(edge, target=other),)
    if edge.joined:
        alone = [
            msgspec.structs.replace(edge, sources=(source,), joined=False)
            for source in edge.sources
        ]
        yield "join", "does not wait for all", tuple(alone)


@changes.register
def _branch(part: Branch) -> Iterable[Change]:
    for position, entry in enumerate(part.path_map or ()):
        assert part.path_map is not None
        others = [known.target for known in part.path_map if known.target != entry.target]
        if others:
            moved = msgspec.structs.replace(entry, target=others[0])
            path_map = (*part.path_map[:position], moved, *part.path_map[position + 1 :])
            new = msgspec.structs.replace(part, path_map=path_map)
            what = f"{entry.key.data} stands for {others[0]!r}"
            yield Change("path map", what, part.span, new)


@changes.register
def _field(part: Field) -> Iterable[Change]:
    if part.reducer is not None:
        new = msgspec.structs.replace(part, reducer=None)
        yield Change("reducer", f"{part.name!r} has no reducer", part.span, new)
