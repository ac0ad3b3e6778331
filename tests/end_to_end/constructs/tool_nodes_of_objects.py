"""Nodes of tools that are given objects: a pydantic model, and a dataclass."""

from dataclasses import dataclass, field
from typing import Annotated

from langchain_core.messages import AIMessage, AnyMessage
from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.prebuilt import ToolNode
from pydantic import BaseModel


def halve(number: int) -> float:
    """Halves a number."""
    return number / 2


class State(BaseModel):
    number: str
    asked: Annotated[list[AnyMessage], add_messages] = []
    note: str | None = None


@dataclass
class Inner:
    asked: Annotated[list[AnyMessage], add_messages] = field(default_factory=list)


def ask(state: State) -> dict:
    call = {"name": "halve", "args": {"number": state.number}, "id": "x"}
    return {"asked": [AIMessage("", tool_calls=[call], id="1")], "note": "asked"}


def again(state: Inner) -> dict:
    call = {"name": "halve", "args": {"number": len(state.asked)}, "id": "y"}
    return {"asked": [AIMessage("", tool_calls=[call], id="2")]}


builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_node("tools", ToolNode([halve], messages_key="asked", handle_tool_errors=True))
builder.add_node("again", again)
builder.add_node("others", ToolNode([halve], messages_key="asked"), input_schema=Inner)
builder.add_edge(START, "ask")
builder.add_edge("ask", "tools")
builder.add_edge("tools", "again")
builder.add_edge("again", "others")
builder.add_edge("others", END)
app = builder.compile()
