"""The graphs that are measured, on LangGraph's public API alone.

The same file runs on LangGraph and on the shim, so nothing of either is imported before the body of
a workload. A workload is a function of a size; it gives a `Case`. The native program
(`runtime/crates/benchmarks`) has the same graphs by the same names.
"""

import asyncio
import itertools
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from typing_extensions import TypedDict


@dataclass(frozen=True)
class Case:
    """What is timed.

    Attributes:
        run: one run; its result must make `right` true.
        units: how many of `unit` one run does.
    """

    run: Callable[[], Any]
    right: Callable[[Any], bool]
    units: int
    unit: str = "superstep"


LIMIT: Final = {"recursion_limit": 10**9}
_LOOP = asyncio.new_event_loop()
_THREADS = itertools.count()


class Counter(TypedDict):
    """One whole number."""

    x: int


def count(state: Counter) -> dict[str, int]:
    return {"x": state["x"] + 1}


async def count_async(state: Counter) -> dict[str, int]:
    return {"x": state["x"] + 1}


def _new_thread() -> dict[str, Any]:
    return LIMIT | {"configurable": {"thread_id": str(next(_THREADS))}}


def _saver() -> Any:
    from langgraph.checkpoint.memory import InMemorySaver

    return InMemorySaver()


def _chain(nodes: int, node: Any) -> Any:
    from langgraph.graph import END, START, StateGraph

    graph = StateGraph(Counter)
    previous = START
    for number in range(nodes):
        graph.add_node(f"n{number}", node)
        graph.add_edge(previous, f"n{number}")
        previous = f"n{number}"
    graph.add_edge(previous, END)
    return graph


def _loop(steps: int, node: Any) -> Any:
    from langgraph.graph import END, START, StateGraph

    graph = StateGraph(Counter)
    graph.add_node("step", node)
    graph.add_edge(START, "step")
    graph.add_conditional_edges("step", lambda state: END if state["x"] >= steps else "step")
    return graph


def _counting(graph: Any, steps: int) -> Case:
    return Case(lambda: graph.invoke({"x": 0}, LIMIT), lambda out: out == {"x": steps}, steps)


def _counting_async(graph: Any, steps: int) -> Case:
    def run() -> Any:
        return _LOOP.run_until_complete(graph.ainvoke({"x": 0}, LIMIT))

    return Case(run, lambda out: out == {"x": steps}, steps)


def sequential(nodes: int) -> Case:
    """A chain of nodes that count."""
    return _counting(_chain(nodes, count).compile(), nodes)


def sequential_async(nodes: int) -> Case:
    """The same with coroutines."""
    return _counting_async(_chain(nodes, count_async).compile(), nodes)


def loop(steps: int) -> Case:
    """One node and a router back to it."""
    return _counting(_loop(steps, count).compile(), steps)


def loop_async(steps: int) -> Case:
    """The same with a coroutine."""
    return _counting_async(_loop(steps, count_async).compile(), steps)


def _fan_out(tasks: int, node: Any) -> tuple[Any, dict[str, Any], Callable[[Any], bool]]:
    from langgraph.graph import END, START, StateGraph
    from langgraph.types import Send

    class Work(TypedDict):
        items: list[int]
        out: Annotated[list[int], operator.add]

    graph = StateGraph(Work)
    graph.add_node("work", node)
    graph.add_conditional_edges(
        START, lambda state: [Send("work", {"i": i}) for i in state["items"]], ["work"]
    )
    graph.add_edge("work", END)
    doubled = [2 * i for i in range(tasks)]
    given = {"items": list(range(tasks)), "out": []}
    return graph.compile(), given, lambda out: bool(out["out"] == doubled)


def fanout_send(tasks: int) -> Case:
    """A `Send` to each task of one superstep, results added up in a list."""
    graph, given, right = _fan_out(tasks, lambda item: {"out": [2 * item["i"]]})
    return Case(lambda: graph.invoke(given, LIMIT), right, tasks, "task")


def fanout_send_async(tasks: int) -> Case:
    """The same with coroutines."""

    async def work(item: dict[str, int]) -> dict[str, list[int]]:
        return {"out": [2 * item["i"]]}

    graph, given, right = _fan_out(tasks, work)
    return Case(lambda: _LOOP.run_until_complete(graph.ainvoke(given, LIMIT)), right, tasks, "task")


def subgraph_loop(calls: int) -> Case:
    """A loop whose node is a graph of two nodes."""
    from langgraph.graph import END, START, StateGraph

    graph = StateGraph(Counter)
    graph.add_node("sub", _chain(2, count).compile())
    graph.add_edge(START, "sub")
    graph.add_conditional_edges("sub", lambda state: END if state["x"] >= 2 * calls else "sub")
    app = graph.compile()
    return Case(
        lambda: app.invoke({"x": 0}, LIMIT), lambda out: out == {"x": 2 * calls}, calls, "call"
    )


