"""Attempts at nodes that may take only so long."""

import asyncio
from typing import Any, TypedDict

import pytest

from langferry.graph import END, START, Send, StateGraph
from langferry.graph.errors import NodeTimeoutError
from langferry.graph.timing import Attempt, TimeoutPolicy


class State(TypedDict):
    x: int


def compiled(node: Any, timeout: Any) -> Any:
    graph = StateGraph(State)
    graph.add_node("node", node, timeout=timeout)
    graph.add_edge(START, "node")
    return graph.compile()


async def never(state: State) -> dict[str, int]:
    await asyncio.sleep(10)
    return {"x": 0}


def test_the_clock_that_runs_out_first_ends_an_attempt() -> None:
    graph = compiled(never, TimeoutPolicy(run_timeout=0.02, idle_timeout=5))
    with pytest.raises(NodeTimeoutError) as raised:
        asyncio.run(graph.ainvoke({"x": 1}))
    assert (raised.value.kind, raised.value.node, raised.value.timeout) == ("run", "node", 0.02)


def test_a_heartbeat_starts_the_idle_clock_anew() -> None:
    async def steady(state: State, runtime: Any) -> dict[str, int]:
        for _ in range(6):
            await asyncio.sleep(0.03)
            runtime.heartbeat()
        return {"x": state["x"] + 1}

    graph = compiled(steady, TimeoutPolicy(idle_timeout=0.12))
    assert asyncio.run(graph.ainvoke({"x": 1})) == {"x": 2}


def test_a_packet_may_limit_the_time_of_its_task() -> None:
    graph = StateGraph(State)
    graph.add_node("node", never)
    graph.add_conditional_edges(
        START, lambda state: [Send("node", state, timeout=TimeoutPolicy(run_timeout=0.02))]
    )
    graph.add_edge("node", END)
    with pytest.raises(NodeTimeoutError):
        asyncio.run(graph.compile().ainvoke({"x": 1}))


def test_what_cannot_be_ended_has_no_timeout() -> None:
    with pytest.raises(ValueError, match="only supported for async nodes"):
        compiled(lambda state: state, 1.0)


def test_an_attempt_that_is_over_is_heard_no_more() -> None:
    heard: list[str] = []
    attempt = Attempt(TimeoutPolicy(idle_timeout=1.0))
    tell = attempt.guard(heard.append)
    tell("before")
    attempt.finish(None)
    tell("after")
    assert heard == ["before"]
