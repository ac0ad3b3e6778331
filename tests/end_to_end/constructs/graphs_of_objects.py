"""Graphs that are nodes of graphs whose states are objects: what they are given, and what they lack."""

import operator
from dataclasses import dataclass
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel


class Inner(TypedDict, total=False):
    topic: str
    limit: int
    note: str | None
    weight: float
    seen: Annotated[list[str], operator.add]


@dataclass
class Middle:
    topic: str
    seen: Annotated[list[str], operator.add]
    limit: int = 7
    note: str | None = None
    weight: float = 1.0


class Outer(BaseModel):
    topic: str
    limit: int = 3
    note: str | None = None
    weight: float = 0.5
    seen: Annotated[list[str], operator.add] = []


def look(state: Inner):
    return {
        "seen": [
            f"{state.get('topic')} {state.get('limit')} {state.get('note')} {state.get('weight')}",
            f"{'topic' in state} {'limit' in state} {'note' in state} {'weight' in state}",
        ],
        "topic": f"{state['topic']}!",
    }


def count(state: Middle):
    return {"limit": state.limit + 1, "topic": f"{state.topic}?"}


def tell(state: Outer):
    return {"note": state.note or f"{state.limit} {state.weight}"}


inner = StateGraph(Inner)
inner.add_node(look)
inner.add_edge(START, "look")
inner.add_edge("look", END)

middle = StateGraph(Middle)
middle.add_node(count)
middle.add_node("inner", inner.compile())
middle.add_edge(START, "inner")
middle.add_edge("inner", "count")
middle.add_edge("count", END)

builder = StateGraph(Outer)
builder.add_node("first", inner.compile())
builder.add_node("second", middle.compile())
builder.add_node(tell)
builder.add_edge(START, "first")
builder.add_edge("first", "second")
builder.add_edge("second", "tell")
builder.add_edge("tell", END)
app = builder.compile()
