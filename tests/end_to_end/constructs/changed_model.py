"""Nodes that change the pydantic model they are given, give it back, or make another."""

import operator
from collections.abc import Sequence
from typing import Annotated, Literal

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel, ConfigDict, Field


class Step(BaseModel):
    title: str
    done: bool = False


class State(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    topic: str
    messages: Annotated[list[AnyMessage], add_messages] = Field(default_factory=list)
    history: Sequence[BaseMessage] = []
    tags: list[str] = Field(default_factory=list)
    seen: dict[str, int] = {}
    log: Annotated[list[str], operator.add] = []
    mood: Literal["calm", "wild"] = "calm"
    note: str | None = None
    steps: list[Step] = []
    next_step: Step | None = None
    ratio: float = 0.5
    count: int = 0


def rename(state: State) -> State:
    state.topic = state.topic.upper()
    state.count += 2
    state.mood = "wild" if state.count > 3 else "calm"
    if state.note is None:
        state.note = "made"
    return state


def grow(state: State):
    """What pydantic makes anew is the node's own, and stays so when it is not given back."""
    state.tags.append(state.topic)
    state.tags += ["more"]
    state.seen[state.topic] = len(state.tags)
    return {"log": [f"{state.tags} {state.seen}"]}


def collect(state: State) -> State:
    state.tags.append("kept")
    state.seen["kept"] = state.count
    state.count = len(state.seen)
    state.note = None
    return state


def talk(state: State):
    last = state.messages[-1] if state.messages else HumanMessage("none")
    return {
        "messages": [AIMessage(f"{last.content} {state.mood} {len(state.history)}")],
        "history": state.messages,
        "count": state.count + len(state.steps),
    }


def restart(state: State):
    if state.next_step is not None:
        return {"note": f"next is {state.next_step.title}"}
    return told(state)


def told(state: State) -> dict[str, str]:
    return {"note": f"{state.ratio} {state.count}"}


def route(state: State) -> Literal["talk", "__end__"]:
    return "talk" if state.count < 40 and state.mood == "calm" else END


graph = StateGraph(State)
for node in (rename, grow, collect, talk, restart):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "rename")
graph.add_edge("rename", "grow")
graph.add_edge("grow", "collect")
graph.add_conditional_edges("collect", route)
graph.add_edge("talk", "restart")
graph.add_edge("restart", END)
app = graph.compile()
