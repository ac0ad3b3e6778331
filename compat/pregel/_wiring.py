"""How the nodes of a graph lead to each other, for drawings.

LangGraph draws a graph by trying it out. An edge that only a trial shows (that into a deferred
node from what ran last, and the one to the end of a graph that never ends) is found the same way
here, with names in place of channels.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from langferry.compat.pregel._write import ChannelWrite, ChannelWriteEntry
from langferry.graph.constants import END, START

_STEPS: Final = 251
"""How many steps a trial takes at most, which decides where a graph that never ends is drawn to."""


class Edge(NamedTuple):
    """One edge of a drawing."""

    source: str
    target: str
    conditional: bool
    label: str | None


class Wiring(NamedTuple):
    """What leads to what.

    Attributes:
        edges: From one node to another.
        joins: From several nodes, once all have run, to another.
        deferred: Nodes that wait until nothing else is left to run.
    """

    edges: Sequence[Edge]
    joins: Sequence[tuple[Sequence[str], str]] = ()
    deferred: Collection[str] = ()

    def drawn(self) -> list[Edge]:
        """The edges to draw, in order: of two with the same ends the first counts.

        Those of nodes that can be reached, those that only a trial shows, then those to the end.
        """
        together = [Edge(s, end, False, None) for starts, end in self.joins for s in starts]
        edges = [*self.edges, *together]
        reached, waiting = set(), [START]
        for name in waiting:
            if name not in reached:
                reached.add(name)
                waiting.extend(edge.target for edge in edges if edge.source == name)
        drawn = [edge for edge in edges if edge.source in reached]
        implied, last = self._trial(edges)
        drawn += implied
        drawn.sort(key=lambda edge: (*edge[:3], edge.label or ""))
        targets = {edge.target for edge in drawn}
        ends = targets - {edge.source for edge in drawn} - {END}
        drawn += [Edge(name, END, False, None) for name in sorted(ends)]
        if not ends and len(last) == 1 and END not in targets:
            drawn.append(Edge(next(iter(last)), END, True, None))
        return drawn

    def _trial(self, edges: Sequence[Edge]) -> tuple[list[Edge], set[str]]:
        """The edges that no node declares, and the nodes of the last step."""
        leads: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            leads[edge.source].append(edge)
        declared = {(edge.source, edge.target) for edge in edges}
        implied: list[Edge] = []
        chosen: set[str] = set()
        arrived: dict[int, set[str]] = {at: set() for at in range(len(self.joins))}
        held: set[str] = set()
        running = last = {START}
        for _ in range(_STEPS):
            if not running:
                break
            last = running
            # what a condition may choose counts the first time it is asked only
            going = (edge for name in last for edge in leads[name])
            targets = {e.target for e in going if not (e.conditional and e.source in chosen)}
            chosen |= last
            for at, (starts, end) in enumerate(self.joins):
                arrived[at] |= last.intersection(starts)
                if arrived[at].issuperset(starts):
                    arrived[at].clear()
                    targets.add(end)
            targets.discard(END)
            held |= targets.intersection(self.deferred)
            running = targets.difference(self.deferred)
            if not running:
                running, held = held, set()
            for target in sorted(running):
                if not any((source, target) in declared for source in last):
                    implied += [Edge(source, target, True, None) for source in sorted(last)]
        return implied, last


def subscribed_wiring(graph: Any) -> Wiring:
    """Of a graph whose nodes subscribe to channels: who writes what another reads."""
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
    return Wiring(
        [
            Edge(source, name, False, None)
            for source, channels in writers.items()
            for name, node in graph.nodes.items()
            if not set(channels).isdisjoint(node.triggers)
        ]
    )


def built_wiring(builder: Any) -> Wiring:
    """Of a `StateGraph`, edges to END left out: a path ends where none leads on."""
    edges = [Edge(a, b, False, None) for a, b in builder.edges if b != END]
    for source, branches in builder.branches.items():
        for branch in branches.values():
            for answer, end in (branch.ends or {}).items():
                edges.append(Edge(source, end, True, None if answer == end else str(answer)))
    for name, node in builder.nodes.items():
        labels = node.ends if isinstance(node.ends, dict) else dict.fromkeys(node.ends)
        edges += [Edge(name, end, True, label) for end, label in labels.items()]
    joins = [(starts, end) for starts, end in sorted(builder.waiting_edges) if end != END]
    return Wiring(edges, joins, {name for name, node in builder.nodes.items() if node.defer})
