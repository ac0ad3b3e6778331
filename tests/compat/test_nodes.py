"""What can be a node, and what it is given."""

import functools
import inspect
from typing import Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig, RunnableLambda

from langferry.compat._internal._runnable import RunnableCallable
from langferry.graph import Unsupported

from .faces import OURS, REAL, SHIM, same


class State(TypedDict, total=False):
    x: int
    seen: Any


class Adder:
    def __init__(self, amount: int) -> None:
        self.amount = amount

    def __call__(self, state: State) -> Any:
        return {"x": state["x"] + self.amount}

    def method(self, state: State) -> Any:
        return self(state)


def partial_add(amount: int, state: State) -> Any:
    return {"x": state["x"] + amount}


async def later(state: State) -> Any:
    return {"x": state["x"] + 1}


def one(node: Any, **kwargs: Any) -> Any:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("node", node(api) if callable(node) and _wants_api(node) else node, **kwargs)
        graph.add_edge(api.START, "node")
        return graph.compile()

    return build


def _wants_api(node: Any) -> bool:
    return inspect.isfunction(node) and list(inspect.signature(node).parameters) == ["api"]


@pytest.mark.parametrize(
    "node",
    [
        lambda state: {"x": state["x"] + 1},
        functools.partial(partial_add, 3),
        Adder(4),
        Adder(5).method,
        later,
        RunnableLambda(lambda state: {"x": state["x"] + 6}),
        RunnableLambda(later),
    ],
    ids=["lambda", "partial", "callable", "method", "async", "runnable", "async runnable"],
)
def test_forms_of_a_node(node: Any) -> None:
    same(one(node), {"x": 1})


def test_a_runnable_returned_by_a_node_is_run() -> None:
    same(one(lambda state: RunnableLambda(lambda given: {"x": given["x"] * 2})), {"x": 4})


def test_names_of_nodes_that_are_not_named() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node(later)
        graph.add_node(Adder(1))
        graph.add_edge(api.START, "later")
        graph.add_edge("later", "Adder")
        return graph.compile()

    same(build, {"x": 1})


def test_the_config_a_node_is_given() -> None:
    def node(state: State, config: RunnableConfig) -> Any:
        shown = {k: v for k, v in config["metadata"].items() if k.startswith("langgraph_")}
        return {
            "seen": {
                "tags": config["tags"],
                "mine": config["configurable"]["mine"],
                "user": config["metadata"]["user"],
                "recursion_limit": config["recursion_limit"],
                **shown,
            }
        }

    config = {
        "configurable": {"mine": 1},
        "metadata": {"user": "me"},
        "tags": ["t"],
        "recursion_limit": 7,
    }
    same(one(node), {"x": 1}, config=config)


def test_the_runtime_and_writer_a_node_is_given() -> None:
    def node(state: State, runtime, writer, store, previous) -> Any:  # type: ignore[no-untyped-def]
        writer("nobody listens")
        return {"seen": [runtime.context, store, previous, runtime.store]}

    same(one(node), {"x": 1})


def test_metadata_of_a_node_is_shown() -> None:
    same(
        one(lambda state: None, metadata={"kind": "k"}), {"x": 1}, config={"metadata": {"user": 1}}
    )


def test_what_a_node_raises() -> None:
    class Own(Exception):
        pass

    def node(state: State) -> Any:
        raise Own("with", "arguments")

    same(one(node), {"x": 1})
    for api in (REAL, *OURS.values()):
        with pytest.raises(Own) as caught:
            one(node)(api).invoke({"x": 1})
        assert caught.value.__notes__[0].startswith("During task with name 'node' and id '")


def test_a_node_that_changes_its_input() -> None:
    def build(api: Any) -> Any:
        def change(state: State) -> Any:
            state["x"] = 99

        graph = api.StateGraph(State)
        graph.add_node("a", change)
        graph.add_node("b", lambda state: {"seen": state["x"]})
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "b")
        return graph.compile()

    same(build, {"x": 1})


def test_runnable_callable_runs_what_fits_the_driver() -> None:
    def sync(state: State) -> Any:
        return {"x": 1}

    async def asynchronous(state: State) -> Any:
        return {"x": 2}

    graph = SHIM.StateGraph(State)
    graph.add_node("node", RunnableCallable(sync, asynchronous))
    graph.add_edge(SHIM.START, "node")
    compiled = graph.compile()
    assert compiled.invoke({"x": 0}) == {"x": 1}


def test_wrong_graphs_are_refused_in_the_same_words() -> None:
    def wrong(api: Any) -> list[str]:
        said = []

        def attempt(change: Any) -> None:
            graph = api.StateGraph(State)
            graph.add_node("a", later)
            try:
                change(graph)
                graph.compile()
            except Exception as error:
                said.append(f"{type(error).__name__}: {error}")
            else:
                said.append("accepted")

        attempt(lambda graph: None)
        attempt(lambda graph: graph.add_edge(api.START, "b"))
        attempt(lambda graph: graph.add_edge("b", "a"))
        attempt(lambda graph: graph.add_edge(api.END, "a"))
        attempt(lambda graph: graph.add_edge("a", api.START))
        attempt(lambda graph: graph.add_edge(["a", "b"], "a"))
        attempt(lambda graph: graph.add_node("a", later))
        attempt(lambda graph: graph.add_node("__end__", later))
        attempt(lambda graph: graph.add_node("a|b", later))
        attempt(lambda graph: graph.add_node("b", 7))
        attempt(lambda graph: graph.add_node("b"))
        attempt(lambda graph: graph.add_sequence([]))
        attempt(lambda graph: graph.add_sequence([("a", later)]))
        attempt(
            lambda graph: graph.add_conditional_edges(api.START, lambda s: "a", {"x": "nowhere"})
        )

        def twice(graph: Any) -> None:
            graph.add_conditional_edges("a", lambda s: "a")
            graph.add_conditional_edges("a", lambda s: "a")

        attempt(twice)
        return said

    expected = wrong(REAL)
    assert [wrong(api) for api in OURS.values()] == [expected] * len(OURS)
    assert "accepted" not in expected


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("LF404", lambda g: list(g.compile().stream({"x": 1}, stream_mode="nonsense"))),
        ("LF404", lambda g: list(g.compile().stream({"x": 1}, version="v3"))),
        ("LF413", lambda g: g.compile().invoke({"x": 1}, durability="sometimes")),
    ],
)
def test_what_is_not_supported_says_so(code: str, use: Any) -> None:
    graph = SHIM.StateGraph(State)
    graph.add_node("a", lambda state: None)
    graph.add_edge(SHIM.START, "a")
    with pytest.raises(Unsupported) as caught:
        use(graph)
    assert caught.value.code == code
