"""Commands that go to lists which the node has made before."""

import operator
from typing import Annotated, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import Command, Send


class State(TypedDict):
    words: list[str]
    log: Annotated[list[str], operator.add]


class Word(TypedDict):
    word: str
    at: int


def spread(state: State):
    sends = []
    for at, word in enumerate(state["words"]):
        given = {"word": word, "at": at}
        sends.append(Send("shout", given))
    return Command(goto=sends)


def shout(state: Word):
    names = [name for name in ("first", "second") if state["at"] > 0]
    return Command(update={"log": [f"{state['word'].upper()} {state['at']}"]}, goto=names)


def first(state: State):
    return {"log": [f"first {len(state['log'])}"]}


def second(state: State):
    nowhere: list[str] = []
    return Command(update={"log": ["second"]}, goto=nowhere)


graph = StateGraph(State)
graph.add_node("spread", spread, destinations=("shout",))
graph.add_node("shout", shout, destinations=("first", "second"))
graph.add_node("first", first)
graph.add_node("second", second)
graph.add_edge(START, "spread")
app = graph.compile()
