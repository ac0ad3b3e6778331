"""A pydantic state with validators, of which each object is made anew for a function."""

import operator
from datetime import datetime
from typing import Annotated

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field, field_validator


def cleaned(text: str) -> str:
    return " ".join(text.split())


class State(BaseModel):
    name: str
    mood: str = "bad"
    score: int | None = None
    weight: float = 1.0
    tags: list[str] = Field(default_factory=list)
    seen: Annotated[list[str], operator.add] = Field(default_factory=list)
    began: str = datetime.now().isoformat()

    @field_validator("mood", "name")
    @classmethod
    def tell(cls, value):
        """Says what it is given, and refuses some."""
        if value not in ["happy", "sad", "ok"] and not value.startswith("A"):
            raise ValueError(f"not {value}")
        print("told", value)
        return value

    @field_validator("name")
    def is_clean(cls, value: str) -> str:
        if cleaned(value) != value:
            raise ValueError("not clean")
        return value

    @field_validator("score", mode="after")
    @classmethod
    def at_most(cls, score: int | None) -> int | None:
        assert score is None or score < 100, "too much"
        return score

    @field_validator("weight")
    @classmethod
    def light(cls, weight: float) -> float:
        if weight > 2:
            print("heavy", weight)
        return weight

    @field_validator("tags")
    @classmethod
    def few_tags(cls, v: list[str]) -> list[str]:
        for tag in v:
            if not tag:
                raise ValueError("an empty tag")
        if len(v) > 9:
            raise TypeError("too many")
        return v


def begin(state: State):
    told = f"{state.name} {state.mood} {state.score} {state.weight} {state.tags}"
    return {"seen": [told], "name": state.name + " b", "tags": [*state.tags, "c"]}


def end(state: State):
    return {"seen": [f"{state.name} {state.mood} {state.score} {state.weight} {state.tags}"]}


def more(state: State) -> str:
    return "end" if state.name.endswith("b") and "c" in state.tags else END


app = (
    StateGraph(State)
    .add_node(begin)
    .add_node(end)
    .add_edge(START, "begin")
    .add_conditional_edges("begin", more)
    .add_edge("end", END)
    .compile()
)
