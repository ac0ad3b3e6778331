"""A dataclass as the state, of which fields are members of enums by default."""

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from operator import add
from typing import Annotated

from langgraph.graph import END, START, StateGraph


class Status(str, Enum):  # noqa: UP042
    """A text as well."""

    OPEN = "open"
    DONE = "done"


class Level(Enum):
    LOW = 1
    HIGH = 2


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"


@dataclass
class State:
    text: str
    status: Status = Status.OPEN
    level: Level = field(default=Level.LOW)
    mood: Mood = Mood.BAD
    seen: Annotated[list[str], add] = field(default_factory=list)


def begin(state: State):
    told = [f"{state.status.value} {state.level} {state.mood}", str(state.level.value)]
    return {"seen": told, "status": Status.DONE if state.text else state.status}


def end(state: State):
    return {"seen": [state.status.name, state.mood.upper()], "level": Level.HIGH}


def more(state: State) -> str:
    return "end" if state.status == "done" and state.level is Level.LOW else END


app = (
    StateGraph(State)
    .add_node(begin)
    .add_node(end)
    .add_edge(START, "begin")
    .add_conditional_edges("begin", more)
    .add_edge("end", END)
    .compile()
)
