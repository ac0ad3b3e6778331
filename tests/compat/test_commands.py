"""Command: updates and targets together, from nodes and as input."""

import operator
from typing import Annotated, Any, TypedDict

import pytest

from langferry.graph import EmptyInputError

from .faces import OURS, same


class State(TypedDict, total=False):
    x: int
    log: Annotated[list[str], operator.add]


def test_goto_and_update() -> None:
    def build(api: Any) -> Any:
        def a(state: State) -> Any:
            return api.Command(update={"x": state["x"] + 1, "other": 1}, goto="b")

        def b(state: State) -> Any:
            return api.Command(goto=[api.END] if state["x"] > 3 else ["a", "c"])

        graph = api.StateGraph(State)
        graph.add_node("a", a)
        graph.add_node("b", b)
        graph.add_node("c", lambda state: {"log": ["c"]})
        graph.add_edge(api.START, "a")
        return graph.compile()

    same(build, {"x": 0}, {"x": 9})


def test_goto_beside_an_edge() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node(
            "a", lambda state: api.Command(update=[("log", ["1"]), ("log", ["2"])], goto="b")
        )
        graph.add_node("b", lambda state: {"log": ["b"]})
        graph.add_node("c", lambda state: {"log": ["c"]})
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "c")
        return graph.compile()

    same(build, {"x": 0})


def test_a_list_of_commands() -> None:
    def build(api: Any) -> Any:
        def a(state: State) -> Any:
            return [
                api.Command(update={"log": ["1"]}, goto="b"),
                {"log": ["2"]},
                api.Command(update={"log": ["3"]}, goto=api.Send("c", {"x": 5})),
            ]

        graph = api.StateGraph(State)
        graph.add_node("a", a)
        graph.add_node("b", lambda state: {"log": ["b"]})
        graph.add_node("c", lambda state: {"log": [f"c{state['x']}"]})
        graph.add_edge(api.START, "a")
        return graph.compile()

    same(build, {"x": 0})


def test_goto_an_unknown_node_is_ignored() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: api.Command(update={"x": 2}, goto="nowhere"))
        graph.add_edge(api.START, "a")
        return graph.compile()

    same(build, {"x": 0})


def test_a_node_may_return_a_send() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: api.Send("b", {"x": 4}))
        graph.add_node("b", lambda state: {"x": state["x"]})
        graph.add_edge(api.START, "a")
        return graph.compile()

    same(build, {"x": 0})


def test_what_is_no_update_is_an_error() -> None:
    def build_with(value: Any) -> Any:
        def build(api: Any) -> Any:
            graph = api.StateGraph(State)
            graph.add_node("a", lambda state: value)
            graph.add_edge(api.START, "a")
            return graph.compile()

        return build

    for value in ("text", 7, ["x"], []):
        same(build_with(value), {"x": 0})


def test_command_as_input() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"log": ["a"]})
        graph.add_node("b", lambda state: {"log": ["b"]})
        graph.add_edge(api.START, "a")
        return graph.compile(checkpointer=api.InMemorySaver())

    same(
        build,
        {"x": 0},
        lambda api: api.Command(update={"x": 5}, goto="b"),
        lambda api: api.Command(goto=[api.Send("b", {}), "a"]),
        lambda api: api.Command(graph=api.Command.PARENT),
        {"x": 7},
        config={"configurable": {"thread_id": "1"}},
    )


def test_without_a_saver_there_is_nothing_to_resume() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"log": ["a"]})
        graph.add_edge(api.START, "a")
        return graph.compile()

    same(build, lambda api: api.Command(resume=1), None, lambda api: api.Command(update={"x": 1}))


@pytest.mark.parametrize("name", OURS)
def test_an_empty_command_is_an_empty_input(name: str) -> None:
    """LangGraph 1.2.22 means to raise this, but stumbles over a variable of its own before."""
    api = OURS[name]
    graph = api.StateGraph(State)
    graph.add_node("a", lambda state: {"log": ["a"]})
    graph.add_edge(api.START, "a")
    with pytest.raises(EmptyInputError, match="Received empty Command input"):
        graph.compile().invoke(api.Command())
