"""Tests graphs of channels against LangGraph's."""

import importlib
import operator
from typing import Annotated, Any, TypedDict

import pytest

NAMESPACES = ("langgraph", "langferry.compat")


def _modules(namespace: str) -> tuple[Any, Any, Any]:
    return tuple(
        importlib.import_module(f"{namespace}.{name}") for name in ("pregel", "channels", "graph")
    )


def _squares(namespace: str, bare: bool) -> list[Any]:
    pregel, channels, _ = _modules(namespace)
    double = pregel.NodeBuilder().subscribe_only("a").do(lambda x: x + x).write_to("b", "log")
    square = pregel.NodeBuilder().subscribe_to("b").read_from("log").do(_square).write_to("c")
    graph = pregel.Pregel(
        nodes={"double": double, "square": square},
        channels={
            "a": channels.EphemeralValue(int),
            "b": channels.LastValue(int),
            "c": channels.BinaryOperatorAggregate(int, operator.add),
            "log": channels.Topic(int, accumulate=True),
        },
        input_channels="a" if bare else ["a"],
        output_channels="c" if bare else ["b", "c", "log"],
    )
    given = 3 if bare else {"a": 3}
    told = [_plain(list(graph.stream(given, stream_mode=mode))) for mode in ("values", "updates")]
    return [graph.invoke(given), *told]


def _square(values: dict[str, Any]) -> int:
    return int(values["b"] ** 2 + len(values["log"]))


def _plain(chunks: list[Any]) -> list[Any]:
    return [dict(chunk) if isinstance(chunk, dict) else chunk for chunk in chunks]


@pytest.mark.parametrize("bare", [True, False])
def test_nodes_that_subscribe_to_channels_do_the_same(bare: bool) -> None:
    real, shim = (_squares(namespace, bare) for namespace in NAMESPACES)
    assert shim == real


def _annotated(namespace: str) -> list[Any]:
    _, channels, graphs = _modules(namespace)

    class Last(channels.LastValue):  # type: ignore[name-defined, misc]
        """A channel of the program's own, which counts how often it is written."""

        def update(self, values: Any) -> bool:
            return bool(values) and super().update([(values[-1], len(values))])

    class State(TypedDict, total=False):
        topic: Annotated[str, channels.Topic]
        any: Annotated[int, channels.AnyValue]
        untracked: Annotated[int, channels.UntrackedValue]
        delta: Annotated[list[str], channels.DeltaChannel(_extend)]
        own: Annotated[int, Last]

    seen: list[Any] = []

    def look(state: Any) -> None:
        seen.append(dict(state))

    builder = graphs.StateGraph(State)
    builder.add_node("one", lambda _: {"topic": "a", "any": 1, "delta": ["x"], "own": 1})
    builder.add_node("two", lambda _: {"topic": "b", "any": 1, "delta": ["y"], "own": 2})
    builder.add_node("look", look)
    builder.add_node("again", look)
    for name in ("one", "two"):
        builder.add_edge(graphs.START, name)
        builder.add_edge(name, "look")
    builder.add_edge("look", "again")
    graph = builder.compile()
    return [graph.invoke({"untracked": 5, "delta": ["in"]}), seen]


def _extend(state: list[str], writes: list[list[str]]) -> list[str]:
    return [*state, *(item for write in writes for item in write)]


def test_a_state_with_channels_of_every_kind_does_the_same() -> None:
    real, shim = map(_annotated, NAMESPACES)
    assert shim == real


def _drawn(namespace: str) -> str:
    *_, graphs = _modules(namespace)
    builder = graphs.StateGraph(TypedDict("Letters", {"x": int}))
    for name in "abcd":
        builder.add_node(name, lambda state: state, defer=name == "d")
    builder.add_edge(graphs.START, "a")
    builder.add_conditional_edges("a", lambda _: "left", {"left": "b", "right": "c"})
    builder.add_edge(["b", "c"], "d")
    text: str = builder.compile().get_graph().draw_mermaid()
    return text


def test_a_graph_is_drawn_the_same() -> None:
    real, shim = map(_drawn, NAMESPACES)
    assert shim == real


def _changed(namespace: str) -> list[Any]:
    pregel, channels, _ = _modules(namespace)
    saver = importlib.import_module("langgraph.checkpoint.memory").InMemorySaver()
    first = pregel.NodeBuilder().subscribe_only("a").do(lambda x: x + "!").write_to("b")
    second = pregel.NodeBuilder().subscribe_only("b").do(lambda x: x + "?").write_to("c")
    graph = pregel.Pregel(
        nodes={"first": first, "second": second},
        channels={
            "a": channels.EphemeralValue(str),
            "b": channels.LastValue(str),
            "c": channels.LastValue(str),
        },
        input_channels="a",
        output_channels=["b", "c"],
        interrupt_before_nodes=["second"],
        checkpointer=saver,
    )
    config = {"configurable": {"thread_id": "1"}}
    told = [graph.invoke("x", config), graph.get_state(config).next, graph.invoke(None, config)]
    graph.update_state(config, "y", as_node="first")
    state = graph.get_state(config)
    return [*told, state.values, state.next, len(list(graph.get_state_history(config)))]


def test_threads_of_graphs_of_channels_are_kept_and_changed_alike() -> None:
    real, shim = (_changed(namespace) for namespace in NAMESPACES)
    assert shim == real
    assert real[1] == ("second",)
