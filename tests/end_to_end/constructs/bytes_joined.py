"""Bytes that a node joins."""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    chunks: list[bytes]
    whole: bytes | None
    split: bytes


def mix(state: State):
    chunks = state["chunks"]
    return {"whole": b"".join(chunks), "split": b"\x00'\\\xff\n".join(chunks)}


builder = StateGraph(State)
builder.add_node("mix", mix)
builder.add_edge(START, "mix")
builder.add_edge("mix", END)
graph = builder.compile()
