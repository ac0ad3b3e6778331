"""Asynchronous nodes that wait for the program's own functions and for asyncio's, or are called again."""

import asyncio
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_fixed


class State(TypedDict, total=False):
    text: str
    words: list[str]
    count: int


def shouted(text: str, times: int = 1) -> str:
    return text.upper() + "!" * times


async def split(text: str) -> list[str]:
    await asyncio.sleep(0)
    return text.split()


async def measured(words: list[str], least: int):
    total = 0
    for word in words:
        total += await length(word)
    if total < least:
        raise ValueError(f"only {total}")
    return total


async def length(word: str) -> int:
    return len(word)


insistently = retry(
    stop=stop_after_attempt(3),
    wait=wait_fixed(0.01),
    retry=retry_if_exception_type(ValueError),
    reraise=True,
)


@insistently
async def read(state: State) -> State:
    if state["text"] == "no":
        raise ValueError("no words")
    words = await split(state["text"])
    return {"words": words, "count": len(await split(shouted(state["text"])))}


async def measure(state: State):
    try:
        return {"count": await measured(state["words"], state["count"])}
    except ValueError as error:
        await asyncio.sleep(0.001)
        return {"text": f"{error}"}


async def shout(state: State):
    text = await asyncio.to_thread(shouted, state["text"], times=2)
    return {"text": text, "count": state["count"] + await length(text)}


async def route(state: State) -> str:
    return "shout" if await length(state["text"]) > 3 else END


graph = StateGraph(State)
graph.add_node("read", read)
graph.add_node("measure", measure)
graph.add_node("shout", shout)
graph.add_edge(START, "read")
graph.add_edge("read", "measure")
graph.add_conditional_edges("measure", route)
graph.add_edge("shout", END)
app = graph.compile()
