"""Objects of the classes that a state's fields are annotated with: made of others, and made into dicts."""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field


class Task(BaseModel):
    id: int
    title: str = "untitled"
    tags: list[str] = Field(default_factory=list)


class Box(BaseModel):
    size: int = Field(default=1, ge=1)
    holds: list[Task]


class Plan(BaseModel):
    topic: str = Field(min_length=2)
    tasks: list[Task] = []
    best: Task | None = None


class State(TypedDict, total=False):
    topic: str
    plan: Plan
    evidence: list[Task] | None
    boxes: list[Box]
    shown: list
    text: str


def make(state: State) -> dict:
    topic = state["topic"]
    first = Task(id=1, tags=[topic])
    second = Task(id=2, title=f"about {topic}")
    plan = Plan(topic=topic, tasks=[first, second], best=second)
    boxes = [
        Box(size=3, holds=[first]),
        Box(size=2, holds=plan.tasks),
        Box(holds=[]),
    ]
    return {"plan": plan, "evidence": [first, second, Task(id=3)], "boxes": boxes}


def show(state: State) -> dict:
    plan = state["plan"]
    evidence = state.get("evidence", [])
    whole = plan.model_dump()
    each = [task.model_dump() for task in plan.tasks]
    some = [item.model_dump(mode="json") for item in (state.get("evidence") or [])[:2]]
    whole["boxes"] = [box.model_dump() for box in state["boxes"]]
    for item in evidence:
        whole[f"evidence {item.id}"] = item.model_dump()
    return {"shown": [whole, each, some], "text": f"{[e.model_dump() for e in evidence][:1]}"}


def tell(state: State) -> dict:
    told = state["plan"].model_dump_json(indent=2)
    return {"text": state["text"] + told + state["plan"].model_dump_json()}


def begin(state: State) -> str:
    return "show" if "plan" in state else "make"


graph = StateGraph(State)
graph.add_node("make", make)
graph.add_node("show", show)
graph.add_node("tell", tell)
graph.add_conditional_edges(START, begin, ["make", "show"])
graph.add_edge("make", "show")
graph.add_edge("show", "tell")
graph.add_edge("tell", END)
app = graph.compile()
