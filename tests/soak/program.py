"""Runs graphs over and over in a process of its own and tells what stays in memory.

Started as `program.py SHAPE WAY`; prints one JSON object: by how much the most memory (bytes) and the objects have grown
since a warm-up.
"""

import asyncio
import contextlib
import gc
import json
import operator
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypedDict

import langferry.compat

langferry.compat.install()

from langgraph.checkpoint.memory import InMemorySaver  # noqa: E402
from langgraph.graph import END, START, StateGraph  # noqa: E402
from langgraph.types import Command, Send, interrupt  # noqa: E402

STEPS = 100_000
RUNS = 10_000


class State(TypedDict, total=False):
    n: int
    total: Annotated[int, operator.add]


def _count(state: State) -> State:
    return {"n": state["n"] + 1, "total": 1}


def loop() -> Any:
    """A graph that runs one node until `n` is 0."""
    graph = StateGraph(State)
    graph.add_node("count", lambda s: {"n": s["n"] - 1, "total": 1})
    graph.add_edge(START, "count")
    graph.add_conditional_edges("count", lambda s: "count" if s["n"] else END)
    return graph.compile()


def plain() -> Any:
    """Two nodes in a row."""
    graph = StateGraph(State)
    graph.add_node("a", _count)
    graph.add_node("b", _count)
    graph.add_edge(START, "a")
    graph.add_edge("a", "b")
    return graph.compile()


def saved() -> Any:
    """Sends and a subgraph, with a saver."""
    inner = StateGraph(State).add_node("c", _count).add_edge(START, "c").compile()
    graph = StateGraph(State)
    graph.add_node("a", _count)
    graph.add_node("b", lambda s: {"total": s["n"]})
    graph.add_node("inner", inner)
    graph.add_edge(START, "a")
    graph.add_conditional_edges("a", lambda s: [Send("b", {"n": n}) for n in range(2)], ["b"])
    graph.add_edge("b", "inner")
    return graph.compile(checkpointer=InMemorySaver())


def failing() -> Any:
    """A node that fails, beside one that does not."""

    def fail(state: State) -> State:
        raise ValueError(state["n"])

    graph = StateGraph(State)
    graph.add_node("a", _count)
    graph.add_node("fail", fail)
    graph.add_edge(START, "a")
    graph.add_edge("a", "fail")
    return graph.compile()


def asking() -> Any:
    """A node that asks."""
    graph = StateGraph(State)
    graph.add_node("ask", lambda s: {"n": interrupt(s["n"])})
    graph.add_edge(START, "ask")
    return graph.compile(checkpointer=InMemorySaver())


def waiting() -> Any:
    """A node that waits for ever."""

    async def wait(state: State) -> State:
        await asyncio.sleep(3600)
        return state

    graph = StateGraph(State)
    graph.add_node("a", _count)
    graph.add_node("wait", wait)
    graph.add_edge(START, "a")
    graph.add_edge("a", "wait")
    return graph.compile()


def _in(thread: int) -> dict[str, Any]:
    return {"configurable": {"thread_id": str(thread)}}


def _steps(graph: Any, count: int) -> None:
    result = graph.invoke({"n": count}, {"recursion_limit": count + 10})
    assert result == {"n": 0, "total": count}


async def _asteps(graph: Any, count: int) -> None:
    result = await graph.ainvoke({"n": count}, {"recursion_limit": count + 10})
    assert result == {"n": 0, "total": count}


def _plain(graph: Any, count: int) -> None:
    for _ in range(count):
        assert graph.invoke({"n": 0}) == {"n": 2, "total": 2}


async def _aplain(graph: Any, count: int) -> None:
    for _ in range(count):
        assert await graph.ainvoke({"n": 0}) == {"n": 2, "total": 2}


def _streamed(graph: Any, count: int) -> None:
    for at in range(count):
        chunks = graph.stream({"n": 0}, stream_mode=["values", "updates", "tasks"])
        # every other one is left before its end
        assert next(chunks)
        if at % 2:
            list(chunks)


