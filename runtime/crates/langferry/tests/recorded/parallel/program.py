"""Parallel nodes: joins, a deferred node, conflicts, failures and questions, on one thread."""

import operator
from typing import Annotated

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict


class State(TypedDict):
    mode: str
    value: int
    log: Annotated[list[str], operator.add]
    total: Annotated[int, operator.add]


class Narrow(TypedDict):
    mode: str
    private: str


class Wanted(TypedDict):
    mode: str


def first(state: State):
    return {"log": ["first"], "total": 1, "unknown": 1}


def left(state: Narrow):
    update = {"log": [f"left {sorted(state)}"], "total": 10, "private": "l"}
    if state["mode"] == "conflict":
        update["value"] = 1
    return update


def right(state: State):
    if state["mode"] == "fail":
        raise ZeroDivisionError("right fails")
    if state["mode"] == "ask":
        answer = interrupt({"sum": state["total"]})
        return {"log": [f"right was told {answer}"], "value": 2}
    if state["mode"] == "both":
        interrupt("right?")
    return {"log": ["right"], "value": 2}


def third(state: State):
    if state["mode"] == "both":
        interrupt("third?")
    return None


def joined(state: State):
    return {"log": [f"joined at {state['total']}"], "total": 100}


def last(state: State):
    return {"log": ["last"]}


builder = StateGraph(State, input_schema=Wanted)
builder.add_node(first)
builder.add_node(left)
builder.add_node(right)
builder.add_node(third)
builder.add_node(joined)
builder.add_node(last, defer=True)
builder.add_edge(START, "first")
builder.add_edge("first", "right")
builder.add_edge("first", "left")
builder.add_edge("first", "third")
builder.add_edge("first", "last")
builder.add_edge(["left", "right"], "joined")
builder.add_edge("joined", END)
builder.add_edge("last", END)
graph = builder.compile(checkpointer=InMemorySaver())
