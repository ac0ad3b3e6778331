"""Dataclasses that read the environment once they are made."""

import os
from dataclasses import dataclass, field
from typing import TypedDict

from langgraph.graph import END, START, StateGraph

os.environ["LANGFERRY_TEST_URL"] = "http://é"
os.environ["LANGFERRY_TEST_EMPTY"] = ""


@dataclass
class Config:
    model: str = "m"
    url: str = "http://default"
    empty: str = "kept"
    lacking: str = "kept"
    other: str | None = None
    count: int = 1
    words: list[str] = field(default_factory=list)

    def __post_init__(self):
        """What the environment says counts."""
        url = os.getenv("LANGFERRY_TEST_URL")
        if url:
            self.url = url
        empty = os.getenv("LANGFERRY_TEST_EMPTY")
        if empty:
            self.empty = empty
        lacking = os.environ.get("LANGFERRY_TEST_LACKING")
        if lacking:
            self.lacking = lacking
        other = os.getenv("LANGFERRY_TEST_OTHER", "by" + " default")
        if other:
            self.other = other


DEFAULT = Config(model="n", url="given")


class State(TypedDict, total=False):
    count: int
    told: list[str]


def shown(config: Config) -> str:
    return (
        f"{config.model} {config.url} {config.empty} {config.lacking} {config.other} {config.count}"
    )


def tell(state: State) -> State:
    made = Config(count=state["count"], url="x")
    return {"told": [shown(DEFAULT), shown(made), f"{made == DEFAULT} {made.words}"]}


def fail(state: State) -> State:
    try:
        made = Config(count=state["count"], more=1)  # type: ignore[call-arg]
    except TypeError as error:
        return {"told": [*state["told"], str(error)]}
    return {"told": [made.url]}


builder = StateGraph(State)
builder.add_node("tell", tell)
builder.add_node("fail", fail)
builder.add_edge(START, "tell")
builder.add_edge("tell", "fail")
builder.add_edge("fail", END)
app = builder.compile()
