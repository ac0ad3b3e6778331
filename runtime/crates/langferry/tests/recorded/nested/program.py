"""A graph as a node, sent to and stepped into, with schemas of its own."""

import asyncio
import operator
from typing import Annotated

from langgraph.graph import END, START, StateGraph
from langgraph.types import Send
from typing_extensions import TypedDict


class Outer(TypedDict):
    words: list[str]
    lines: Annotated[list[str], operator.add]
    word: str


class In(TypedDict):
    word: str


class Out(TypedDict):
    lines: list[str]


class Inner(In, Out):
    count: Annotated[int, operator.add]


async def shout(state: In):
    await asyncio.sleep(0.01 * len(state["word"]))
    if state["word"] == "bad":
        raise ValueError("bad word")
    return {"word": state["word"] + "!", "count": 1}


async def say(state: Inner):
    return {"lines": [f"{state['word']} {state['count']}"]}


async def enough(state: Inner):
    return END if state["word"].endswith("!!!") else "shout"


async def spread(state: Outer):
    return [Send("speak", {"word": word, "other": 1}) for word in state["words"]]


async def pick(state: Outer):
    return {"word": state["words"][0] if state["words"] else ""}


inner = StateGraph(Inner, input_schema=In, output_schema=Out)
inner.add_node(shout)
inner.add_node(say)
inner.add_edge(START, "shout")
inner.add_edge("shout", "say")
inner.add_conditional_edges("say", enough)
speak = inner.compile()

outer = StateGraph(Outer)
outer.add_node(pick)
outer.add_node("speak", speak)
outer.add_node("again", speak)
outer.add_conditional_edges(START, spread)
outer.add_edge("speak", "pick")
outer.add_edge("pick", "again")
graph = outer.compile()
