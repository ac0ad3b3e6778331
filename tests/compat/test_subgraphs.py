"""Graphs as nodes of graphs, and graphs run by nodes."""

import operator
from typing import Annotated, Any, TypedDict

import pytest

from langferry.graph import Unsupported

from .faces import OURS, same


class Outer(TypedDict, total=False):
    x: int
    log: Annotated[list[str], operator.add]


class Inner(TypedDict, total=False):
    x: int
    own: int


def inner(api: Any) -> Any:
    graph = api.StateGraph(Inner)
    graph.add_node("double", lambda state: {"own": state["x"] * 2})
    graph.add_node("store", lambda state: {"x": state["own"]})
    graph.add_edge(api.START, "double")
    graph.add_edge("double", "store")
    return graph.compile()


def outer(api: Any, node: Any, **options: Any) -> Any:
    graph = api.StateGraph(Outer)
    graph.add_node("sub", node)
    graph.add_node("after", lambda state: {"log": [str(state["x"])]})
    graph.add_edge(api.START, "sub")
    graph.add_edge("sub", "after")
    return graph.compile(**options)


def test_a_graph_as_a_node() -> None:
    same(lambda api: outer(api, inner(api)), {"x": 3})


def test_a_graph_as_a_node_beside_a_saver() -> None:
    same(
        lambda api: outer(api, inner(api), checkpointer=api.InMemorySaver()),
        {"x": 3},
        {"x": 4},
        config={"configurable": {"thread_id": "1"}},
    )


def test_a_graph_run_by_a_node() -> None:
    def build(api: Any) -> Any:
        sub = inner(api)
        return outer(api, lambda state: {"x": sub.invoke({"x": state["x"]})["own"]})

    same(build, {"x": 3})


def test_a_graph_that_fails_in_a_graph() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(Inner)
        graph.add_node("fail", lambda state: 1 // 0)
        graph.add_edge(api.START, "fail")
        return outer(api, graph.compile())

    same(build, {"x": 3})


def test_a_subgraph_inherits_the_recursion_limit() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(Inner)
        graph.add_node("loop", lambda state: None)
        graph.add_edge(api.START, "loop")
        graph.add_edge("loop", "loop")
        return outer(api, graph.compile())

    same(build, {"x": 3}, config={"recursion_limit": 4})


@pytest.mark.parametrize("name", OURS)
def test_an_interrupt_in_a_subgraph_is_refused(name: str) -> None:
    api = OURS[name]
    graph = api.StateGraph(Inner)
    graph.add_node("ask", lambda state: {"x": api.interrupt("how many")})
    graph.add_edge(api.START, "ask")
    with pytest.raises(Unsupported, match="LF401"):
        outer(api, graph.compile()).invoke({"x": 1})
