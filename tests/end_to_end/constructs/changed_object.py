"""Nodes that change the dataclass object they are given, give it back, or make another."""

import operator
from dataclasses import dataclass, field
from typing import Annotated

from langgraph.graph import END, START, StateGraph


@dataclass
class State:
    topic: str
    tags: list[str] = field(default_factory=list)
    log: Annotated[list[str], operator.add] = field(default_factory=list)
    note: str | None = None
    ratio: float = 1
    count: int = 0


def rename(state: State) -> State:
    state.topic = state.topic.upper()
    state.count += 2
    state.ratio = state.count / 2
    return state


def grow(state: State) -> State:
    state.tags.append(state.topic)
    state.tags += ["more"]
    state.note = f"{state.tags}"
    return state


def look(state: State):
    state.note = "lost"
    return {"log": [f"{state.note} {state.ratio} {state.tags}"], "count": state.count + 1}


def make(state: State) -> State:
    if state.count > 4:
        return State(state.topic, ["made"], note="again")
    return State(topic="made", log=[f"{state.note}"], count=state.count)


graph = StateGraph(State)
for node in (rename, grow, look, make):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "rename")
graph.add_edge("rename", "grow")
graph.add_edge("grow", "look")
graph.add_edge("look", "make")
graph.add_edge("make", END)
app = graph.compile()
