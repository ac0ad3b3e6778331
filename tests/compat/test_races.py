"""One compiled graph, run from many threads and tasks at once, some of which are cancelled."""

import asyncio
import gc
import operator
import random
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, TypedDict

import pytest

from .faces import SHIM

THREADS = 8
RUNS = 60
_PATIENCE = 60.0
"""Seconds after which a run counts as stuck."""


class State(TypedDict, total=False):
    n: int
    log: Annotated[list[str], operator.add]


@pytest.fixture(params=[None, 1e-6], ids=["", "switching"])
def _switching(request: pytest.FixtureRequest) -> Iterator[None]:
    """With the interpreter changing threads whenever it can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(request.param or usual)
    yield
    sys.setswitchinterval(usual)


def built(*, saver: Any = None, pause: bool = False) -> Any:
    """Sends, a subgraph, a question and a join, which all tell which run they are of."""
    api = SHIM

    async def work(state: State) -> State:
        await asyncio.sleep(0)
        return {"log": [f"work {state['n']}"]}

    inner = api.StateGraph(State)
    inner.add_node("deep", lambda s: {"log": [f"deep {s['n']}"]})
    inner.add_edge(api.START, "deep")
    graph = api.StateGraph(State)
    graph.add_node("plan", lambda s: {"log": [f"plan {s['n']}"]})
    graph.add_node("work", work if pause else lambda s: {"log": [f"work {s['n']}"]})
    graph.add_node("inner", inner.compile())
    graph.add_node("ask", lambda s: {"log": [f"ask {api.interrupt(s['n']) if saver else s['n']}"]})
    graph.add_edge(api.START, "plan")
    graph.add_conditional_edges("plan", lambda s: [api.Send("work", {"n": s["n"]})] * 3, ["work"])
    graph.add_edge("plan", "inner")
    graph.add_edge(["work", "inner"], "ask")
    return graph.compile(checkpointer=saver)


def log(n: int) -> list[str]:
    """What a run of the graph logs: sends last; a subgraph gives back all it has, old and new."""
    plan, work, deep, ask = (f"{node} {n}" for node in ("plan", "work", "deep", "ask"))
    return [plan, plan, deep, work, work, work, ask]


def _in(thread: int) -> dict[str, Any]:
    return {"configurable": {"thread_id": str(thread)}}


def _answered(graph: Any, n: int) -> Any:
    asked = graph.invoke({"n": n}, _in(n))["__interrupt__"]
    assert [question.value for question in asked] == [n]
    return graph.invoke(SHIM.Command(resume=n), _in(n))


async def _aanswered(graph: Any, n: int) -> Any:
    asked = (await graph.ainvoke({"n": n}, _in(n)))["__interrupt__"]
    assert [question.value for question in asked] == [n]
    return await graph.ainvoke(SHIM.Command(resume=n), _in(n))


@pytest.mark.usefixtures("_switching")
@pytest.mark.parametrize("saved", [False, True])
def test_threads_keep_to_themselves(saved: bool) -> None:
    graph = built(saver=SHIM.InMemorySaver() if saved else None)
    start = threading.Barrier(THREADS)

    def runs(first: int) -> list[Any]:
        start.wait(_PATIENCE)
        use = _answered if saved else lambda graph, n: graph.invoke({"n": n})
        return [use(graph, n) for n in range(first, first + RUNS // THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        several = [pool.submit(runs, at * RUNS) for at in range(THREADS)]
        results = [result for future in several for result in future.result(_PATIENCE)]
    for result in results:
        assert result["log"] == log(result["n"])
    assert len({result["n"] for result in results}) == len(results)


@pytest.mark.usefixtures("_switching")
@pytest.mark.parametrize("saved", [False, True])
def test_tasks_of_one_loop_keep_to_themselves(saved: bool) -> None:
    graph = built(saver=SHIM.InMemorySaver() if saved else None, pause=True)

    async def runs() -> list[Any]:
        use = _aanswered if saved else lambda graph, n: graph.ainvoke({"n": n})
        return await asyncio.wait_for(
            asyncio.gather(*(use(graph, n) for n in range(RUNS))), _PATIENCE
        )

    for n, result in enumerate(asyncio.run(runs())):
        assert (result["n"], result["log"]) == (n, log(n))


@pytest.mark.usefixtures("_switching")
def test_loops_of_several_threads_share_a_graph() -> None:
    graph = built(pause=True)

    async def runs(first: int) -> list[Any]:
        several = (graph.ainvoke({"n": n}) for n in range(first, first + RUNS // THREADS))
        return await asyncio.wait_for(asyncio.gather(*several), _PATIENCE)

    with ThreadPoolExecutor(THREADS) as pool:
        several = [pool.submit(asyncio.run, runs(at * RUNS)) for at in range(THREADS)]
        for future in several:
            for result in future.result(_PATIENCE):
                assert result["log"] == log(result["n"])


@pytest.mark.usefixtures("_switching")
@pytest.mark.parametrize("seed", range(4))
def test_cancelled_runs_leave_the_others_alone(seed: int) -> None:
    graph = built(saver=SHIM.InMemorySaver(), pause=True)
    draw = random.Random(seed)
    pauses = [draw.randrange(12) for _ in range(RUNS)]

    async def cancelled(n: int, pauses: int) -> None:
        run = asyncio.create_task(_aanswered(graph, RUNS + n))
        for _ in range(pauses):
            await asyncio.sleep(0)
        run.cancel()
        await asyncio.wait([run], timeout=_PATIENCE)
        assert run.cancelled() or run.result()["log"] == log(RUNS + n)
        # where it was left, it goes on
        state = await graph.aget_state(_in(RUNS + n))
        if state.next:
            given = SHIM.Command(resume=RUNS + n) if state.interrupts else None
            result = await graph.ainvoke(given, _in(RUNS + n))
            if "__interrupt__" in result:
                result = await graph.ainvoke(SHIM.Command(resume=RUNS + n), _in(RUNS + n))
            assert result["log"] == log(RUNS + n)

    async def runs() -> list[Any]:
        undisturbed = [_aanswered(graph, n) for n in range(RUNS)]
        others = [cancelled(n, pauses[n]) for n in range(RUNS)]
        results = await asyncio.wait_for(asyncio.gather(*undisturbed, *others), _PATIENCE)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return results[:RUNS]

    for n, result in enumerate(asyncio.run(runs())):
        assert (result["n"], result["log"]) == (n, log(n)), f"seed {seed}"


def _asyncio_tasks() -> list[Any]:
    return [thing for thing in gc.get_objects() if isinstance(thing, asyncio.Task)]


def test_a_stream_that_is_left_ends_its_nodes() -> None:
    ended = []
    before = {id(task) for task in _asyncio_tasks()}

    async def wait(state: State) -> State:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(state["n"])
        return state

    graph = SHIM.StateGraph(State)
    graph.add_node("first", lambda s: {"log": ["first"]})
    graph.add_node("wait", wait)
    graph.add_edge(SHIM.START, "first")
    graph.add_edge("first", "wait")
    graph = graph.compile()

    async def leave(n: int) -> None:
        chunks = graph.astream({"n": n}, stream_mode="tasks")
        async for chunk in chunks:
            if chunk["name"] == "wait":
                await asyncio.sleep(0)
                break
        await chunks.aclose()

    async def all_of_them() -> None:
        await asyncio.wait_for(asyncio.gather(*map(leave, range(RUNS))), _PATIENCE)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(all_of_them())
    assert set(ended) <= set(range(RUNS))
    gc.collect()
    assert not [task for task in _asyncio_tasks() if id(task) not in before]
