"""What parsers tell models of classes, and objects of these made of what was parsed."""

import json
from typing import Any, Literal, TypedDict

from langchain_core.output_parsers import JsonOutputParser
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field


class Task(BaseModel):
    """A task,
    on two lines."""

    name: str = Field(description='its "näme", in {braces}')
    context: str = Field("", description="what else is known")
    weight: float = 1


class Step(BaseModel):
    path: str
    kind: Literal["add", "drop"] = "add"
    tasks: list[Task] = Field(description="what is to be done")
    first: Task | None = None


class Plan(BaseModel):
    steps: list[Step] = Field(description="all steps")
    notes: list[str] = Field(default_factory=list)
    limit: int | None = Field(None, description="how many")


class State(TypedDict, total=False):
    text: str
    told: list[str]
    plan: Plan
    failed: str
    shown: list[Any]


def tell(state: State):
    return {
        "told": [
            JsonOutputParser(pydantic_object=Plan).get_format_instructions(),
            JsonOutputParser(pydantic_object=Task).get_format_instructions(),
            JsonOutputParser().get_format_instructions(),
        ]
    }


def make(state: State):
    given = json.loads(state["text"])
    try:
        plan = Plan(**given)
    except ValueError as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    return {"plan": plan}


def show(state: State):
    if "plan" not in state:
        return {"shown": []}
    plan = state["plan"]
    shown: list[Any] = [plan.limit, plan.notes, len(plan.steps)]
    for step in plan.steps:
        shown.append([step.path, step.kind, step.first is None])
        for task in step.tasks:
            shown.append([task.name, task.context, task.weight])
    again = Plan(**{"steps": plan.steps, "limit": len(shown)})
    shown.append([again.limit, again.notes, [step.path for step in again.steps]])
    return {"shown": shown}


graph = StateGraph(State)
for node in (tell, make, show):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "tell")
graph.add_edge("tell", "make")
graph.add_edge("make", "show")
graph.add_edge("show", END)
app = graph.compile()
