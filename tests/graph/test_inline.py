"""Awaiting a node as part of the caller's task."""

import asyncio
import contextvars
from typing import Any, TypedDict

import pytest

from langferry.graph import END, START, StateGraph
from langferry.graph.errors import NodeCancelledError
from langferry.graph.inline import begin


class State(TypedDict, total=False):
    x: int


def _graph(node: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("node", node)
    builder.add_edge(START, "node")
    builder.add_edge("node", END)
    return builder.compile()


seen: contextvars.ContextVar[str] = contextvars.ContextVar("seen", default="outside")


async def test_what_does_not_suspend_has_ended_at_once() -> None:
    async def node() -> int:
        return 3

    assert begin(node) == (True, 3)


async def test_a_suspended_node_keeps_its_context_and_the_callers_is_untouched() -> None:
    async def node() -> str:
        seen.set("inside")
        await asyncio.sleep(0)
        return seen.get()

    ended, suspended = begin(node)
    assert not ended
    assert await suspended == "inside"
    assert seen.get() == "outside"


async def test_a_timeout_inside_a_node_is_the_nodes_own() -> None:
    async def node(state: State) -> State:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(5)
        except TimeoutError:
            return {"x": 1}
        return {"x": 2}

    assert await _graph(node).ainvoke({}) == {"x": 1}


async def test_cancelling_a_run_cancels_its_node() -> None:
    ended: list[str] = []

    async def node(state: State) -> State:
        try:
            await asyncio.sleep(5)
        finally:
            ended.append("node")
        return {}

    run = asyncio.create_task(_graph(node).ainvoke({}))
    await asyncio.sleep(0.01)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert ended == ["node"]


async def test_a_node_that_swallows_its_cancellation_does_not_save_the_run() -> None:
    async def node(state: State) -> State:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            return {"x": 1}
        return {}

    run = asyncio.create_task(_graph(node).ainvoke({}))
    await asyncio.sleep(0.01)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run


async def test_a_node_that_raises_cancelled_itself_fails_its_run_only() -> None:
    async def node(state: State) -> State:
        raise asyncio.CancelledError

    with pytest.raises(NodeCancelledError, match="'node'"):
        await _graph(node).ainvoke({})
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_errors_pass_through_a_suspended_node() -> None:
    async def node(state: State) -> State:
        await asyncio.sleep(0)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await _graph(node).ainvoke({})
