"""Streamed chunks, in whatever order tasks finish, become events in planned order."""

from typing import Any

import pytest

from langferry.diagnostics import Failure
from langferry.validator.events import (
    Interrupt,
    InterruptValue,
    RunEnd,
    RunStart,
    Task,
    TaskResult,
    TraceError,
    Update,
    Values,
)
from langferry.validator.streams import RunEvents, grouped_writes

START = RunStart(0, "input", {"x": 1})


def planned(step: int, key: str, name: str, triggers: tuple[str, ...] = ("t",)) -> Any:
    payload = {"id": key, "name": name, "input": {"x": 1}, "triggers": triggers}
    return "debug", {"type": "task", "step": step, "payload": payload}


def ended(
    step: int, key: str, name: str, result: Any, error: Any = None, interrupts: Any = ()
) -> Any:
    payload = {
        **{"id": key, "name": name, "result": result},
        **{"error": error, "interrupts": [{"value": one, "id": "i"} for one in interrupts]},
    }
    return "debug", {"type": "task_result", "step": step, "payload": payload}


def gathered(*chunks: Any, error: Exception | None = None) -> list[Any]:
    events = RunEvents(START)
    for mode, payload in chunks:
        events.feed(mode, payload)
    return events.end(error)


def test_what_langgraph_fills_in_is_no_part_of_the_state() -> None:
    events = RunEvents(START, {"remaining_steps"})
    for triggers in (("branch:to:a",), ("__pregel_push",)):
        mode, chunk = planned(1, triggers[0], "a", triggers)
        chunk["payload"]["input"] = {"x": 1, "remaining_steps": 25}
        events.feed(mode, chunk)
    inputs = [event.input for event in events.end(None) if isinstance(event, Task)]
    assert inputs == [{"x": 1}, {"x": 1, "remaining_steps": 25}]


def test_finishing_order_is_put_into_planned_order() -> None:
    assert gathered(
        ("values", {"x": 1}),
        planned(1, "1", "slow", ("b", "a")),
        planned(1, "2", "quick"),
        ("updates", {"quick": {"n": 2}}),
        ended(1, "2", "quick", {"n": 2}),
        ("updates", {"slow": None}),
        ended(1, "1", "slow", {}),
        ("values", {"x": 1, "n": 2}),
    ) == [
        START,
        Values(0, 0, {"x": 1}),
        Task(0, 1, "slow", ["a", "b"], {"x": 1}),
        Task(0, 1, "quick", ["t"], {"x": 1}),
        Update(0, 1, "slow", None),
        TaskResult(0, 1, "slow", [], None, []),
        Update(0, 1, "quick", {"n": 2}),
        TaskResult(0, 1, "quick", [("n", 2)], None, []),
        Values(0, 1, {"x": 1, "n": 2}),
        RunEnd(0, "finished", {"x": 1, "n": 2}, None),
    ]


def test_mixed_updates_of_one_node_find_their_tasks() -> None:
    events = gathered(
        planned(1, "1", "map"),
        planned(1, "2", "map"),
        planned(1, "3", "map"),
        ("updates", {"map": {"n": 3}}),
        ("updates", {"map": None}),
        ended(1, "2", "map", {"hidden": 1}),
        ("updates", {"map": {"n": 1}}),
        ended(1, "1", "map", {"n": 1, "hidden": 5}),
        ended(1, "3", "map", {"n": 3}),
    )
    updates = [event.value for event in events if isinstance(event, Update)]
    assert updates == [{"n": 1}, None, {"n": 3}]


def test_a_channel_written_twice_is_unfolded() -> None:
    events = gathered(
        planned(1, "1", "a"),
        ("updates", {"a": [{"n": 1}, {"m": 5}, {"n": 2}]}),
        ended(1, "1", "a", {"n": {"$writes": [1, 2]}, "m": 5}),
    )
    assert events[2:4] == [
        Update(0, 1, "a", [{"n": 1}, {"m": 5}, {"n": 2}]),
        TaskResult(0, 1, "a", [("n", 1), ("n", 2), ("m", 5)], None, []),
    ]


def test_writes_are_grouped_as_langgraph_groups_them() -> None:
    assert grouped_writes([("a", 1), ("b", 2), ("a", 3)]) == [("a", 1), ("a", 3), ("b", 2)]
    assert grouped_writes([("a", None), ("a", 1)]) == [("a", 1)]
    assert grouped_writes([("a", 1), ("a", None)]) == [("a", 1), ("a", None)]


def test_interrupts_of_a_step_become_one_event_in_planned_order() -> None:
    events = gathered(
        ("values", {"x": 1}),
        planned(4, "1", "a"),
        planned(4, "2", "b"),
        ("updates", {"__interrupt__": ("of b",)}),
        ("values", {"x": 1, "__interrupt__": ("of b",)}),
        ended(4, "2", "b", {}, interrupts=["of b"]),
        ("updates", {"__interrupt__": ("of a",)}),
        ended(4, "1", "a", {}, interrupts=["of a"]),
    )
    asked = [InterruptValue("of a"), InterruptValue("of b")]
    assert events[1] == Values(0, 3, {"x": 1})
    assert events[-2:] == [Interrupt(0, 4, asked), RunEnd(0, "interrupted", {"x": 1}, None)]


def test_a_breakpoint_before_any_task_is_an_interrupt_without_values() -> None:
    events = gathered(("values", {"x": 1}), ("updates", {"__interrupt__": ()}))
    assert events[1:] == [
        Values(0, 0, {"x": 1}),
        Interrupt(0, 0, []),
        RunEnd(0, "interrupted", {"x": 1}, None),
    ]


def test_writes_kept_from_before_an_interrupt_show_as_update_only() -> None:
    events = gathered(
        planned(2, "1", "done"), ("updates", {"done": {"n": 1}, "__metadata__": {"cached": True}})
    )
    assert events[2:-1] == [Update(0, 2, "done", {"n": 1})]


def test_an_error_is_its_class_and_its_text() -> None:
    error = KeyError("body")
    events = gathered(planned(1, "1", "a"), ended(1, "1", "a", {}, error), error=error)
    told = TraceError("KeyError", "'body'")
    assert events[2:] == [TaskResult(0, 1, "a", [], told, []), RunEnd(0, "failed", None, told)]


def test_values_without_tasks_stand_at_the_last_checkpoint() -> None:
    events = gathered(
        ("debug", {"type": "checkpoint", "step": 6, "payload": {}}), ("values", {"x": 1})
    )
    assert events[1] == Values(0, 6, {"x": 1})


@pytest.mark.parametrize(
    "chunks",
    [
        [("updates", {"a": None})],
        [ended(1, "1", "a", {})],
        [planned(1, "1", "a"), ended(1, "2", "a", {})],
        [planned(1, "1", "a"), ("updates", {"b": None})],
    ],
)
def test_chunks_that_do_not_fit_are_refused(chunks: Any) -> None:
    with pytest.raises(Failure, match="LF512"):
        gathered(*chunks)


def test_a_value_without_encoding_is_named_by_its_channel() -> None:
    with pytest.raises(Failure, match=r"LF503: n\[0\] is a builtins.object"):
        gathered(planned(1, "1", "a"), ended(1, "1", "a", {"n": [object()]}))
