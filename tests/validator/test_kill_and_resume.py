"""What counts as the same end of a case that was gone on with."""

from typing import Any

from langferry.validator.cases import Case, Run
from langferry.validator.events import Header, RunEnd, RunStart, TraceEvent
from langferry.validator.kill_and_resume import _other_end


def _case(seed: int | None = None) -> Case:
    return Case("one", [Run("input", {})], seed=seed)


def _trace(*outputs: Any) -> list[TraceEvent]:
    events: list[TraceEvent] = [Header(1, "langgraph", "1", "p.py", "one")]
    for number, output in enumerate(outputs):
        events.append(RunStart(number, "input", None))
        events.append(RunEnd(number, "finished", output, None))
    return events


def _ends(*outputs: Any) -> list[RunEnd]:
    return [event for event in _trace(*outputs) if isinstance(event, RunEnd)]


def test_ends_are_compared_run_by_run() -> None:
    known = [_ends({"n": 1}, {"n": 2}), _ends({"n": 1}, {"n": 3})]
    assert _other_end(_case(), known, _trace({"n": 1}, {"n": 3})) is None
    found = _other_end(_case(), known, _trace({"n": 1}, {"n": [2]}))
    assert found is not None
    assert (found.cause, found.run) == ("LF514", 1)
    assert (found.expected, found.actual) == ("finished: {'n': 2}", "finished: {'n': [2]}")


def test_what_is_drawn_may_be_drawn_anew() -> None:
    assert _other_end(_case(seed=1), [_ends({"n": 1})], _trace({"n": 2})) is None
