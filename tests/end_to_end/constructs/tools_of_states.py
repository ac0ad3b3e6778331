"""Tools that see the state, or return commands, also for the graph around theirs."""

import re
from typing import Annotated, Any

from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import InjectedState, ToolNode, ToolRuntime
from langgraph.types import Command
from pydantic import Field


class State(MessagesState):
    """What is asked for."""

    calls: list
    city: str
    visited: list[str]
    shown: str


@tool
def where(
    state: Annotated[dict, InjectedState],
    question: str = Field(description="what is asked"),
    mark: str = Field("!"),
) -> str:
    """Says where one is."""
    return (
        f"{question}{mark} {state['city']} {state.get('shown', 'nothing')} {len(state['messages'])}"
    )


@tool
def first(
    n: int,
    messages: Annotated[list, InjectedState("messages")],
    city: Annotated[str, InjectedState("city")],
) -> str:
    """Says what came first."""
    return f"{n} {messages[0].id} {city}"


@tool
def typed(state: Annotated[State, InjectedState()]) -> str:
    """Wants the whole."""
    return state["visited"][0] + state["messages"][-1].tool_calls[0]["name"]


@tool
def told(word: str, runtime: ToolRuntime) -> str:
    """Is told of its run."""
    runtime.stream_writer({"word": word})
    who = runtime.config["configurable"].get("who")
    seen = f"{runtime.state['city']} {runtime.state.get('shown')} {helped(runtime)}"
    return f"{word} {runtime.tool_call_id} {who} {seen}"


def helped(runtime: ToolRuntime) -> int:
    return len(runtime.state["messages"])


@tool
def move(city: str, id: Annotated[str, InjectedToolCallId]) -> Command:
    """Goes somewhere."""
    if city == "nowhere":
        return Command(update={"city": city})
    if city == "away":
        return Command(goto="away")
    if city == "up":
        return Command(graph=Command.PARENT, goto=[], update={"city": city})
    if city == "above":
        return Command(graph=Command.PARENT, update={"city": city})
    answer = ToolMessage(f"went to {city}", tool_call_id=id)
    goto = "show" if city == "there" else []
    return Command(update={"city": city, "messages": [answer]}, goto=goto)


spaces = re.compile(r"\s+")


def handing_over(to: str, *, name: str | None = None):
    if name is None:
        name = f"to_{re.sub(r'[0-9]', '', spaces.sub('_', to))}"

    @tool(name, description=f"Hands over to {to}.")
    def hand_over(
        state: Annotated[Any, InjectedState], id: Annotated[str, InjectedToolCallId]
    ) -> Command:
        answer = ToolMessage(f"over to {to}", name=name, tool_call_id=id)
        update = {"messages": [*state["messages"], answer], "city": to}
        return Command(goto=to, graph=Command.PARENT, update=update)

    return hand_over


def call(state: State) -> dict:
    return {"messages": [AIMessage("", id="a", tool_calls=state["calls"])]}


def show(state: State) -> dict:
    return {"shown": f"{state['city']} {len(state['messages'])}"}


def away(state: State) -> dict:
    return {"city": "away"}


def bob(state: State) -> Command:
    return answered(len(state["messages"]), state["city"])


def answered(count: int, city: str) -> Command:
    answer = AIMessage(f"bob {count} {city}", id="b")
    return Command(update={"calls": [], "messages": [answer]}, goto=["al"])


def al(state: State) -> dict:
    return {"messages": [AIMessage(f"al {len(state['messages'])} {state['city']}", id="c")]}


tools = [
    where,
    first,
    typed,
    told,
    move,
    handing_over("bob  2"),
    handing_over("al", name="to_another"),
]
asking = StateGraph(State)
asking.add_node("call", call)
asking.add_node("tools", ToolNode(tools))
asking.add_node("show", show)
asking.add_node("away", away)
asking.add_edge(START, "call")
asking.add_edge("call", "tools")

graph = StateGraph(State)
graph.add_node("asking", asking.compile())
graph.add_node("bob  2", bob)
graph.add_node("al", al)
graph.add_edge(START, "asking")
app = graph.compile()
