"""Checks a graph's edges as LangGraph does when it compiles."""

from langferry.converter.wiring.builder import END, START
from langferry.converter.wiring.graphs import Builder
from langferry.diagnostics import Span


def validate(builder: Builder, where: Span) -> None:
    """Note what LangGraph would refuse in `builder`; `where` is the place of compiling."""
    sources: dict[str, Span] = {}
    for edge in builder.edges:
        for source in edge.sources:
            sources.setdefault(source, edge.span)
    for branch in builder.branches:
        sources.setdefault(branch.source, branch.span)
    for source, span in sources.items():
        if source not in builder.nodes and source != START:
            builder.refuse("LF202", f"an edge starts at the unknown node {source!r}", span)
    if START not in sources:
        builder.refuse("LF203", "no edge leads from START to a node", where)
    for target, span in _targets(builder):
        if target not in builder.nodes and target != END:
            builder.refuse("LF202", f"an edge ends at the unknown node {target!r}", span)


def _targets(builder: Builder) -> list[tuple[str, Span]]:
    found = [(edge.target, edge.span) for edge in builder.edges]
    for branch in builder.branches:
        if branch.path_map is not None:
            found.extend((target, branch.span) for target in branch.path_map.values())
    for node in builder.nodes.values():
        found.extend((target, node.span) for target in node.ends)
    return found