def wide_state(width: int) -> Case:
    """A state of many dicts; each of 100 supersteps reads all and writes five."""
    from langgraph.graph import END, START, StateGraph

    steps = 100
    fields: dict[str, Any] = {
        f"c{i}": Annotated[dict, operator.or_] if i % 3 == 0 else dict for i in range(width)
    }
    state_type = TypedDict("Wide", fields | {"n": int})  # type: ignore[misc]
    leaf = {"text": "hi?" * 10, "flag": True, "number": 6327816386138, "none": None}
    blobs = [{str(a): {str(b): [leaf, i] for b in range(8)} for a in range(8)} for i in range(8)]

    def step(state: Any) -> dict[str, Any]:
        n = state["n"]
        return {f"c{(n * 5 + i) % width}": blobs[(n + i) % 8] for i in range(5)} | {"n": n + 1}

    graph = StateGraph(state_type)
    graph.add_node("step", step)
    graph.add_edge(START, "step")
    graph.add_conditional_edges("step", lambda state: END if state["n"] >= steps else "step")
    app = graph.compile()
    given = {f"c{i}": blobs[i % 8] for i in range(width)} | {"n": 0}
    return Case(lambda: app.invoke(given, LIMIT), lambda out: bool(out["n"] == steps), steps)


def messages(length: int) -> Case:
    """Appends a message to a history in each of 50 supersteps, with `add_messages`."""
    from langchain_core.messages import AIMessage, HumanMessage
    from langgraph.graph import END, START, StateGraph
    from langgraph.graph.message import add_messages

    steps = 50
    text = "lorem ipsum dolor sit " * 9

    class Chat(TypedDict):
        messages: Annotated[list, add_messages]
        n: int

    def step(state: Any) -> dict[str, Any]:
        n = state["n"]
        return {"messages": [AIMessage(content=text, id=f"a{n}")], "n": n + 1}

    graph = StateGraph(Chat)
    graph.add_node("step", step)
    graph.add_edge(START, "step")
    graph.add_conditional_edges("step", lambda state: END if state["n"] >= steps else "step")
    app = graph.compile()
    history = [(AIMessage if i % 2 else HumanMessage)(text, id=f"m{i}") for i in range(length)]
    return Case(
        lambda: app.invoke({"messages": list(history), "n": 0}, LIMIT),
        lambda out: len(out["messages"]) == length + steps,
        steps,
    )


def ckpt_memory_async(steps: int) -> Case:
    """The loop, each superstep kept in memory."""
    app = _loop(steps, count).compile(checkpointer=_saver())
    return Case(lambda: app.invoke({"x": 0}, _new_thread()), lambda out: out == {"x": steps}, steps)


def interrupt_resume_memory(cycles: int) -> Case:
    """Cycles of a question and its answer on one thread, kept in memory."""
    from langgraph.graph import START, StateGraph
    from langgraph.types import Command, interrupt

    graph = StateGraph(Counter)
    graph.add_node("ask", lambda state: {"x": state["x"] + interrupt("more?")})
    graph.add_edge(START, "ask")
    graph.add_conditional_edges("ask", lambda state: "ask", ["ask"])
    app = graph.compile(checkpointer=_saver())

    def run() -> Any:
        config = _new_thread()
        out = app.invoke({"x": 0}, config)
        for _ in range(cycles):
            out = app.invoke(Command(resume=1), config)
        return out

    return Case(run, lambda out: bool(out["x"] == cycles), cycles, "resume")


def _streamed(steps: int, mode: Any) -> Case:
    app = _loop(steps, count).compile()
    return Case(
        lambda: sum(1 for _ in app.stream({"x": 0}, LIMIT, stream_mode=mode)),
        lambda seen: bool(seen >= steps),
        steps,
    )


def stream_values(steps: int) -> Case:
    """The loop, watched in mode `values`."""
    return _streamed(steps, "values")


def stream_updates(steps: int) -> Case:
    """The loop, watched in mode `updates`."""
    return _streamed(steps, "updates")


def concurrent(runs: int) -> Case:
    """Runs of a chain of three coroutines, all at once."""
    app = _chain(3, count_async).compile()

    async def all_at_once() -> Any:
        return await asyncio.gather(*(app.ainvoke({"x": 0}, LIMIT) for _ in range(runs)))

    return Case(
        lambda: _LOOP.run_until_complete(all_at_once()),
        lambda outs: all(out == {"x": 3} for out in outs),
        runs,
        "run",
    )


def invoke_small(_: int) -> Case:
    """200 runs of one node, one after the other: what a run costs before its first superstep."""
    app = _chain(1, count).compile()

    def run() -> Any:
        for _ in range(200):
            out = app.invoke({"x": 0}, LIMIT)
        return out

    return Case(run, lambda out: out == {"x": 1}, 200, "run")


def import_stategraph(_: int) -> Case:
    """`from langgraph.graph import StateGraph` in a fresh process; the runner times it itself."""
    return Case(lambda: None, lambda _: True, 1, "process")


ALL: Final[dict[str, tuple[Callable[[int], Case], tuple[int, ...]]]] = {
    build.__name__: (build, sizes)
    for build, sizes in (
        (import_stategraph, (1,)),
        (sequential, (10, 100, 1000)),
        (sequential_async, (100,)),
        (loop, (1000,)),
        (loop_async, (1000,)),
        (fanout_send, (100, 1000)),
        (fanout_send_async, (100,)),
        (subgraph_loop, (100,)),
        (wide_state, (100, 500)),
        (messages, (10, 1000)),
        (ckpt_memory_async, (1000,)),
        (interrupt_resume_memory, (200,)),
        (stream_values, (1000,)),
        (stream_updates, (1000,)),
        (concurrent, (1000,)),
        (invoke_small, (1,)),
    )
}
"""A workload's name -> how it is built, and the sizes it is measured at."""
