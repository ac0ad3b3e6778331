"""Coroutines that a node waits for together, and a tool that is called as if it were a function."""

import asyncio
import json
import os
from typing import Any, TypedDict

from langchain_core.tools import tool
from langgraph.graph import END, START, StateGraph

FOLDER = os.path.join("/tmp", "langferry_gathered", "notes")
BESIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gathered.json")

os.makedirs(FOLDER, exist_ok=True)


class State(TypedDict):
    words: list[str]
    found: list[Any]
    log: list[str]


class Inner(TypedDict):
    word: str
    shouted: str


@tool
def search(query: str) -> str:
    """Search for something."""
    return f"found {query}"


def shout(state: Inner):
    if not state["word"]:
        raise ValueError("no word")
    return {"shouted": state["word"].upper()}


inner = StateGraph(Inner)
inner.add_node("shout", shout)
inner.add_edge(START, "shout")
inner.add_edge("shout", END)
shouting = inner.compile()


async def length(word: str, more: int = 0) -> int:
    await asyncio.sleep(0)
    if word == "bad":
        raise KeyError(word)
    return len(word) + more


async def lengths(state: State):
    more = 1
    numbers = await asyncio.gather(*[length(word, more) for word in state["words"]])
    named = await asyncio.gather(
        *(length(word=word, more=at) for at, word in enumerate(state["words"]) if word)
    )
    return {"found": [numbers, named]}


async def shouted(state: State):
    asked = [shouting.ainvoke({"word": word}) for word in state["words"]]
    results = await asyncio.gather(*asked)
    return {"found": [*state["found"], [result["shouted"] for result in results]]}


def call_tool(state: State):
    try:
        answer = search(state["words"][0])
    except TypeError as error:
        answer = f"no: {error}"
    except IndexError as error:
        answer = f"none: {error}"
    return {"log": [answer]}


def keep(state: State):
    """Keep what was found in a file, and count how often that was done."""
    path = os.path.join(FOLDER, "found.json")
    with open(path, "w") as f:
        json.dump({"words": state["words"], "found": state["found"]}, f, indent=1)
    with open(path) as f:
        lines = f.readlines()
    with open(path) as f:
        again = json.load(f)
    os.remove(path)
    with open(BESIDE) as f:
        beside = json.load(f)
    entry = f"{len(lines)} {again['found']} {beside['greeting']} {os.listdir(FOLDER)}"
    return {"log": [*state["log"], entry]}


def passed_on(**kwargs: Any) -> str:
    return last(**kwargs)


def last(**kwargs: Any) -> str:
    return f"{kwargs} {len(kwargs)}"


def tell(state: State):
    return {"log": [*state["log"], passed_on(), passed_on(words=state["words"], at=1)]}


builder = StateGraph(State)
builder.add_node("lengths", lengths)
builder.add_node("shouted", shouted)
builder.add_node("call_tool", call_tool)
builder.add_node("keep", keep)
builder.add_node("tell", tell)
builder.add_edge(START, "lengths")
builder.add_edge("lengths", "shouted")
builder.add_edge("shouted", "call_tool")
builder.add_edge("call_tool", "keep")
builder.add_edge("keep", "tell")
builder.add_edge("tell", END)
graph = builder.compile()
