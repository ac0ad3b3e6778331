"""Nodes and routers that factories, partials and objects make of what they are given."""

import functools
import re
import time
from dataclasses import dataclass
from enum import Enum
from operator import add, itemgetter
from typing import Annotated, Any, TypedDict

from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    text: str
    n: int
    seen: Annotated[list[str], add]


@dataclass
class Settings:
    name: str
    limit: int = 3
    pattern: str = r"\w+"


class Kind(Enum):
    LETTERS = "letters"
    DIGITS = "digits"


class Limits:
    SMALLEST = 9

    @staticmethod
    def larger(n: int) -> int:
        return n + 1


class Counter:
    def __init__(self, settings: Settings, step: int):
        self.settings = settings
        self.step = step + 1
        self.found = re.compile(settings.pattern)

    def __call__(self, state: State):
        words = self.found.findall(state["text"])
        return {"n": state["n"] + self.step * len(words), "seen": [self.settings.name]}

    @property
    def limit(self) -> int:
        return Limits.larger(self.settings.limit) - 1

    def enough(self, state: State, otherwise: str = "stop") -> str:
        return "short" if state["n"] > self.limit else otherwise


def doubled(text: str) -> str:
    return text + text


def shouted(text: str) -> str:
    return text.upper()


def backwards(text: str) -> str:
    return text[::-1]


def pattern_for(kind: str):
    if kind == Kind.LETTERS.value:
        return re.compile("[a-z]")
    return re.compile("[0-9]")


def changing(function, suffix, *, times=1):
    """A node that changes the text by a function it is given."""
    prompt = PromptTemplate.from_template("{text}" + suffix)

    def decorated(text: str) -> str:
        return function(text) * times

    def node(state: State):
        changed = decorated(prompt.format(text=state["text"]))
        return {"text": changed, "seen": [suffix]}

    return node


def ending() -> str:
    return Kind.DIGITS.value[:1]


SIGNED = PromptTemplate.from_template("{text}{ending}{start}{rest}").partial(
    ending=ending, start=lambda: shouted(level[:1]), rest="never seen"
)


def replacing(with_text, pattern, state: State):
    return {"text": pattern.sub(with_text, state["text"], 1), "seen": ["replaced"]}


def shorter(limits):
    smallest = min(limits)

    def cut(state: State):
        return {"text": state["text"][:smallest], "seen": [str(limit) for limit in limits]}

    return cut


ASKED = ChatPromptTemplate.from_template("{shout} {first} {all} {n} {own}")


def ask(state: State):
    own = state["text"][:2]
    chain = {
        "shout": lambda given: given["text"].upper(),
        "first": itemgetter("text"),
        "all": RunnablePassthrough(),
        "n": counted,
        "own": lambda _: own * 2,
    } | ASKED
    given = {"text": state["text"], "n": 1}
    messages = chain.invoke(given).to_messages()
    return {"text": messages[0].content}


def counted(given: dict[str, Any]) -> int:
    return len(given["text"]) + given["n"]


started = time.time()
level = "low"
level = level + "er"
marker = re.compile("x")
if len(level) > 3:
    marker = re.compile(level[0])


def mark(state: State, letter: str = "L"):
    early = started > time.time()
    signed = SIGNED.partial(rest="").format(text=state["text"])
    return {
        "text": marker.sub(letter, signed),
        "seen": [level, Kind.DIGITS.name, str(early)],
    }


def build(settings: Settings, kinds):
    counter = Counter(settings, step=1)
    step = Counter(settings, step=0)
    graph = StateGraph(State)
    last = START
    for number, function in enumerate([doubled, shouted, backwards]):
        graph.add_node(f"change_{number}", changing(function, kinds[number], times=number + 1))
        graph.add_edge(last, f"change_{number}")
        last = f"change_{number}"
    graph.add_node("ask", ask)
    graph.add_node("mark", mark)
    graph.add_node("count", counter)
    graph.add_node("count_again", step)
    digits = pattern_for("digits")
    graph.add_node(
        "letters", functools.partial(replacing, "*", pattern_for("letters" if kinds else ""))
    )
    graph.add_node("digits", functools.partial(replacing, "#", digits))
    graph.add_node("short", shorter([settings.limit + 1, Limits.SMALLEST]))
    graph.add_edge(last, "ask")
    graph.add_edge("ask", "mark")
    graph.add_edge("mark", "count")
    graph.add_edge("count", "count_again")
    graph.add_edge("count_again", "letters")
    graph.add_edge("letters", "digits")
    graph.add_conditional_edges("digits", counter.enough, {"short": "short", "stop": END})
    graph.add_edge("short", END)
    return graph.compile()


app = build(Settings("first"), ["-a", "+b1", "=c"])
