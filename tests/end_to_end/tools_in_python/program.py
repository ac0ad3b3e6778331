"""Tools that stay Python and ask something of the run that calls them, which has a native store."""

import colorsys
from typing import Annotated

from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.config import get_stream_writer
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import InjectedState, ToolNode, ToolRuntime
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command, interrupt


@tool
def colour(hue: float) -> str:
    """Mixes a colour."""
    write = get_stream_writer()
    write({"mixing": hue})
    mixed = colorsys.hsv_to_rgb(hue, 1.0, 1.0)
    write(list(mixed))
    return str(mixed)


@tool
def ask(question: str) -> str:
    """Asks."""
    return f"{colorsys.rgb_to_hsv(1.0, 0.0, 0.0)} {interrupt(question)}"


@tool
def told(word: str, state: Annotated[dict, InjectedState], runtime: ToolRuntime) -> Command:
    """Is told of its run."""
    seen = f"{word} {colorsys.rgb_to_hsv(1.0, 0.0, 0.0)} {len(state['messages'])}"
    seen += f" {len(runtime.state['calls'])} {runtime.config['configurable']['thread_id']}"
    answer = ToolMessage(seen, tool_call_id=runtime.tool_call_id)
    return Command(update={"messages": [answer]}, goto="extra")


class State(MessagesState):
    """What is asked for."""

    calls: list


def call(state: State, store: BaseStore):
    store.put(("asked",), "last", {"names": [call["name"] for call in state["calls"]]})
    return {"messages": [AIMessage("", tool_calls=state["calls"], id="asked")]}


def shown(state: State, store: BaseStore):
    said = [message.content for message in state["messages"]]
    asked = store.get(("asked",), "last")
    if asked is not None:
        said.append(f"asked {asked.value['names']}")
    return {"calls": said}


def extra(state: State):
    return {"messages": [AIMessage("extra", id="extra")]}


graph = StateGraph(State)
graph.add_node(call)
graph.add_node("tools", ToolNode([colour, ask, told]))
graph.add_node(shown)
graph.add_node(extra)
graph.add_edge(START, "call")
graph.add_edge("call", "tools")
graph.add_edge("tools", "shown")
app = graph.compile(checkpointer=InMemorySaver(), store=InMemoryStore())
