"""Tools that ask more of their run than their arguments, whose schema a class tells, or that functions make."""

from typing import Annotated

from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import InjectedToolArg, InjectedToolCallId, tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import interrupt
from pydantic import BaseModel, Field


class AddInput(BaseModel):
    """What to add."""

    a: int = Field(description="first", ge=0)
    b: int = Field(default=7, description="second")


@tool("plus", args_schema=AddInput)
def add(a: int, b: int = 3) -> int:
    """Adds."""
    return a + b


def made(kind: str):
    name = f"make_{kind}"

    @tool(name, description=f"Makes a {kind}.")
    def make(size: int, config: RunnableConfig) -> str:
        return f"{kind} {size} {config['configurable'].get('who')}"

    return make


@tool
def ask(question: str, id: Annotated[str, InjectedToolCallId]) -> str:
    """Asks."""
    return f"{id} {answer_to(question)}"


def answer_to(question: str) -> str:
    return f"{question} {interrupt(question)}"


@tool
def search(text: str, most: Annotated[int, InjectedToolArg] = 3) -> str:
    """Searches."""
    return f"{text} {most}"


async def shorten(state: MessagesState) -> dict:
    return {"messages": [AIMessage(state["messages"][-1].content[:3], id="short")]}


shortening = StateGraph(MessagesState)
shortening.add_node(shorten)
shortening.add_edge(START, "shorten")
shortener = shortening.compile()


@tool
async def shorter(text: str, config: RunnableConfig) -> str:
    """Shortens."""
    result = await shortener.ainvoke({"messages": [AIMessage(text, id="long")]}, config)
    return result["messages"][-1].content


tools = [add, ask, search, shorter, made("box"), made("hat")]


class State(MessagesState):
    """What is asked for."""

    calls: list
    shown: str


def call(state: State) -> dict:
    return {"messages": [AIMessage("", id="a", tool_calls=state["calls"])]}


async def show(state: State, config: RunnableConfig) -> dict:
    shown = [f"{tool.name}: {tool.description}" for tool in tools]
    return {"shown": f"{shown} {await shorter.ainvoke({'text': 'shown'}, config)}"}


graph = StateGraph(State)
graph.add_node("call", call)
graph.add_node("tools", ToolNode(tools))
graph.add_node("show", show)
graph.add_edge(START, "call")
graph.add_edge("call", "tools")
graph.add_edge("tools", "show")
app = graph.compile(checkpointer=InMemorySaver())
