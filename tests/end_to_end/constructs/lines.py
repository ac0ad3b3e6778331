"""Questions to whoever runs the program, and small things around names."""

from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict, total=False):
    name: str
    told: str


def ask(state: State) -> dict:
    try:
        answer = input("who? ")
    except EOFError as error:
        answer = f"nobody ({error})"
    return {"told": f"{answer} in {ask.__name__}, a {State.__name__}"}


def split(state: State) -> dict:
    if "/" in state["name"]:
        vendor, model = state["name"].split("/", maxsplit=1)
    else:
        vendor = None
        model = state["name"]
    return {"told": f"{state['told']}: {vendor} {model}"}


graph = StateGraph(State)
graph.add_node("ask", ask)
graph.add_node("split", split)
graph.add_edge(START, "ask")
graph.add_edge("ask", "split")
app = graph.compile()
