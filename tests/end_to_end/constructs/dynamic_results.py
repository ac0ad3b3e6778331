"""Nodes and routers that give back what only a run tells."""

import json
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    text: str
    found: Any
    count: int
    names: list[str]


def read(state: State):
    """What is read may be an update, or nothing."""
    return json.loads(state["text"])


def look(state: State):
    found = state.get("found") or {}
    state["found"] = found
    return {"count": state.get("count", 0) + len(found)}


def route(state: State):
    return state["found"].get("next", "look")


def onward(state: State):
    table = {"more": "last", "end": END, "both": ["last", "other"]}
    chosen: Any = json.loads(json.dumps(table))[state["found"].get("then", "more")]
    return chosen


def last(state: State):
    result: Any = {"names": [*state.get("names", []), "last"]}
    return result


def other(state: State):
    return {"count": state.get("count", 0) + 100}


graph = StateGraph(State)
for node in (read, look, last, other):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "read")
graph.add_conditional_edges("read", route, ["look", "last", END])
graph.add_conditional_edges("look", onward, ["last", "other", END])
graph.add_edge("last", END)
graph.add_edge("other", END)
app = graph.compile()
