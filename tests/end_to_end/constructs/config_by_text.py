"""Parameters called `config`, `store` and `writer` that LangGraph does not know by their annotations."""

from __future__ import annotations

import operator
from typing import Annotated, TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.store.base import BaseStore


class State(TypedDict):
    seen: Annotated[list[str], operator.add]


def left_out(state: State, config: RunnableConfig | None = None) -> dict:
    return {"seen": [f"left out: {config is None}"]}


def filled(state: State, config: RunnableConfig) -> dict:
    return {"seen": [f"filled: {config.get('configurable', {}).get('who')}"]}


def without_store(state: State, *, store: BaseStore | None = None) -> dict:
    return {"seen": [f"without a store: {store is None}"]}


def told(state: State, writer: str = "nobody") -> dict:
    return {"seen": [f"told by {writer}"]}


builder = StateGraph(State)
for node in (left_out, filled, without_store, told):
    builder.add_node(node)
builder.add_edge(START, "left_out")
builder.add_edge("left_out", "filled")
builder.add_edge("filled", "without_store")
builder.add_edge("without_store", "told")
builder.add_edge("told", END)
app = builder.compile()
