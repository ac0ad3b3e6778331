"""A superstep costs what it touches: counted calls, of Python functions and of what Python calls, and
counted work of the engine and its binding.

What the engine touches by itself is counted by `runtime/crates/core/tests/cost.rs`, too.
"""

import asyncio
import operator
import sys
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any, TypedDict

import pytest

from langferry import _engine

from .faces import SHIM

SIZES = (10, 100, 1000)
FEW, MANY = 4, 24


class Turn(TypedDict):
    n: int


def take_turn(state: Turn) -> Turn:
    return {"n": state["n"] - 1}


def choose(state: Turn) -> str:
    return "a" if state["n"] > 0 else SHIM.END


async def atake_turn(state: Turn) -> Turn:
    return take_turn(state)


async def achoose(state: Turn) -> str:
    return choose(state)


def turns(use: Any, state_schema: Any, idle_nodes: int = 0) -> Any:
    """Two nodes that take turns until `n` is 0, beside nodes that never run.

    With asyncio they are coroutines: functions would run on threads, where calls are not counted.
    """
    node, route = (atake_turn, achoose) if use is _ainvoke else (take_turn, choose)
    graph = SHIM.StateGraph(state_schema)
    for name in ("a", "b"):
        graph.add_node(name, node, input_schema=Turn)
    for at in range(idle_nodes):
        graph.add_node(f"idle{at}", lambda s: {"n": 0}, defer=at % 2 == 0)
        graph.add_edge(f"idle{at}", SHIM.END)
    graph.add_edge(SHIM.START, "a")
    graph.add_edge("a", "b")
    graph.add_conditional_edges("b", route, ["a", SHIM.END, *(["idle0"] if idle_nodes else [])])
    return graph.compile()


def state_of(keys: int) -> Any:
    """A state with so many keys besides `n`, every other one with a reducer."""
    kinds = (list[str], Annotated[list[str], operator.add])
    return TypedDict(f"State{keys}", {"n": int, **{f"k{at}": kinds[at % 2] for at in range(keys)}})


def calls(run: Callable[[], Any]) -> Counter[str]:
    """How often what was called, by name."""
    counted: Counter[str] = Counter()

    def count(frame: Any, event: str, called: Any) -> None:
        if event == "call":
            counted[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            counted[called.__qualname__] += 1

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return counted


def _invoke(graph: Any, given: Any) -> Any:
    return graph.invoke(given)


def _stream(graph: Any, given: Any) -> Any:
    return list(graph.stream(given, stream_mode="updates"))


def _ainvoke(graph: Any, given: Any) -> Any:
    return asyncio.run(graph.ainvoke(given))


def a_step(graph: Any, use: Callable[[Any, Any], Any], **given: Any) -> Counter[str]:
    """The calls of the steps between a short run and a long one."""
    use(graph, {"n": FEW, **given})
    short = calls(lambda: use(graph, {"n": FEW, **given}))
    long = calls(lambda: use(graph, {"n": MANY, **given}))
    long.subtract(short)
    return +long


def work(monkeypatch: Any, graph: Any, use: Callable[[Any, Any], Any], **given: Any) -> Any:
    """What the engine and its binding count of the steps between a short run and a long one."""
    made = []

    def make(*args: Any, **options: Any) -> Any:
        made.append(Run(*args, **options))
        return made[-1]

    Run = _engine.Run
    with monkeypatch.context() as patch:
        patch.setattr(_engine, "Run", make)
        use(graph, {"n": FEW, **given})
        use(graph, {"n": MANY, **given})
    short, long = (run.work for run in made)
    return {kind: long[kind] - short[kind] for kind in long}


USES = pytest.mark.parametrize("use", [_invoke, _stream, _ainvoke])


@USES
def test_nodes_that_do_not_run_cost_nothing(monkeypatch: Any, use: Any) -> None:
    graphs = [turns(use, Turn, idle_nodes=size) for size in SIZES]
    few, *more = (a_step(graph, use) for graph in graphs)
    assert few["take_turn"] == MANY - FEW
    assert more == [few, few]
    _check_work([work(monkeypatch, graph, use) for graph in graphs])


@USES
def test_channels_that_do_not_change_cost_nothing(monkeypatch: Any, use: Any) -> None:
    def given(size: int) -> dict[str, list[str]]:
        return {f"k{at}": ["x"] for at in range(size)}

    graphs = [(turns(use, state_of(size)), given(size)) for size in SIZES]
    few, *more = (a_step(graph, use, **filled) for graph, filled in graphs)
    assert few["take_turn"] == MANY - FEW
    assert more == [few, few]
    _check_work([work(monkeypatch, graph, use, **filled) for graph, filled in graphs])


@USES
def test_messages_that_do_not_change_cost_nothing(monkeypatch: Any, use: Any) -> None:
    class State(SHIM.MessagesState):
        n: int

    def given(size: int) -> Any:
        return [("human", f"message {at}") for at in range(size)]

    graph = turns(use, State)
    few, *more = (a_step(graph, use, messages=given(size)) for size in SIZES)
    assert few["take_turn"] == MANY - FEW
    assert more == [few, few]
    _check_work([work(monkeypatch, graph, use, messages=given(size)) for size in SIZES])


@USES
def test_a_reader_of_a_wide_state_is_given_what_changed(monkeypatch: Any, use: Any) -> None:
    def one_step(size: int) -> Any:
        schema = state_of(size)
        node, route = (atake_turn, achoose) if use is _ainvoke else (take_turn, choose)
        graph = SHIM.StateGraph(schema)
        graph.add_node("a", node, input_schema=schema)
        graph.add_edge(SHIM.START, "a")
        graph.add_conditional_edges("a", route, ["a", SHIM.END])
        filled = {f"k{at}": ["x"] for at in range(size)}
        done = work(monkeypatch, graph.compile(), use, **filled)
        return {kind: count / done["steps"] for kind, count in done.items()}

    narrow, wide, wider = map(one_step, SIZES)
    # the router reads one value; the node reads all, but is given anew of a wide state what changed
    assert narrow["values_set"] == 1 + SIZES[0] + 1
    assert wide["values_set"] == wider["values_set"] == 1 + 1


def _check_work(done: list[dict[str, int]]) -> None:
    assert done[0]["steps"] == done[0]["tasks"] == MANY - FEW
    assert done[0]["channels_touched"] > 0 < done[0]["values_set"]
    assert done == [done[0]] * len(SIZES)
