"""Tools whose functions stand in classes and functions, or that are classes which a node takes for tools."""

import hashlib
from typing import Literal

from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import StructuredTool, tool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from pydantic import BaseModel, Field

NORTH = "north"
SOUTH = "south"


class Weather:
    """Tools without an object."""

    @staticmethod
    def forecast(place: str, days: int = 1) -> str:
        """Tells what comes."""
        kinds = ["sun", "rain", "snow"]
        degrees = range(-10, 40, 7)
        number = int(hashlib.md5(place.encode()).hexdigest(), 16)
        return f"{place}: {kinds[number % len(kinds)]}, {degrees[number % len(degrees)]} for {days}"


class Done(BaseModel):
    """The work is done."""

    why: str = Field(description="not told")
    count: int = 1


@tool
def go(way: Literal[NORTH, SOUTH], steps: int = 1) -> str:
    """Goes."""
    if way == NORTH:
        return f"up {steps}"
    return f"{way} {steps}"


@tool
def who(greeting: str, config: RunnableConfig) -> str:
    """Greets."""
    user, other = config.get("user_id", "nobody"), config.get("tenant")
    return f"{greeting} {user} {other} {config['configurable'].get('user_id', 'none')}"


class Desk:
    """Makes tools."""

    def tools(self):
        def note(text: str, times: int = 1) -> str:
            """Notes."""
            return ";".join([text] * times)

        return [StructuredTool.from_function(name="note_down", func=note)]


def run_queries(queries: list[str], **kwargs):
    """Asks for all."""
    return go.batch([{"way": query, "steps": len(query)} for query in queries])


@tool
def run(text: str) -> str:
    """Has the name of what tools are given."""
    return f"ran {text}"


@tool
def arguments(text: str) -> str:
    """So has this one."""
    return f"{text} {go.invoke({'way': SOUTH})}"


def inner_tools():
    @tool
    def shout(text: str) -> str:
        """Shouts."""
        return text.upper()

    def whisper(text: str) -> str:
        """Whispers."""
        return text.lower()

    return [shout, whisper]


asking = StructuredTool.from_function(run_queries, name=Weather.__name__)
tools = [Weather.forecast, Done, go, who, *Desk().tools(), *inner_tools(), asking, run, arguments]


class State(MessagesState):
    """What is asked for."""

    calls: list


def ask(state: State, config: RunnableConfig) -> dict:
    text = config.get("nothing", "asked")
    return {"messages": [AIMessage(text, tool_calls=state["calls"], id="1")]}


graph = StateGraph(State)
graph.add_node("ask", ask)
graph.add_node("tools", ToolNode(tools))
graph.add_edge(START, "ask")
graph.add_edge("ask", "tools")
graph.add_edge("tools", END)
app = graph.compile()
