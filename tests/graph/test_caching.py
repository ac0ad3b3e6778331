"""Results of nodes kept in a cache."""

import asyncio
from typing import Any, TypedDict

import pytest
from langgraph.cache.memory import InMemoryCache

from langferry.compat.policies import CachePolicy
from langferry.graph import START, StateGraph


class State(TypedDict):
    x: int
    way: str


def compiled(runs: list[str], cache: Any) -> Any:
    graph = StateGraph(State)
    graph.add_node("a", lambda s: runs.append("a") or {"x": s["x"] + 1}, cache_policy=CachePolicy())
    graph.add_node("b", lambda s: runs.append("b") or {"way": "b"})
    graph.add_edge(START, "a")
    graph.add_conditional_edges("a", lambda s: runs.append("router") or "b")
    return graph.compile(cache=cache)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_hit_writes_what_the_run_wrote_router_included(asynchronous: bool) -> None:
    runs: list[str] = []
    graph = compiled(runs, InMemoryCache())

    def stream() -> list[Any]:
        if not asynchronous:
            return list(graph.stream({"x": 1}))

        async def collect() -> list[Any]:
            return [chunk async for chunk in graph.astream({"x": 1})]

        return asyncio.run(collect())

    first, second = stream(), stream()
    assert runs == ["a", "router", "b", "b"]
    assert second == [{**first[0], "__metadata__": {"cached": True}}, first[1]]
    graph.clear_cache()
    assert stream() == first


def test_another_input_is_no_hit_and_no_cache_keeps_nothing() -> None:
    runs: list[str] = []
    graph = compiled(runs, InMemoryCache())
    graph.invoke({"x": 1})
    graph.invoke({"x": 2})
    assert runs.count("a") == 2
    without = compiled(runs, None)
    without.invoke({"x": 1})
    without.invoke({"x": 1})
    assert runs.count("a") == 4
    with pytest.raises(ValueError, match="No cache is set"):
        without.clear_cache()
