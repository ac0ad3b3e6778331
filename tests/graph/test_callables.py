"""A node made of two functions runs the one that fits the run."""

from typing import Any, TypedDict

import pytest

from langferry.graph import START, RunnableCallable, StateGraph


class State(TypedDict):
    ran: str


def _sync(state: State) -> dict[str, Any]:
    return {"ran": "sync"}


async def _async(state: State) -> dict[str, Any]:
    return {"ran": "async"}


def _graph(action: RunnableCallable) -> Any:
    builder = StateGraph(State)
    builder.add_node("a", action)
    builder.add_edge(START, "a")
    return builder.compile()


async def test_each_run_uses_its_function() -> None:
    graph = _graph(RunnableCallable(_sync, _async))
    assert graph.invoke({"ran": ""}) == {"ran": "sync"}
    assert await graph.ainvoke({"ran": ""}) == {"ran": "async"}


async def test_an_asynchronous_run_falls_back_to_the_synchronous_function() -> None:
    assert await _graph(RunnableCallable(_sync)).ainvoke({"ran": ""}) == {"ran": "sync"}


def test_a_synchronous_run_needs_a_synchronous_function() -> None:
    with pytest.raises(TypeError, match='No synchronous function provided to "a"'):
        _graph(RunnableCallable(None, _async)).invoke({"ran": ""})


def test_one_function_is_needed() -> None:
    with pytest.raises(ValueError, match="At least one"):
        RunnableCallable(None)
