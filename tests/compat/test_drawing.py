"""Drawings: the edges that only trying a graph out shows."""

import operator
from typing import Annotated, Any, TypedDict

import pytest

from .faces import REAL, SHIM


class State(TypedDict, total=False):
    log: Annotated[list[str], operator.add]


def built(face: Any, nodes: str, edges: list[Any], *, deferred: str = "") -> Any:
    builder = face.StateGraph(State)
    for name in nodes:
        builder.add_node(name, lambda state: None, defer=name in deferred)
    for start, end in edges:
        builder.add_edge(start, end)
    return builder


def loop(face: Any) -> Any:
    return built(face, "ab", [(face.START, "a"), ("a", "b"), ("b", "a")])


def self_loop(face: Any) -> Any:
    builder = built(face, "a", [(face.START, "a")])
    return builder.add_conditional_edges("a", lambda state: "a", ["a"])


def deferred_node(face: Any) -> Any:
    edges = [(face.START, "a"), ("a", "b"), ("a", "c"), ("b", "d"), ("b", "e"), ("c", "e")]
    return built(face, "abcde", [*edges, ("e", face.END)], deferred="e")


def deferred_join(face: Any) -> Any:
    edges = [(face.START, "a"), ("a", "b"), ("a", "c"), ("b", "d"), (["b", "c"], "e")]
    return built(face, "abcde", edges, deferred="e")


def unequal_join(face: Any) -> Any:
    edges = [(face.START, "a"), (face.START, "b"), ("b", "c"), (["a", "c"], "d"), ("d", face.END)]
    return built(face, "abcd", edges)


def choices(face: Any) -> Any:
    builder = built(face, "abc", [(face.START, "a"), ("b", "a"), ("c", face.END)], deferred="c")
    path_map = {"more": "b", "enough": "c", "none": face.END}
    return builder.add_conditional_edges("a", lambda state: "none", path_map)


@pytest.mark.parametrize(
    "build", [loop, self_loop, deferred_node, deferred_join, unequal_join, choices]
)
def test_drawn_as_langgraph_draws(build: Any) -> None:
    real, ours = (build(face).compile().get_graph() for face in (REAL, SHIM))
    assert ours.draw_mermaid() == real.draw_mermaid()
    assert ours.to_json() == real.to_json()
