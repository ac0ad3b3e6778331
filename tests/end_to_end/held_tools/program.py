"""Tools of which only some are functions that the converter knows."""

import asyncio

from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool, Tool, tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, interrupt


class TooMany(ValueError):
    """More than there may be."""


class Repeat(BaseTool):
    name: str = "repeat"
    description: str = "Repeats a word."

    def _run(self, word: str, times: int = 2) -> list:
        if times > 9:
            raise TooMany("too many", times)
        return [word] * times


@tool
def add(a: int) -> int:
    """Adds one."""
    return a + 1


def drawn(text: str) -> tuple:
    """Draws."""
    return f"drawn {text}", {"of": [text]}


def going(text: str) -> Command:
    """Goes to the end."""
    answer = ToolMessage(f"gone {text}", tool_call_id="x")
    return Command(update={"messages": [answer]}, goto="extra")


def asking(text: str) -> str:
    """Asks."""
    return f"{text} {interrupt(text)}"


async def waiting(text: str) -> str:
    """Waits."""
    await asyncio.sleep(0)
    return f"waited {text}"


def others():
    """What is only known once it has run."""
    made = {x.__name__: StructuredTool.from_function(x) for x in (going, asking)}
    made["drawn"] = StructuredTool.from_function(drawn, response_format="content_and_artifact")
    made["waiting"] = StructuredTool.from_function(coroutine=waiting)
    return list(made.values())


class State(MessagesState):
    """What is asked for, and of whom."""

    calls: list
    of: str


def call(state: State):
    return Command(
        update={"messages": [AIMessage("", tool_calls=state["calls"], id="asked")]},
        goto=state["of"],
    )


def extra(state: State):
    return {"messages": [AIMessage(f"extra {len(state['messages'])}", id="extra")]}


shouting = Tool(name="shout", description="Shouts.", func=lambda text: text.upper())

graph = StateGraph(State)
graph.add_node(call, destinations=("mixed", "telling", "unknown"))
graph.add_node("mixed", ToolNode([add, shouting, Repeat()]))
graph.add_node("telling", ToolNode([Repeat(), add], handle_tool_errors=True))
graph.add_node("unknown", ToolNode(others()))
graph.add_node(extra)
graph.add_edge(START, "call")
app = graph.compile(checkpointer=InMemorySaver())
