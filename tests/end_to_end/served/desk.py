"""A desk that takes orders, works for as long as it is told, and asks before it delivers."""

import asyncio
import operator
from typing import Annotated, Any

from langchain_core.messages import AIMessage, AnyMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Command, StreamWriter, interrupt
from typing_extensions import TypedDict


class Order(TypedDict):
    what: str
    seconds: float
    messages: Annotated[list[AnyMessage], add_messages]
    log: Annotated[list[str], operator.add]


def take(state: Order, writer: StreamWriter) -> dict[str, Any]:
    if state["what"] == "nothing":
        raise ValueError("an order for nothing")
    writer({"taken": state["what"]})
    return {"log": [f"took {state['what']}"]}


async def work(state: Order) -> dict[str, Any]:
    await asyncio.sleep(state["seconds"])
    return {"log": ["worked"], "messages": [AIMessage("ready", id="m1")]}


def deliver(state: Order) -> Command[Any]:
    answer = interrupt({"deliver": state["what"]})
    return Command(update={"log": [f"delivered to {answer}"]}, goto="close")


def close(state: Order) -> dict[str, Any]:
    return {"log": ["closed"]}


builder = StateGraph(Order)
builder.add_node("take", take)
builder.add_node("work", work)
builder.add_node("deliver", deliver, destinations=("close",))
builder.add_node("close", close)
builder.add_edge(START, "take")
builder.add_edge("take", "work")
builder.add_edge("work", "deliver")
builder.add_edge("close", END)
graph = builder.compile(checkpointer=InMemorySaver())
