"""Static edges, conditional edges, loops and joins."""

import operator
from typing import Annotated, Any, Literal, TypedDict

from .faces import same


class State(TypedDict, total=False):
    x: int
    log: Annotated[list[str], operator.add]


def add(name: str) -> Any:
    def node(state: State) -> dict[str, Any]:
        return {"x": state.get("x", 0) + 1, "log": [name]}

    return node


def test_a_sequence() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_sequence([(name, add(name)) for name in "cab"])
        graph.add_edge(api.START, "c")
        return graph.compile()

    assert same(build, {"x": 1}, {}, {"log": ["given"], "unknown": 3})


def test_a_branch_with_a_path_map() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        for name in ("start", "odd", "even"):
            graph.add_node(name, add(name))
        graph.add_edge(api.START, "start")
        graph.add_conditional_edges(
            "start", lambda state: state["x"] % 2 == 0, {True: "even", False: "odd"}
        )
        return graph.compile()

    same(build, {"x": 1}, {"x": 2})


def test_a_branch_that_is_annotated_with_its_targets() -> None:
    def route(state: State) -> Literal["a", "__end__"]:
        return "a" if state["x"] < 3 else "__end__"

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", add("a"))
        graph.add_edge(api.START, "a")
        graph.add_conditional_edges("a", route)
        return graph.compile()

    same(build, {"x": 0}, {"x": 5})


def test_a_branch_at_the_start_sees_keys_of_the_input_that_are_not_in_its_schema() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", add("a"))
        graph.add_node("b", add("b"))
        graph.add_conditional_edges(api.START, lambda state: state.get("extra", "a"))
        return graph.compile()

    same(build, {"x": 0}, {"x": 0, "extra": "b"})


def test_a_branch_sees_what_its_node_alone_has_written() -> None:
    seen: list[Any] = []

    def route(state: State) -> str:
        seen.append(dict(state))
        return "__end__"

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"log": ["a"], "hidden": 1})
        graph.add_node("b", lambda state: {"log": ["b"]})
        graph.add_edge(api.START, "a")
        graph.add_edge(api.START, "b")
        graph.add_conditional_edges("a", route)
        return graph.compile()

    same(build, {"x": 7})
    assert len({repr(state) for state in seen}) == 1, seen


def test_several_branches_of_one_node_and_lists_of_targets() -> None:
    def first(state: State) -> list[str]:
        return ["b", "c"]

    def second(state: State) -> str:
        return "c"

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", add("a"))
        graph.add_node("b", lambda state: {"log": ["b"]})
        graph.add_node("c", lambda state: {"log": ["c"]})
        graph.add_edge(api.START, "a")
        graph.add_conditional_edges("a", first)
        graph.add_conditional_edges("a", second)
        return graph.compile()

    same(build, {"x": 0})


def test_a_branch_to_an_unknown_node_is_ignored() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", add("a"))
        graph.add_edge(api.START, "a")
        graph.add_conditional_edges("a", lambda state: "nowhere")
        return graph.compile()

    same(build, {"x": 0})


def test_answers_that_are_no_destination_are_errors() -> None:
    def build_with(answer: Any, ends: Any) -> Any:
        def build(api: Any) -> Any:
            graph = api.StateGraph(State)
            graph.add_node("a", add("a"))
            graph.add_edge(api.START, "a")
            graph.add_conditional_edges("a", lambda state: answer(api), ends)
            return graph.compile()

        return build

    same(build_with(lambda api: None, None), {"x": 0})
    same(build_with(lambda api: "__start__", None), {"x": 0})
    same(build_with(lambda api: "missing", {"known": "a"}), {"x": 0})
    same(build_with(lambda api: api.Send("__end__", {}), None), {"x": 0})


def test_a_join_waits_for_all() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        for name in ("a", "b", "slow", "end"):
            graph.add_node(name, lambda state, name=name: {"log": [name]})
        graph.add_edge(api.START, "a")
        graph.add_edge(api.START, "b")
        graph.add_edge("b", "slow")
        graph.add_edge(["a", "slow"], "end")
        return graph.compile()

    same(build, {"x": 0})


def test_a_deferred_node_runs_last() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        for name in ("a", "b", "c"):
            graph.add_node(name, lambda state, name=name: {"log": [name]})
        graph.add_node("last", lambda state: {"log": ["last"]}, defer=True)
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "b")
        graph.add_edge("a", "last")
        graph.add_edge("b", "c")
        graph.add_edge("c", "last")
        return graph.compile()

    same(build, {"x": 0})


def test_the_recursion_limit() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", add("a"))
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "a")
        return graph.compile()

    for limit in (1, 2, 5):
        same(build, {"x": 0}, config={"recursion_limit": limit})
    same(build, {"x": 0}, config={"recursion_limit": 0})
