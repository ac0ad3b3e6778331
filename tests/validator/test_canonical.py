"""Only what LangGraph leaves to timing is taken out of a trace."""

from langferry.validator.canonical import canonical, failed_together
from langferry.validator.events import (
    Interrupt,
    InterruptValue,
    RunEnd,
    Task,
    TaskResult,
    TraceError,
    TraceEvent,
    Update,
)

ERROR = TraceError("KeyError", "'x'")


def step(number: int, *names: str) -> list[TraceEvent]:
    return [Task(0, number, name, [], None) for name in names]


def test_results_beside_a_failure_are_taken_out() -> None:
    before = [*step(1, "a", "b"), TaskResult(0, 1, "a", [], None, [])]
    failing: list[TraceEvent] = [*step(2, "c", "d")]
    results: list[TraceEvent] = [
        Update(0, 2, "c", None),
        TaskResult(0, 2, "c", [], None, []),
        TaskResult(0, 2, "d", [], ERROR, []),
        Interrupt(0, 2, [InterruptValue("really?")]),
    ]
    end = RunEnd(0, "failed", None, ERROR)
    assert canonical([*before, *failing, *results, end]) == [*before, *failing, end]


def test_the_result_of_a_task_that_fails_alone_is_kept() -> None:
    events = [
        *step(1, "a"),
        TaskResult(0, 1, "a", [], ERROR, []),
        RunEnd(0, "failed", None, ERROR),
    ]
    assert canonical(events) == events


def test_results_are_kept_when_the_run_fails_after_its_tasks() -> None:
    events = [
        *step(1, "a", "b"),
        TaskResult(0, 1, "a", [("n", 1)], None, []),
        TaskResult(0, 1, "b", [("n", 2)], None, []),
        RunEnd(0, "failed", None, TraceError("InvalidUpdateError", "two writers")),
    ]
    assert canonical(events) == events


def test_several_failures_in_one_step_are_seen() -> None:
    both = [TaskResult(0, 2, name, [], ERROR, []) for name in "ab"]
    assert failed_together(list(both), 0)
    assert not failed_together(list(both), 1)
    assert not failed_together([both[0], TaskResult(0, 3, "b", [], ERROR, [])], 0)
