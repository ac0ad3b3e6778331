"""Values that may be None where something is done with them, and sends by their former import."""

import operator
from typing import Annotated, TypedDict

from langchain_core.messages import ToolMessage
from langgraph.constants import END, START, Send
from langgraph.graph import StateGraph
from langgraph.graph.message import add_messages


class Outcome(TypedDict, total=False):
    approved: bool
    why: str


class Part(TypedDict):
    product: dict
    found: list


class State(TypedDict):
    products: dict
    urls: list[str] | None
    found: Annotated[list, operator.add]
    outcome: Outcome | None
    flag: bool | None
    messages: Annotated[list, add_messages]


def first(state: State) -> dict:
    outcome = state.get("outcome")
    return {"found": ["some" if outcome else "none", state.get("flag") is True]}


def fan(state: State) -> list[Send]:
    products = state.get("products").get("items", [])
    sends: list[Send] = []
    for product in products:
        part: Part = {"product": product, "found": []}
        sends.append(Send("each", part))
    return sends


def each(state: Part) -> dict:
    return {"found": [state["product"]["name"]]}


def last(state: State) -> str:
    outcome = state.get("outcome")
    for message in reversed(state["messages"]):
        if isinstance(message, ToolMessage) and "saved" in message.content.lower():
            return "saved"
    if outcome and outcome.get("approved"):
        return "approved"
    if "x" in state.get("urls", []):
        return "listed"
    for url in state.get("urls"):
        if url.endswith("y"):
            return "ends"
    return "nothing"


def told(text: str):
    def tell(state: State) -> dict:
        return {"found": [text]}

    return tell


graph = StateGraph(State)
graph.add_node("first", first)
graph.add_node("each", each)
graph.add_node("collected", lambda state: {"found": [len(state["found"])]})
for name in ("saved", "approved", "listed", "ends", "nothing"):
    graph.add_node(name, told(name))
    graph.add_edge(name, END)
graph.add_edge(START, "first")
graph.add_conditional_edges("first", fan, ["each"])
graph.add_edge("each", "collected")
graph.add_conditional_edges("collected", last, ["saved", "approved", "listed", "ends", "nothing"])
app = graph.compile()
