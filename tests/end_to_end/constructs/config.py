"""Nodes and routers that look at the run's config."""

from typing import TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    text: str
    tries: int


def greet(state: State, config: RunnableConfig) -> dict:
    name = config["configurable"].get("name", "nobody")
    style = config.get("configurable", {}).get("style")
    return {"text": f"hello {name} {style}", "tries": state.get("tries", 0) + 1}


def count(state: State, *, config: RunnableConfig | None = None) -> dict:
    configurable = config["configurable"]
    limit = configurable["limit"]
    return {"text": f"{state['text']} of {limit} {configurable.get('name')}"}


def again(state: State, config: RunnableConfig) -> str:
    return "greet" if state["tries"] < config["configurable"].get("limit", 1) else END


def unused(state: State, config) -> dict:
    return {"tries": state.get("tries", 0) * 10}


graph = StateGraph(State)
graph.add_node("greet", greet)
graph.add_node("count", count)
graph.add_node("unused", unused)
graph.add_edge(START, "unused")
graph.add_edge("unused", "greet")
graph.add_edge("greet", "count")
graph.add_conditional_edges("count", again)
app = graph.compile()
