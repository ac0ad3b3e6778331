"""A model with defaults that only Python makes, which its functions do not look at, and with floats in containers."""

import time
import uuid
from datetime import datetime

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field


class Session(BaseModel):
    least: int = Field(default=0, ge=1)
    id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    started: float = Field(default_factory=time.time)
    count: int = 0


class State(BaseModel):
    text: str
    times: dict[str, float] = Field(default_factory=dict)
    rates: list[float] = []
    best: float | None = None
    session: Session = Field(default_factory=Session)
    next: str | None = None
    began: float = Field(default_factory=lambda: datetime.now().timestamp())
    shown: str = Field(default_factory=lambda: datetime.now().isoformat())


def work(state: State):
    times = {**state.times, state.text: len(state.text) / 2}
    return {"times": times, "rates": [*state.rates, 0.5], "next": "finish"}


def finish(state: State):
    best = max([*state.times.values(), *state.rates], default=0.0)
    if state.best is not None and state.best > best:
        best = state.best
    return {"best": best, "next": "end", "text": f"{state.text}: {best}"}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_node("finish", finish)
graph.add_edge(START, "work")
graph.add_conditional_edges("work", lambda state: state.next, {"finish": "finish"})
graph.add_conditional_edges("finish", lambda state: state.next, {"end": END, "work": "work"})
app = graph.compile()
