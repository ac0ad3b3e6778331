"""Nodes of tools that are told what becomes of exceptions, and which channel they read and write."""

import operator
from datetime import date, datetime
from typing import Annotated, TypedDict

from langchain_core.messages import AIMessage, AnyMessage
from langchain_core.tools import StructuredTool, tool
from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.prebuilt import ToolNode
from pydantic import BaseModel, Field


@tool
def halve(number: int) -> int:
    """Halves an even number."""
    if number % 2:
        raise ValueError(f"{number} is odd")
    return 100 // number


@tool
def plan(day: datetime, until: date, at: datetime | None = None) -> str:
    """Plans a meeting."""
    hour = "any" if at is None else at.isoformat()
    return f"{day.strftime('%A, %d %B %Y')} {day!r} {until!r} {(until - day.date()).days} {hour}"


@tool
class Done(BaseModel):
    """The work is done.

    All of it.
    """

    done: bool
    why: str = Field(default="it's so", description="not told")
    count: int = Field(1, ge=1)
    note: str | None = None


def add(number: int, more: int = 2) -> int:
    """Adds."""
    return number + more


plus = StructuredTool.from_function(func=add, name="plus", description="Sums up.")
tool = plus
"""Once the others are decorated, the name is free."""
TOOLS = {each.name: each for each in [halve, Done, plus]}


class State(TypedDict):
    """The calls of each round, and what came of them."""

    number: str
    messages: Annotated[list[AnyMessage], add_messages]
    asked: Annotated[list[AnyMessage], operator.add]


CALLS = "asked"


def ask(state: State) -> dict:
    call = {"name": "halve", "args": {"number": state["number"]}, "id": "x"}
    days = {"day": "2024-05-21", "until": "2024-06-01", "at": "2024-05-21 10:30:00.5"}
    planned = {"name": "plan", "args": days, "id": "y"}
    summed = {"name": "plus", "args": {"number": 1}, "id": "s"}
    return {
        CALLS: [AIMessage("", tool_calls=[call, planned, summed], id="1")],
        "messages": [AIMessage("no", id="2")],
    }


def finish(state: State) -> dict:
    made = TOOLS["Done"].invoke({"done": "yes"})
    name = "Done"
    call = {"type": "tool_call", "name": name, "args": {"done": True, "why": "so"}, "id": "z"}
    said = f"{made.done} {made.why} {made.count} {made.note} {Done.name} {Done.description} {plus.name}: {plus.description}"
    return {"messages": [AIMessage(said, id="3"), TOOLS[name].invoke(call)]}


builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_node("usual", ToolNode([halve], messages_key=CALLS))
builder.add_node("telling", ToolNode([halve], messages_key="asked", handle_tool_errors=True))
builder.add_node("saying", ToolNode([halve], messages_key="asked", handle_tool_errors="No."))
builder.add_node("of_some", ToolNode([halve], messages_key=CALLS, handle_tool_errors=(ValueError,)))
builder.add_node(
    "of_one", ToolNode([halve], handle_tool_errors=ArithmeticError, messages_key=CALLS)
)
builder.add_node("raising", ToolNode([halve], messages_key="asked", handle_tool_errors=False))
builder.add_edge(START, "ask")
builder.add_edge("ask", "telling")
builder.add_edge("telling", "saying")
builder.add_edge("saying", "of_some")
builder.add_edge("of_some", "of_one")
builder.add_edge("of_one", "usual")
builder.add_node("planning", ToolNode([plan, tool], messages_key=CALLS))
builder.add_node("without", ToolNode([], messages_key=CALLS))
builder.add_edge("usual", "planning")
builder.add_edge("planning", "without")
builder.add_edge("without", "raising")
builder.add_node("finish", finish)
builder.add_edge(START, "finish")
builder.add_edge("raising", END)
app = builder.compile()
