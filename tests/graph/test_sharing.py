"""Nodes of one step that the run's own thread runs with the help of others."""

import asyncio
import operator
import threading
import time
from typing import Annotated, Any, TypedDict

import pytest

from langferry.graph import START, InMemorySaver, Send, StateGraph


class State(TypedDict, total=False):
    seen: Annotated[list[Any], operator.add]


def _fan(node: Any, width: int, **options: Any) -> Any:
    builder = StateGraph(State)
    builder.add_node("node", node)
    builder.add_conditional_edges(START, lambda _: [Send("node", at) for at in range(width)])
    return builder.compile(**options)


def test_results_come_in_planned_order_whoever_made_them() -> None:
    def node(at: Any) -> State:
        time.sleep(0.002 * (5 - at % 5))
        return {"seen": [at]}

    assert _fan(node, 20).invoke({}) == {"seen": list(range(20))}


def test_nodes_that_wait_wait_together() -> None:
    barrier = threading.Barrier(4)

    def node(at: Any) -> State:
        barrier.wait(5)
        return {"seen": [at]}

    assert _fan(node, 4).invoke({}) == {"seen": [0, 1, 2, 3]}


def test_no_more_run_at_once_than_allowed() -> None:
    now, most = 0, 0
    lock = threading.Lock()

    def node(at: Any) -> State:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.005)
        with lock:
            now -= 1
        return {}

    _fan(node, 12).invoke({}, {"max_concurrency": 3})
    assert most <= 3


def test_graphs_in_shared_nodes_share_on() -> None:
    inner = _fan(lambda at: {"seen": [at]}, 8)
    outer = _fan(lambda at: {"seen": inner.invoke({})["seen"]}, 40)
    assert outer.invoke({}, {"max_concurrency": 2}) == {"seen": list(range(8)) * 40}


def test_a_failure_ends_the_step_and_what_finished_beside_it_is_kept() -> None:
    def node(at: Any) -> State:
        if at == 1:
            raise ValueError("no")
        return {"seen": [at]}

    graph = _fan(node, 4, checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "1"}}
    with pytest.raises(ValueError, match="no"):
        graph.invoke({}, config)
    results = [task.result for task in graph.get_state(config).tasks]
    assert results[0] == {"seen": [0]}
    assert results[1] is None


def test_an_exit_out_of_a_node_waits_for_its_helpers() -> None:
    begun = threading.Barrier(2)
    ended: list[int] = []

    def node(at: Any) -> State:
        begun.wait(5)
        if threading.current_thread() is threading.main_thread():
            raise SystemExit(3)
        time.sleep(0.05)
        ended.append(at)
        return {}

    def run() -> None:
        # the helpers may have taken both before this thread takes one
        for _ in range(100):
            ended.clear()
            _fan(node, 2).invoke({})

    with pytest.raises(SystemExit):
        run()
    assert len(ended) == 1


async def test_beside_an_event_loop_no_node_runs_on_its_thread() -> None:
    def node(at: Any) -> State:
        async def inside() -> int:
            return int(at)

        return {"seen": [asyncio.run(inside())]}

    assert _fan(node, 3).invoke({}) == {"seen": [0, 1, 2]}
