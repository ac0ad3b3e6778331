"""Nodes and routers that are given a dataclass."""

import operator
from dataclasses import dataclass, field
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph


class Place(TypedDict):
    name: str
    floor: int


@dataclass(kw_only=True)
class Asked:
    place: Place = field(default_factory=lambda: Place(name="here", floor=0))
    topic: str = "nothing"


@dataclass(kw_only=True)
class State(Asked):
    scores: list[float]
    steps: Annotated[list[str], operator.add] = field(default_factory=list)
    limit: int = 2
    summary: str | None = None
    weight: float = 0.5

    def named(self) -> str:
        return self.topic


def describe(state: State) -> str:
    if state.summary is None:
        return f"{state.topic} ({len(state.scores)})"
    return f"{state.topic}: {state.summary}"


def work(state: State):
    best = max(state.scores, default=0)
    return {"steps": [f"{describe(state)} {best}"], "limit": state.limit - 1, "weight": best}


def finish(state: State):
    total = sum(score * state.weight for score in state.scores)
    return {
        "summary": f"{state.topic} {state.place['name']} {total:.2f} after {len(state.steps)} {state.weight}"
    }


def more(state: State) -> str:
    return "work" if state.limit > 0 else "finish"


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_node("finish", finish)
graph.add_edge(START, "work")
graph.add_conditional_edges("work", more, {"work": "work", "finish": "finish"})
graph.add_conditional_edges("finish", lambda state: END if state.summary else "work")
app = graph.compile()
