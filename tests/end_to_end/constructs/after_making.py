"""Dataclasses that go on with their new objects in `__post_init__`."""

import os
from dataclasses import dataclass, field
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph


@dataclass
class Config:
    """How to answer."""

    name: str = "nobody"
    limit: int = 2
    home: str = "nowhere"
    words: list[str] = field(default_factory=list)

    def __post_init__(self):
        """Looks around, too."""
        home = os.getenv("LANGFERRY_NO_SUCH_HOME")
        if home:
            self.home = home
        self.name = self.name.strip() or "nobody"
        if self.limit < 0:
            raise ValueError(f"no limit: {self.limit}")
        if not self.words:
            self.words = [self.name, f"up to {self.limit}"]
            return
        for word in self.words:
            if word == self.name:
                self.limit = self.limit + 1


DEFAULT = Config(name=" Ä ")


class State(TypedDict, total=False):
    name: str
    limit: int
    words: list[str]
    seen: list[Any]


def shown(config: Config) -> list[Any]:
    return [config.name, config.limit, config.home, config.words]


def begin(state: State):
    return {"seen": shown(DEFAULT)}


def work(state: State):
    try:
        config = Config(state["name"], limit=state.get("limit", 0), words=state.get("words", []))
    except (ValueError, AttributeError) as error:
        return {"seen": [type(error).__name__, str(error)]}
    return {"seen": [*state["seen"], shown(config), config == Config("x"), config == DEFAULT]}


graph = StateGraph(State)
graph.add_node("begin", begin)
graph.add_node("work", work)
graph.add_edge(START, "begin")
graph.add_edge("begin", "work")
graph.add_edge("work", END)
app = graph.compile()
