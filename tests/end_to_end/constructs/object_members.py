"""Properties and methods of objects, of which only the running program knows what they are."""

import operator
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field


class Analyst(BaseModel):
    """Who asks."""

    name: str = Field(description="Who it is.")
    role: str = "reader"
    tags: list[str] = Field(default_factory=list)

    @property
    def persona(self) -> str:
        return f"Name: {self.name}\nRole: {self.role}\nTags: {self.told(', ')}\n"

    def told(self, separator: str, most: int = 2) -> str:
        if not self.tags:
            return "none"
        return separator.join(self.tags[:most])

    @property
    def first(self) -> Any:
        return self.tags[0]


class Senior(Analyst):
    """One with more to say."""

    years: int = 0


@dataclass
class Plan:
    """What to do."""

    steps: list[str] = field(default_factory=list)
    limit: int = 2

    @property
    def is_done(self):
        return len(self.steps) >= self.limit

    def shown(self, *, mark: str = "-"):
        return [f"{mark} {step}" for step in self.steps]


class State(TypedDict, total=False):
    analyst: Analyst
    analysts: list[Analyst]
    plan: Plan
    other: Any
    seen: Annotated[list[Any], operator.add]


def make(state: State):
    made = {"analyst": Analyst(name="Ada", tags=["a", "b", "c"]), "plan": Plan(["x"], limit=1)}
    return {**made, "analysts": [Analyst(name="Bo", role="writer"), Senior(name="Cy", years=3)]}


def ask(state: State):
    analyst = state["analyst"]
    text = f"goals: {analyst.persona}"
    lines = [one.persona for one in state["analysts"]]
    plan = state["plan"]
    return {"seen": [text, lines, plan.is_done, plan.shown(mark="*"), analyst.told("-", most=3)]}


def others(state: State):
    seen: list[Any] = []
    for one in [state.get("other"), *state["analysts"]]:
        try:
            seen.append(one.persona)
            seen.append(one.told(seen[5]))
        except (AttributeError, IndexError) as error:
            seen.append([type(error).__name__, str(error)])
        try:
            seen.append(one.first)
        except (AttributeError, IndexError) as error:
            seen.append([type(error).__name__, str(error)])
    return {"seen": seen}


def more(state: State) -> str:
    return "others" if state["plan"].is_done else END


app = (
    StateGraph(State)
    .add_node(make)
    .add_node(ask)
    .add_node(others)
    .add_edge(START, "make")
    .add_edge("make", "ask")
    .add_conditional_edges("ask", more)
    .add_edge("others", END)
    .compile()
)
