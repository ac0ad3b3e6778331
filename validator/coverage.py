"""How much of a graph a set of traces shows: nodes, edges, the routers' ways, the pauses.

A trace says which tasks ran in which superstep, not which edge led to them. So an edge counts as
seen when its source ran in the step before its target, and a router's way only where nothing else
can have led there: what is doubtful counts as not seen.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from langferry.validator.events import Interrupt, RunEnd, RunStart, Task, TraceEvent

START = "__start__"
END = "__end__"

Way = tuple[str, str]
"""From which node to which."""


class Wiring(msgspec.Struct, frozen=True):
    """What a graph is made of, as far as its text tells.

    Attributes:
        nodes: their names.
        edges: the static ones; a join has one for each of its sources.
        routes: where routers may lead, as far as that is written down.
        open_routers: the nodes with a router of which nothing says where it may lead.
        pauses: what it is compiled to stop at: `before NODE`, `after NODE`.
    """

    nodes: list[str]
    edges: list[Way] = []
    routes: list[Way] = []
    open_routers: list[str] = []
    pauses: list[str] = []


class Share(msgspec.Struct, frozen=True):
    """How many of some things were seen, and which were not.

    Attributes:
        seen: how many were.
        known: how many there are.
        missed: those that were not, as a person writes them.
    """

    seen: int
    known: int
    missed: list[str]


class Coverage(msgspec.Struct, frozen=True):
    """How much of the graph the cases made LangGraph do.

    Attributes:
        nodes_run: the nodes that ran.
        interrupts: how often a run stopped to ask.
        errors: how many runs raised.
        shares: of `nodes`, `edges`, `routes` and `pauses`, where the graph is known and has any.
        ways: the edges and routes that were seen, where the graph is known.
        open_routers: the nodes whose routers' ways are not known, and so not counted.
    """

    nodes_run: list[str]
    interrupts: int
    errors: int
    shares: dict[str, Share] = {}
    ways: list[Way] = []
    open_routers: list[str] = []

    @property
    def percent(self) -> float | None:
        """The share of everything that is known, from 0 to 100; None where the graph is not known."""
        known = sum(share.known for share in self.shares.values())
        return None if not known else 100 * sum(x.seen for x in self.shares.values()) / known


def covered(traces: Sequence[Sequence[TraceEvent]], wiring: Wiring | None) -> Coverage:
    """What the traces, one a case, show of the graph; only what ran where `wiring` is None."""
    events = [event for trace in traces for event in trace]
    ends = [event.status for event in events if isinstance(event, RunEnd)]
    ran = sorted({event.name for event in events if isinstance(event, Task)})
    counts = ends.count("interrupted"), ends.count("failed")
    if wiring is None:
        return Coverage(ran, *counts)
    ways = {way for trace in traces for way in _ways(trace, wiring)}
    stops = {stop for trace in traces for stop in _pauses(trace, wiring)}
    shares = {
        "nodes": _share(wiring.nodes, ran),
        "edges": _share(map(_written, wiring.edges), map(_written, ways)),
        "routes": _share(map(_written, wiring.routes), map(_written, ways)),
        "pauses": _share(wiring.pauses, stops),
    }
    known = {name: share for name, share in shares.items() if share.known}
    return Coverage(ran, *counts, known, sorted(ways), wiring.open_routers)


def _share(known: Iterable[str], seen: Iterable[str]) -> Share:
    there, found = list(dict.fromkeys(known)), set(seen)
    missed = [name for name in there if name not in found]
    return Share(len(there) - len(missed), len(there), missed)


def _written(way: Way) -> str:
    return " → ".join({START: "START", END: "END"}.get(name, name) for name in way)


def _ways(trace: Sequence[TraceEvent], wiring: Wiring) -> Iterator[Way]:
    """The edges and routes that certainly were gone."""
    for ran, followed in _steps(trace):
        routes = [way for way in wiring.routes if way[0] in ran]
        led = [*(way for way in wiring.edges if way[0] in ran), *routes]
        yield from (way for way in led if way in wiring.edges and way[1] in {*followed, END})
        doubtful = any(name in ran for name in wiring.open_routers)
        for target in followed:
            to_it = {way for way in led if way[1] == target}
            if len(to_it) == 1 and not doubtful:
                yield from to_it
        for source in ran:
            targets = {target for start, target in routes if start == source}
            if END in targets and not targets & followed:
                yield source, END


def _steps(trace: Sequence[TraceEvent]) -> Iterator[tuple[set[str], set[str]]]:
    """What ran in each superstep that came to its end, and what ran in the next one."""
    for planned, is_over in _threads(trace):
        last = max(planned, default=0)
        for step, ran in planned.items():
            if step != last or is_over:
                yield ran, planned.get(step + 1, set())


def _threads(trace: Sequence[TraceEvent]) -> Iterator[tuple[dict[int, set[str]], bool]]:
    """The nodes of each superstep from an input on, and whether the run came to its own end.

    START stands in the step before the first.
    """
    planned: dict[int, set[str]] = {}
    is_over = False
    for event in trace:
        match event:
            case RunStart(kind="input"):
                yield planned, is_over
                planned = {}
            case Task(step=step, name=name):
                if not planned:
                    planned[step - 1] = {START}
                planned.setdefault(step, set()).add(name)
            case RunEnd(status=status):
                is_over = status == "finished"
    yield planned, is_over


def _pauses(trace: Sequence[TraceEvent], wiring: Wiring) -> Iterator[str]:
    """Which of the wiring's pauses certainly happened.

    An interrupt that asks nothing comes after the tasks of its step, or before those of the next.
    """
    stops = [x.step for x in trace if isinstance(x, Interrupt) and not x.interrupts]
    for planned, _ in _threads(trace):
        for step in stops:
            before = {f"before {name}" for name in planned.get(step + 1, ())}
            after = {f"after {name}" for name in planned.get(step, ())}
            known = (before | after) & set(wiring.pauses)
            if len(known) == 1:
                yield from known
