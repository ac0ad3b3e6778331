"""Finds the checkpoints of subgraphs when the graph around them is run again from its past."""

from typing import Any

from langferry.graph.constants import NS_END


class ReplayState:
    """Which subgraphs have taken up their state from before the replay.

    One object is shared by all graphs of a run. The first time a subgraph runs it goes on from its
    last checkpoint before `checkpoint_id`, later (in a loop) from its newest.
    """

    __slots__ = ("_visited_ns", "checkpoint_id")

    def __init__(self, checkpoint_id: str | None) -> None:
        self.checkpoint_id = checkpoint_id
        self._visited_ns: set[str] = set()

    def visit(self, namespace: str) -> bool:
        """Whether this is the first time the subgraph of a namespace runs."""
        stable = namespace.rsplit(NS_END, 1)[0]
        if stable in self._visited_ns:
            return False
        self._visited_ns.add(stable)
        return True

    @property
    def before(self) -> dict[str, Any]:
        """What a saver is told to look before."""
        return {"configurable": {"checkpoint_id": self.checkpoint_id}}
