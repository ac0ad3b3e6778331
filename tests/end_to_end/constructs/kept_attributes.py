"""Nodes that read lists, dicts, prompts and functions that objects have as attributes."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import add
from typing import Annotated, TypedDict

from langchain_core.prompts import PromptTemplate
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field


class State(TypedDict, total=False):
    text: str
    seen: Annotated[list[str], add]


class Station(BaseModel):
    name: str = Field(description="what it is called")
    next: list[str] = Field(default_factory=list, description="where one may go on")
    marks: dict[str, int] = {"a": 1}


class Engine(BaseModel):
    model: str = Field("steam", description="what it is driven by")
    power: float | None = None


class Coach(BaseModel):
    seats: int = 40


class DiningCar(Coach):
    seats: int = 12
    menu: list[str] = ["soup"]


class Train(BaseModel):
    engine: Engine = Field(default_factory=Engine)
    spare: Engine | None = None
    coach: Coach = DiningCar(menu=["stew", "pie"])


TRAIN, EXPRESS = Train(), Train(engine=Engine(model="diesel", power=2), spare=Engine())


def current() -> Train:
    return EXPRESS


EXPRESS_NOW = current()


def of_trains(state: State):
    first = f"{TRAIN.engine.model} {TRAIN.engine.power} {TRAIN.spare is None}"
    other = f"{EXPRESS_NOW.engine.model} {EXPRESS.spare.model}"
    return {"seen": [first, other, str(TRAIN.coach.seats + EXPRESS.coach.seats)]}


def named(name):
    def label():
        return name

    label.name = f"label of {name}"
    return label


def shouted(text: str) -> str:
    if not text:
        raise ValueError("nothing to shout")
    return text.upper()


def ended_with(end: str):
    def ended(text: str, times: int = 1) -> str:
        return text + end * times

    return ended


@dataclass
class Voice:
    shown: Callable[[str], str] = shouted


class Speaker:
    def __init__(self, ended=None, voice=None):
        self._ended = ended or ended_with("?")
        self.voice = voice or Voice()

    def __call__(self, state: State):
        return {"seen": [self._ended(state["text"]), self.voice.shown(state["text"])]}


STATIONS = [
    Station(name="first", next=["second", "third"], marks={"x": 2, "y": 3}),
    Station(name="second", next=["third"]),
    Station(name="third"),
]


def visiting(station: Station):
    def visit(state: State):
        onward = ", ".join(station.next) if station.next else "nowhere"
        best = max(station.marks.values())
        known = state["text"] in station.next
        goals = station.next
        return {"seen": [f"{station.name} -> {onward} ({best}, {known}, {len(goals)})", *goals]}

    return visit


class Words:
    def __init__(self, greeting="hello"):
        self.greeting = greeting
        self._set_up()

    def _set_up(self):
        self.stop = ["the", "a"]
        self.synonyms = {"big": ["large", "huge"], "small": ["little"]}
        self._set_up_prompts()

    def _set_up_prompts(self):
        self.prompt = PromptTemplate.from_template("{greeting} {text}!")

    def plain(self, state: State):
        stop = self.stop
        kept = [word for word in state["text"].split() if word not in stop]
        also = [word for word in kept if word in self.synonyms and "huge" in self.synonyms[word]]
        return {"seen": kept + also + self.synonyms.get("small")[:1]}

    def greeted(self, state: State):
        said = self.prompt.format(greeting=self.greeting, text=state["text"])
        return {"seen": [said]}


def build():
    graph, words = StateGraph(State), Words()
    graph.add_node("plain", words.plain)
    graph.add_node("greeted", words.greeted)
    for station in STATIONS:
        graph.add_node(station.name, visiting(station))
    graph.add_edge(START, "plain")
    graph.add_edge("plain", "greeted")
    graph.add_node("asked", Speaker())
    graph.add_node("of_trains", of_trains)
    graph.add_node("told", Speaker(ended_with("."), Voice(ended_with("!"))))
    graph.add_edge("greeted", "asked")
    graph.add_edge("asked", "of_trains")
    graph.add_edge("of_trains", "told")
    before = "told"
    for station in STATIONS:
        graph.add_edge(before, station.name)
        before = station.name
    graph.add_edge(before, END)
    return graph.compile()


app = build()
