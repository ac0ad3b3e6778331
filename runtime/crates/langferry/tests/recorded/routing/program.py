"""What routers and commands may return, and what LangGraph makes of it."""

import operator
from typing import Annotated, Any

from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, Send
from typing_extensions import TypedDict


class State(TypedDict):
    mode: str
    log: Annotated[list[str], operator.add]
    note: Annotated[Any, lambda a, b: [a, b]]


class Note(TypedDict):
    text: str


def start(state: State):
    if state["mode"] == "commands":
        return [
            Command(update={"log": ["one"]}, goto="mapped"),
            {"log": ["two"], "note": 1},
            Command(update=[("log", ["three"]), ("log", ["four"])], goto=[Send("note", {"text": "x"})]),
        ]
    if state["mode"] == "unknown command":
        return Command(goto="nowhere")
    return {"log": [state["mode"]], "note": None}


def free(state: State):
    match state["mode"]:
        case "none":
            return None
        case "start":
            return START
        case "nowhere":
            return "nowhere"
        case "several":
            return ["mapped", Send("note", {"text": "b"}), "mapped", Send("note", {"text": "a"})]
        case "by name":
            return "note"
        case "send to the end":
            return Send(END, {})
        case "send to nowhere":
            return [Send("nowhere", {}), "mapped"]
        case "commands":
            return END
    return "mapped"


def mapped(state: State):
    return {"log": [f"mapped {len(state['log'])}"]}


def by_length(state: State):
    if state["mode"] == "no key":
        return "absent"
    return len(state["log"]) > 3


def note(state: Note):
    return {"log": [f"note {state['text']}"], "note": state["text"]}


builder = StateGraph(State)
builder.add_node(start)
builder.add_node(mapped)
builder.add_node(note)
builder.add_edge(START, "start")
builder.add_conditional_edges("start", free)
builder.add_conditional_edges("mapped", by_length, {True: END, False: "mapped"})
graph = builder.compile()