async def _astreamed(graph: Any, count: int) -> None:
    for at in range(count):
        chunks = graph.astream({"n": 0}, stream_mode=["values", "updates", "tasks"])
        assert await anext(chunks)
        if at % 2:
            async for _ in chunks:
                pass
        await chunks.aclose()


def _saved(graph: Any, count: int) -> None:
    for at in range(count):
        assert graph.invoke({"n": 0}, _in(at)) == {"n": 2, "total": 5}
        graph.checkpointer.delete_thread(str(at))


async def _asaved(graph: Any, count: int) -> None:
    for at in range(count):
        assert await graph.ainvoke({"n": 0}, _in(at)) == {"n": 2, "total": 5}
        await graph.checkpointer.adelete_thread(str(at))


def _failing(graph: Any, count: int) -> None:
    for _ in range(count):
        with contextlib.suppress(ValueError):
            graph.invoke({"n": 0})


async def _afailing(graph: Any, count: int) -> None:
    for _ in range(count):
        with contextlib.suppress(ValueError):
            await graph.ainvoke({"n": 0})


def _asking(graph: Any, count: int) -> None:
    for at in range(count):
        assert graph.invoke({"n": at}, _in(at))["__interrupt__"][0].value == at
        if at % 2:
            assert graph.invoke(Command(resume=7), _in(at))["n"] == 7
        graph.checkpointer.delete_thread(str(at))


async def _aasking(graph: Any, count: int) -> None:
    for at in range(count):
        assert (await graph.ainvoke({"n": at}, _in(at)))["__interrupt__"][0].value == at
        if at % 2:
            assert (await graph.ainvoke(Command(resume=7), _in(at)))["n"] == 7
        graph.checkpointer.delete_thread(str(at))


async def _cancelled(graph: Any, count: int) -> None:
    for at in range(count):
        run = asyncio.create_task(graph.ainvoke({"n": 0}))
        for _ in range(at % 8):
            await asyncio.sleep(0)
        run.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await run


Use = Callable[[Any, int], Awaitable[None] | None]
SHAPES: dict[str, tuple[Callable[[], Any], int, dict[str, Use]]] = {
    "loop": (loop, STEPS, {"sync": _steps, "async": _asteps}),
    "plain": (plain, RUNS, {"sync": _plain, "async": _aplain}),
    "streamed": (plain, RUNS, {"sync": _streamed, "async": _astreamed}),
    "saved": (saved, RUNS // 10, {"sync": _saved, "async": _asaved}),
    "failing": (failing, RUNS, {"sync": _failing, "async": _afailing}),
    "asking": (asking, RUNS // 2, {"sync": _asking, "async": _aasking}),
    "cancelled": (waiting, RUNS, {"async": _cancelled}),
}


def _memory() -> int:
    """The most that this process has taken, within runs too."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def _left() -> tuple[int, Counter[str]]:
    """What has been in memory, in bytes, and what is, as objects by type."""
    for _ in range(3):
        gc.collect()
    return _memory(), Counter(type(thing).__name__ for thing in gc.get_objects())


async def _measure(use: Use, graph: Any, count: int) -> dict[str, Any]:
    async def run(times: int) -> None:
        done = use(graph, times)
        if done is not None:
            await done

    await run(count // 10)
    # twice, as counting takes memory itself
    _left()
    memory, objects = _left()
    await run(count)
    memory_after, objects_after = _left()
    return {
        "runs": count,
        "grown": memory_after - memory,
        "objects": {
            name: (objects[name], after)
            for name, after in objects_after.items()
            if after > objects[name]
        },
    }


if __name__ == "__main__":
    build, count, uses = SHAPES[sys.argv[1]]
    print(json.dumps(asyncio.run(_measure(uses[sys.argv[2]], build(), count))))
