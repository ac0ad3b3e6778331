"""What counts as seen is what a trace proves, and no more."""

import pytest

from langferry.validator.coverage import END, START, Coverage, Share, Wiring, covered
from langferry.validator.events import Interrupt, RunEnd, RunStart, Task, TraceEvent

LOOP = Wiring(
    nodes=["write", "review", "publish"],
    edges=[(START, "write"), ("write", "review"), ("publish", END)],
    routes=[("review", "write"), ("review", "publish"), ("review", END)],
)


def trace(*steps: str, status: str = "finished", first: int = 1) -> list[TraceEvent]:
    """A run whose supersteps each name their nodes, separated by spaces."""
    events: list[TraceEvent] = [RunStart(0, "input", {})]
    for step, names in enumerate(steps, first):
        events += [Task(0, step, name, [], {}) for name in names.split()]
    return [*events, RunEnd(0, status, {}, None)]  # type: ignore[arg-type]


def seen(wiring: Wiring, *traces: list[TraceEvent]) -> Coverage:
    return covered(traces, wiring)


def test_a_straight_run_covers_what_it_went_through() -> None:
    found = seen(LOOP, trace("write", "review", "publish"))
    assert found.shares["nodes"] == Share(3, 3, [])
    assert found.shares["edges"] == Share(3, 3, [])
    assert found.shares["routes"] == Share(1, 3, ["review → write", "review → END"])
    assert found.percent == pytest.approx(100 * 7 / 9)


def test_a_router_that_led_nowhere_else_led_to_the_end() -> None:
    found = seen(LOOP, trace("write", "review"))
    assert found.shares["routes"].missed == ["review → write", "review → publish"]


@pytest.mark.parametrize("status", ["failed", "interrupted"])
def test_what_a_run_broke_off_at_led_nowhere(status: str) -> None:
    found = seen(LOOP, trace("write", "review", status=status))
    assert found.shares["routes"].seen == 0
    assert found.shares["edges"].missed == ["publish → END"]


def test_an_interrupted_run_goes_on_in_the_same_steps() -> None:
    first = trace("write", "review", status="interrupted")[:-1]
    asked: list[TraceEvent] = [
        *first,
        RunEnd(0, "interrupted", {}, None),
        RunStart(1, "resume", "yes"),
        Task(1, 2, "review", [], {}),
        Task(1, 3, "publish", [], {}),
        RunEnd(1, "finished", {}, None),
    ]
    found = seen(LOOP, asked)
    assert ("review", "publish") in found.ways
    assert found.interrupts == 1


def test_runs_of_their_own_are_not_taken_together() -> None:
    assert seen(LOOP, [*trace("write", status="failed"), *trace("write", "review")]).ways == [
        (START, "write"),
        ("review", END),
        ("write", "review"),
    ]


def test_a_second_input_on_a_thread_begins_at_start() -> None:
    found = seen(LOOP, [*trace("write", "review"), *trace("write", "review", first=4)])
    assert (START, "write") in found.ways


def test_a_way_that_something_else_explains_is_not_counted() -> None:
    wiring = Wiring(
        nodes=["a", "b", "c"],
        edges=[(START, "a"), (START, "b"), ("a", "c")],
        routes=[("b", "c"), ("b", END)],
    )
    found = seen(wiring, trace("a b", "c"))
    assert found.shares["routes"] == Share(0, 2, ["b → c", "b → END"])
    assert ("a", "c") in found.ways


def test_a_router_that_may_lead_anywhere_makes_others_doubtful() -> None:
    wiring = Wiring(["a", "b"], [(START, "a")], [("a", "b")], open_routers=["a"])
    found = seen(wiring, trace("a", "b"))
    assert found.shares["routes"].seen == 0
    assert found.open_routers == ["a"]


def test_pauses_are_told_by_what_ran_around_them() -> None:
    wiring = Wiring(["a", "b"], [(START, "a"), ("a", "b")], pauses=["before b", "after b"])
    events: list[TraceEvent] = [
        RunStart(0, "input", {}),
        Task(0, 1, "a", [], {}),
        Interrupt(0, 1, []),
        RunEnd(0, "interrupted", {}, None),
        RunStart(1, "resume", None),
        Task(1, 2, "b", [], {}),
        RunEnd(1, "finished", {}, None),
    ]
    assert seen(wiring, events).shares["pauses"] == Share(1, 2, ["after b"])


def test_without_the_graph_only_what_ran_is_known() -> None:
    found = covered([trace("write", status="failed")], None)
    assert found == Coverage(["write"], interrupts=0, errors=1)
    assert found.percent is None
