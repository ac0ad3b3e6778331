"""Enums of the program: members in the state, compared, shown, looked up and gone through."""

import json
from dataclasses import dataclass
from enum import Enum, StrEnum
from operator import add
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph


class Status(str, Enum):  # noqa: UP042
    """A text as well."""

    PENDING = "pending"
    DONE = "done"
    UNCLEAR = ""

    def is_final(self) -> bool:
        return self is Status.DONE


class Level(Enum):
    LOW = 1
    HIGH = 2


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"


class Hidden(str, Enum):  # noqa: UP042
    """Only the input has members of it."""

    SHY = "shy"


@dataclass
class Order:
    """Made by who starts a run, with whatever status."""

    name: str
    status: Status = Status.PENDING


class State(TypedDict, total=False):
    hidden: Hidden
    order: Order
    status: Status
    level: Level
    mood: Any
    text: str
    seen: Annotated[list[str], add]


def begin(state: State):
    status = Status.PENDING if state["text"] else Status.UNCLEAR
    return {"status": status, "level": Level.HIGH, "mood": Mood.GOOD, "seen": [f"{status}"]}


def look(state: State):
    status, level, mood = state["status"], state["level"], state["mood"]
    seen = [
        f"{status} {level} {mood} {status!r} {level!r} {mood!r}",
        f"{status == 'pending'} {status == Status.PENDING} {level == 2} {level is Level.HIGH}",
        f"{status is Status.PENDING} {status is not Status.DONE} {mood == Mood.BAD}",
        f"{status.value} {level.value + 1} {level.name} {mood.value.upper()} {len(status)}",
        json.dumps({"status": status, "mood": mood, status: 1}),
        str(status) + " " + status + "|" + ", ".join([x.value for x in Status]),
        "set" if status else "not set",
        f"{state.get('hidden') == 'shy'} {state.get('hidden') in ('shy', 'bold')}",
    ]
    return {"seen": seen}


def ordered(state: State):
    order = state.get("order")
    if order is None:
        return {"seen": ["no order"]}
    status = order.status
    return {"seen": [f"{order.name} {status.value} {status == 'done'} {status is Status.PENDING}"]}


def count(state: State):
    counts: dict[Any, int] = {}
    for status in Status:
        counts[status] = len(status.value)
    for level in Level:
        counts[level] = level.value
    found = counts.get(state["text"], -1)
    return {"seen": [str(counts), str(found), str(counts[Status.DONE]), str("done" in counts)]}


def find(state: State):
    try:
        status = Status(state["text"])
    except ValueError as error:
        return {"seen": [str(error)]}
    try:
        level = Level[status.name]
    except KeyError as error:
        return {"status": status, "seen": [f"{error} of {Level(1)}"]}
    return {"level": level}


def route(state: State):
    if state["status"] == Status.DONE:
        return END
    return "look" if state["level"] != Level.LOW else "count"


graph = StateGraph(State)
for node in (begin, look, count, ordered, find):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "begin")
graph.add_edge("begin", "look")
graph.add_edge("look", "count")
graph.add_edge("count", "ordered")
graph.add_edge("ordered", "find")
graph.add_edge("find", END)
graph.add_conditional_edges("begin", route, ["look", "count", END])
app = graph.compile()
