"""Programs whose threads are carried from one engine to the other, as a user would write them.

Each is `(build, turns)`: a function of a saver, and the inputs a thread is given one after the other.
What a program asks on its way is always the same: which question an answer is for is not certain after
a crash.
"""

import operator
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.func import entrypoint, task
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.types import Command, Send, interrupt

ANSWER = "green"


class State(TypedDict, total=False):
    log: Annotated[list[str], operator.add]
    n: int
    kept: dict[str, Any]


class Item(TypedDict):
    item: int


def loop(saver: Any) -> Any:
    """A loop over a reducer."""
    graph = StateGraph(State)
    graph.add_node("count", lambda s: {"n": s["n"] + 1, "log": [f"count {s['n']}"]})
    graph.add_node("keep", lambda s: {"kept": {"odd": s["n"] % 2 == 1, "seen": len(s["log"])}})
    graph.add_edge(START, "count")
    graph.add_edge("count", "keep")
    graph.add_conditional_edges("keep", lambda s: "count" if s["n"] < 3 else END)
    return graph.compile(checkpointer=saver)


def fan_out(saver: Any) -> Any:
    """Sends that meet again."""
    graph = StateGraph(State)
    graph.add_node("plan", lambda s: {"n": 3, "log": ["plan"]})
    graph.add_node("work", lambda s: {"log": [f"work {s['item']}"]}, input_schema=Item)
    graph.add_node("join", lambda s: {"log": [f"join {len(s['log'])}"]})
    graph.add_edge(START, "plan")
    graph.add_conditional_edges(
        "plan", lambda s: [Send("work", {"item": i}) for i in range(s["n"])], ["work"]
    )
    graph.add_edge("work", "join")
    return graph.compile(checkpointer=saver)


def joins(saver: Any) -> Any:
    """A node that waits for two, twice, and one that waits for everything."""
    graph = StateGraph(State)
    graph.add_node("left", lambda s: {"log": ["left"], "n": s.get("n", 0) + 1})
    graph.add_node("right", lambda s: {"log": ["right"]})
    graph.add_node("further", lambda s: {"log": ["further"]})
    graph.add_node("both", lambda s: {"log": [f"both {len(s['log'])}"]})
    graph.add_node("last", lambda s: {"log": [f"last {len(s['log'])}"]}, defer=True)
    graph.add_edge(START, "left")
    graph.add_edge(START, "right")
    graph.add_edge("right", "further")
    graph.add_edge(["left", "further"], "both")
    graph.add_conditional_edges("both", lambda s: ["left", "right"] if s["n"] < 2 else END)
    graph.add_edge("left", "last")
    return graph.compile(checkpointer=saver)


def nested(saver: Any) -> Any:
    """A subgraph that asks, and asks again."""

    def ask(state: State) -> State:
        return {"log": [f"colour {interrupt('which colour?')}"]}

    def ask_twice(state: State) -> State:
        return {"log": [f"twice {interrupt('which colour?')} {interrupt('which colour?')}"]}

    inner = StateGraph(State)
    inner.add_node("ready", lambda s: {"log": ["ready"]})
    inner.add_node("ask", ask)
    inner.add_node("ask_twice", ask_twice)
    inner.add_edge(START, "ready")
    inner.add_edge("ready", "ask")
    inner.add_edge("ask", "ask_twice")
    graph = StateGraph(State)
    graph.add_node("before", lambda s: {"n": 1, "log": ["before"]})
    graph.add_node("inner", inner.compile())
    graph.add_node("after", lambda s: {"n": s["n"] + 1, "log": ["after"]})
    graph.add_edge(START, "before")
    graph.add_edge("before", "inner")
    graph.add_edge("inner", "after")
    return graph.compile(checkpointer=saver)


@tool
def weather(city: str, call: Annotated[str, InjectedToolCallId]) -> ToolMessage:
    """The weather in a city."""
    # with an id of its own: one that a reducer gives comes before or after the write is stored
    return ToolMessage(f"sunny in {city}", tool_call_id=call, id=f"tool-{city}")


def agent(saver: Any) -> Any:
    """Messages, and a model that calls tools."""

    def model(state: MessagesState) -> dict[str, list[AnyMessage]]:
        asked = sum(message.type == "ai" for message in state["messages"])
        cities = [["Rome", "Oslo"], ["Lima"], []][asked]
        calls = [
            {"name": "weather", "args": {"city": city}, "id": f"call-{city}"} for city in cities
        ]
        return {"messages": [AIMessage(f"answer {asked}", id=f"ai-{asked}", tool_calls=calls)]}

    graph = StateGraph(MessagesState)
    graph.add_node("model", model)
    graph.add_node("tools", ToolNode([weather]))
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", tools_condition)
    graph.add_edge("tools", "model")
    return graph.compile(checkpointer=saver)


def commands(saver: Any) -> Any:
    """Commands that say where to go, with breakpoints before and after nodes."""

    def first(state: State) -> Command:
        return Command(update={"log": ["first"], "n": 1}, goto=["left", Send("right", {"item": 7})])

    graph = StateGraph(State)
    graph.add_node("first", first, destinations=("left", "right"))
    graph.add_node("left", lambda s: Command(update={"log": ["left"]}, goto="end"))
    graph.add_node("right", lambda s: {"log": [f"right {s['item']}"]}, input_schema=Item)
    graph.add_node("end", lambda s: {"log": ["end"], "n": s["n"] + 1})
    graph.add_edge(START, "first")
    return graph.compile(
        checkpointer=saver, interrupt_before=["left", "end"], interrupt_after=["first"]
    )


@task
def doubled(number: int) -> int:
    """A task that others may run beside."""
    return 2 * number


@task
def noted(number: int, colour: str) -> dict[str, Any]:
    """A task that needs an answer."""
    return {"number": number, "colour": colour}


def functional(saver: Any) -> Any:
    """Tasks side by side and one after a question, with what the last turn has left for the next."""

    @entrypoint(checkpointer=saver)
    def program(given: list[int], *, previous: list[dict[str, Any]] | None) -> Any:
        numbers = [future.result() for future in [doubled(number) for number in given]]
        note = noted(sum(numbers), interrupt("which colour?")).result()
        kept = [*(previous or []), note]
        return entrypoint.final(value={"numbers": numbers, "turns": len(kept)}, save=kept)

    return program


_LOGGED = {"log": ["start"]}
GRAPHS: dict[str, tuple[Any, list[Any]]] = {
    "loop": (loop, [{"n": 0, **_LOGGED}]),
    "fan_out": (fan_out, [_LOGGED]),
    "joins": (joins, [_LOGGED]),
    "nested": (nested, [_LOGGED]),
    "agent": (agent, [{"messages": [HumanMessage("how is it?", id="human-0")]}]),
    "commands": (commands, [_LOGGED]),
    "functional": (functional, [[1, 2], [3]]),
}
