"""Graphs as nodes of graphs, and graphs run by nodes."""

import operator
from typing import Annotated, Any, TypedDict

import pytest

from .faces import OURS, REAL, plain, same


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


def asking(api: Any, **options: Any) -> Any:
    graph = api.StateGraph(Inner)
    graph.add_node("ask", lambda state: {"x": api.interrupt("how many")})
    graph.add_node("ask again", lambda state: {"x": state["x"] + api.interrupt("how many more")})
    graph.add_edge(api.START, "ask")
    graph.add_edge("ask", "ask again")
    return outer(api, graph.compile(**options), checkpointer=api.InMemorySaver())


@pytest.mark.parametrize("checkpointer", [None, True, False])
@pytest.mark.parametrize("durability", ["async", "exit"])
def test_questions_of_a_subgraph_are_answered(checkpointer: Any, durability: str) -> None:
    def answered(api: Any) -> list[Any]:
        graph = asking(api, checkpointer=checkpointer)
        config = {"configurable": {"thread_id": "1"}}
        told = []
        for given in ({"x": 1}, api.Command(resume=2), api.Command(resume=3)):
            told.append(plain(graph.invoke(given, config, durability=durability)))
            state = graph.get_state(config, subgraphs=checkpointer is not False)
            told.append((plain(state.values), state.next, inside(state)))
        return told

    expected = answered(REAL)
    assert expected[-1][0]["log"] == ["5"] or checkpointer is False
    assert [answered(api) for api in OURS.values()] == [expected] * len(OURS)


def inside(state: Any) -> list[Any]:
    """What a snapshot tells of subgraphs."""
    states = [task.state for task in state.tasks]
    return [
        (s.values, s.next, sorted(s.config["configurable"]), inside(s)) if hasattr(s, "next") else s
        for s in states
    ]


@pytest.mark.parametrize("stream_mode", ["updates", ["values", "tasks", "checkpoints"]])
def test_chunks_of_subgraphs(stream_mode: Any) -> None:
    def told(api: Any) -> list[Any]:
        graph = outer(api, inner(api), checkpointer=api.InMemorySaver())
        config = {"configurable": {"thread_id": "1"}}
        chunks = graph.stream({"x": 3}, config, stream_mode=stream_mode, subgraphs=True)
        return [(len(chunk[0]), *map(kind, chunk[1:])) for chunk in chunks]

    def kind(part: Any) -> Any:
        return sorted(part) if isinstance(part, dict) else part

    expected = told(REAL)
    assert {depth for depth, *_ in expected} == {0, 1}
    assert [told(api) for api in OURS.values()] == [expected] * len(OURS)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_result_with_subgraphs(version: str) -> None:
    def result(api: Any) -> list[Any]:
        results = []
        for graph in (outer(api, inner(api), checkpointer=api.InMemorySaver()), asking(api)):
            config = {"configurable": {"thread_id": "1"}}
            made = graph.invoke({"x": 3}, config, subgraphs=True, version=version)
            results.append(made if version == "v1" else (made.value, made.interrupts))
        return plain(results)

    expected = result(REAL)
    assert [result(api) for api in OURS.values()] == [expected] * len(OURS)


def test_a_command_for_the_parent() -> None:
    def build(api: Any) -> Any:
        def leave(state: Any) -> Any:
            update = {"x": state["x"] * 10, "log": ["left"]}
            return api.Command(graph=api.Command.PARENT, update=update, goto="after")

        graph = api.StateGraph(Inner)
        graph.add_node("leave", leave)
        graph.add_node("never", lambda state: 1 // 0)
        graph.add_edge(api.START, "leave")
        graph.add_edge("leave", "never")
        return outer(api, graph.compile())

    same(build, {"x": 3})
