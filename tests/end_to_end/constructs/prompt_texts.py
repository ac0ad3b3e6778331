"""Texts that a function reads from files when a module runs."""

import os
from typing import TypedDict

from langgraph.graph import END, START, StateGraph

HERE = os.path.dirname(os.path.abspath(__file__))


def load_text(name: str) -> str:
    """What a file holds, without what surrounds it."""
    with open(os.path.join(HERE, "prompts", name), encoding="utf-8") as file:
        return file.read().strip()


def load_or(name: str, other: str) -> str:
    """The same, or what there is instead."""
    try:
        return load_text(name)
    except FileNotFoundError:
        return other


class State(TypedDict, total=False):
    name: str
    text: str


SYSTEM = load_text("chat.md")
MISSING = load_or("no-such.md", "nothing")


def first(state: State) -> dict:
    """By the module's text."""
    return {"text": SYSTEM.upper() + MISSING}


def second(state: State) -> dict:
    """By a text read now."""
    return {"text": state["text"] + load_or(state["name"], "?")}


builder = StateGraph(State)
builder.add_node("first", first)
builder.add_node("second", second)
builder.add_edge(START, "first")
builder.add_edge("first", "second")
builder.add_edge("second", END)
app = builder.compile()
