"""Nodes and routers that are given a pydantic model."""

import operator
from typing import Annotated

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field


class State(BaseModel):
    topic: str
    scores: list[int]
    steps: Annotated[list[str], operator.add] = Field(
        default_factory=list, description="what was done"
    )
    limit: int = 2
    summary: str | None = None
    weight: float = 0.5
    tries: int = Field(default=5, ge=0, lt=3, description="how often")
    share: float | None = Field(None, gt=0, le=1)

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
    told = f"{state.topic} {total:.2f} after {len(state.steps)} {state.weight}"
    return {"summary": f"{told} {state.tries} {state.share}"}


def more(state: State) -> str:
    return "work" if state.limit > 0 else "finish"


def as_dict(state: State):
    """Asks an object for what only a dict has."""
    try:
        return {"steps": [state["topic"]]}
    except TypeError as error:
        shown = str(error)
    try:
        return {"steps": [state.get("topic", "none")]}
    except AttributeError as error:
        return {"steps": [shown, str(error)], "summary": state.summary or "asked"}


def of_dict(state):
    return END if len(state.get("steps", [])) > 0 else "as_dict"


graph = StateGraph(State)
graph.add_node("as_dict", as_dict)
graph.add_node("work", work)
graph.add_node("finish", finish)
graph.add_edge(START, "work")
graph.add_conditional_edges("work", more, {"work": "work", "finish": "finish"})
graph.add_conditional_edges("finish", lambda state: "as_dict" if state.summary else "work")
graph.add_conditional_edges("as_dict", of_dict, ["as_dict", END])
app = graph.compile()
