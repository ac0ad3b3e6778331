"""Every way in which two traces can differ is told by its cause, step, task and path."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from langferry.validator.diff import first_divergence
from langferry.validator.events import (
    Header,
    Interrupt,
    InterruptValue,
    RunEnd,
    RunStart,
    Task,
    TaskResult,
    TraceError,
    TraceEvent,
    Update,
    Values,
)

Trace = list[TraceEvent]


def step(number: int, values: Any, **writes_of: list[tuple[str, Any]]) -> Trace:
    """A superstep of the named nodes with their writes, and the state after it."""
    planned: Trace = [Task(0, number, name, [f"branch:to:{name}"], {"x": 1}) for name in writes_of]
    for name, writes in writes_of.items():
        planned.append(Update(0, number, name, dict(writes) or None))
        planned.append(TaskResult(0, number, name, writes, None, []))
    return [*planned, Values(0, number, values)]


def trace(engine: str = "langgraph") -> Trace:
    return [
        Header(1, engine, "1", "p.py", "c"),
        RunStart(0, "input", {"x": 1}),
        Values(0, 0, {"x": 1}),
        *step(
            1,
            {"x": 1, "log": ["a", "b"], "n": 2},
            first=[("n", 2), ("log", ["a"])],
            second=[("log", ["b"])],
        ),
        *step(2, {"x": 1, "log": ["a", "b", "c"], "n": 3}, third=[("n", 3), ("log", ["c"])]),
        RunEnd(0, "finished", {"x": 1, "log": ["a", "b", "c"], "n": 3}, None),
    ]


def failed(error: TraceError, task: str = "third") -> Trace:
    start = trace()[:11]
    result = TaskResult(0, 2, task, [], error, [])
    return [*start, result, RunEnd(0, "failed", None, error)]


def interrupted(value: Any) -> Trace:
    start = trace()[:11]
    asked = [InterruptValue(value)]
    return [
        *start,
        TaskResult(0, 2, "third", [], None, asked),
        Interrupt(0, 2, asked),
        RunEnd(0, "interrupted", {"x": 1, "log": ["a", "b"], "n": 2}, None),
    ]


def with_writes(name: str, change: Callable[[list[tuple[str, Any]]], Any]) -> Trace:
    """The trace in which `name` makes other writes, shown in its update as well."""
    changed: Trace = []
    for event in trace("crate"):
        if isinstance(event, TaskResult | Update):
            node = event.node if isinstance(event, Update) else event.name
            if node == name:
                old = event.writes if isinstance(event, TaskResult) else list(event.value.items())
                new = change(list(old))
                if isinstance(event, Update):
                    event = msgspec.structs.replace(event, value=dict(new) or None)
                else:
                    event = msgspec.structs.replace(event, writes=new)
        changed.append(event)
    return changed


def test_the_helper_builds_what_it_says() -> None:
    assert isinstance(trace()[10], Task)
    assert trace()[10].name == "third"  # type: ignore[union-attr]


def test_equal_traces_have_no_divergence() -> None:
    assert first_divergence(trace(), trace("crate")) is None


def told(expected: Trace, actual: Trace) -> tuple[Any, ...]:
    found = first_divergence(expected, actual)
    assert found is not None
    return (found.cause, found.step, found.task, found.path, found.expected, found.actual)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda w: w[1:], ("LF520", 1, "first", "n", "2", None)),
        (lambda w: w[:1], ("LF520", 1, "first", "log", "['a']", None)),
        (lambda w: [*w, ("x", 9)], ("LF521", 1, "first", "x", None, "9")),
        (lambda w: w[::-1], ("LF522", 1, "first", "n", "n, log", "log, n")),
        (lambda w: [("n", 5), w[1]], ("LF523", 1, "first", "n", "2", "5")),
        (lambda w: [w[0], ("log", ["z"])], ("LF523", 1, "first", "log[0]", "'a'", "'z'")),
        (lambda w: [w[0], ("log", ["a", "z"])], ("LF523", 1, "first", "log[1]", None, "'z'")),
        (lambda w: [w[0], ("log", [])], ("LF523", 1, "first", "log[0]", "'a'", None)),
        (lambda w: [("n", 2.0), w[1]], ("LF524", 1, "first", "n", "2", "2.0")),
        (lambda w: [("n", "2"), w[1]], ("LF524", 1, "first", "n", "2", "'2'")),
        (
            lambda w: [w[0], ("log", {"$type": "tuple", "items": ["a"]})],
            ("LF524", 1, "first", "log", "['a']", "('a',)"),
        ),
    ],
)
def test_writes_that_differ(change: Any, finding: tuple[Any, ...]) -> None:
    assert told(trace(), with_writes("first", change)) == finding


def test_true_is_not_one() -> None:
    expected = with_writes("first", lambda w: [("n", 1), w[1]])
    actual = with_writes("first", lambda w: [("n", True), w[1]])
    assert told(expected, actual) == ("LF524", 1, "first", "n", "1", "True")


def test_a_path_leads_into_dicts_and_dataclasses() -> None:
    def with_amount(amount: Any) -> Trace:
        expense = {"$type": "object", "class": "m.Expense", "fields": {"amount": amount}}
        return with_writes("first", lambda w: [("n", {"by item": [expense]}), w[1]])

    finding = ("LF523", 1, "first", "n['by item'][0].amount", "1.5", "2.5")
    assert told(with_amount(1.5), with_amount(2.5)) == finding


def test_order_of_keys_counts() -> None:
    expected = with_writes("first", lambda w: [("n", {"a": 1, "b": 2}), w[1]])
    actual = with_writes("first", lambda w: [("n", {"b": 2, "a": 1}), w[1]])
    assert told(expected, actual) == ("LF523", 1, "first", "n", "keys a, b", "keys b, a")


def test_two_writes_of_one_channel_that_changed_places() -> None:
    def with_log(*values: str) -> Trace:
        return [
            msgspec.structs.replace(event, writes=[("log", value) for value in values])
            if isinstance(event, TaskResult) and event.name == "third"
            else event
            for event in trace()
        ]

    assert told(with_log("p", "q"), with_log("q", "p")) == (
        *("LF522", 2, "third", "log"),
        *("'p', 'q'", "'q', 'p'"),
    )


def test_writes_of_one_channel_may_be_listed_apart_or_together() -> None:
    def with_order(*writes: tuple[str, Any]) -> Trace:
        return [
            msgspec.structs.replace(event, writes=list(writes))
            if isinstance(event, TaskResult) and event.name == "third"
            else event
            for event in trace()
        ]

    apart = with_order(("log", "p"), ("n", 3), ("log", "q"))
    together = with_order(("log", "p"), ("log", "q"), ("n", 3))
    assert first_divergence(apart, together) is None


def test_a_missing_task() -> None:
    actual = [e for e in trace() if getattr(e, "name", getattr(e, "node", "")) != "second"]
    found = ("LF525", 1, "second", "", "first, second", "first")
    assert told(trace(), actual) == found


def test_a_step_that_is_not_taken() -> None:
    actual = [*trace()[:10], RunEnd(0, "finished", {"x": 1, "log": ["a", "b"], "n": 2}, None)]
    assert told(trace(), actual) == ("LF525", 2, "third", "", "third", None)


def test_an_extra_task() -> None:
    expected = [e for e in trace() if getattr(e, "name", getattr(e, "node", "")) != "second"]
    assert told(expected, trace()) == ("LF526", 1, "second", "", "first", "first, second")


def test_an_extra_step() -> None:
    expected = [*trace()[:10], RunEnd(0, "finished", {"x": 1, "log": ["a", "b"], "n": 2}, None)]
    assert told(expected, trace()) == ("LF526", 2, "third", "", None, "third")


def test_another_node_in_the_same_place_is_missing_and_names_its_sources() -> None:
    actual = [
        msgspec.structs.replace(e, name="other") if isinstance(e, Task) and e.step == 2 else e
        for e in trace()
    ]
    assert told(trace(), actual) == ("LF525", 2, "third", "", "third", "other")
    found = first_divergence(trace(), actual)
    assert found is not None
    assert found.sources == ["first", "second"]


def test_tasks_in_another_order() -> None:
    actual = trace()
    actual[3], actual[4] = actual[4], actual[3]
    found = ("LF527", 1, "first", "", "first, second", "second, first")
    assert told(trace(), actual) == found


def test_another_trigger() -> None:
    actual = [
        msgspec.structs.replace(e, triggers=["join:a+b:third"])
        if isinstance(e, Task) and e.name == "third"
        else e
        for e in trace()
    ]
    found = ("LF528", 2, "third", "", "branch:to:third", "join:a+b:third")
    assert told(trace(), actual) == found


def test_another_input() -> None:
    actual = [
        msgspec.structs.replace(e, input={"x": [2]})
        if isinstance(e, Task) and e.name == "third"
        else e
        for e in trace()
    ]
    assert told(trace(), actual) == ("LF529", 2, "third", "x", "1", "[2]")


def test_another_state_after_equal_writes() -> None:
    actual = [
        msgspec.structs.replace(e, value={"x": 1, "log": ["b"], "n": 2})
        if isinstance(e, Values) and e.step == 1
        else e
        for e in trace()
    ]
    assert told(trace(), actual) == ("LF537", 1, None, "log[0]", "'a'", "'b'")


KEY = TraceError("KeyError", "'x'")


@pytest.mark.parametrize(
    ("expected", "actual", "finding"),
    [
        (
            failed(KEY),
            failed(TraceError("ValueError", "x")),
            ("LF530", 2, "third", "", "KeyError: 'x'", "ValueError: x"),
        ),
        (
            failed(KEY),
            failed(TraceError("KeyError", "x")),
            ("LF531", 2, "third", "", "KeyError: 'x'", "KeyError: x"),
        ),
        (failed(KEY), trace(), ("LF532", 2, "third", "", "KeyError: 'x'", None)),
        (trace(), failed(KEY), ("LF533", 2, "third", "", None, "KeyError: 'x'")),
        (interrupted("a"), trace(), ("LF534", 2, "third", "", "['a']", "[]")),
        (trace(), interrupted("a"), ("LF535", 2, "third", "", "[]", "['a']")),
        (
            interrupted({"q": [1]}),
            interrupted({"q": [2]}),
            ("LF536", 2, "third", "q[0]", "1", "2"),
        ),
    ],
)
def test_errors_and_interrupts(expected: Trace, actual: Trace, finding: tuple[Any, ...]) -> None:
    assert told(expected, actual) == finding


def test_a_run_that_fails_outside_of_tasks() -> None:
    limit = TraceError("GraphRecursionError", "limit of 1")
    actual = [*trace()[:10], RunEnd(0, "failed", None, limit)]
    found = ("LF533", 2, None, "", None, "GraphRecursionError: limit of 1")
    assert told(trace(), actual) == found
    assert told(actual, trace())[0] == "LF532"


def test_which_of_several_tasks_still_ended_is_not_compared() -> None:
    both = [TaskResult(0, 1, name, [], KEY, []) for name in ("first", "second")]
    end = RunEnd(0, "failed", None, KEY)
    start = trace()[:5]
    assert first_divergence([*start, *both, end], [*start, both[1], end]) is None
    assert first_divergence([*start, both[0], end], [*start, *both, end]) is None


def test_several_failures_at_once_are_told_as_such() -> None:
    other = TraceError("ValueError", "v")
    both: Trace = [
        TaskResult(0, 1, "first", [], KEY, []),
        TaskResult(0, 1, "second", [], other, []),
    ]
    start = trace()[:5]
    expected = [*start, *both, RunEnd(0, "failed", None, KEY)]
    actual = [*start, *both, RunEnd(0, "failed", None, other)]
    assert told(expected, actual)[0] == "LF538"


def test_what_was_equal_before_is_told() -> None:
    found = first_divergence(trace(), with_writes("third", lambda w: w[:1]))
    assert found is not None
    assert (found.run, found.event, found.equal_events) == (0, "update", 10)
    assert found.after == "task of third in step 2 of run 0"
    assert found.channel == "log"


def test_a_trace_that_stops_early_differs() -> None:
    found = first_divergence(trace(), trace()[:-1])
    assert found is not None
    assert (found.cause, found.event, found.actual) == ("LF539", "run_end", None)


def test_sent_tasks_of_one_node_are_told_apart() -> None:
    def sends(*values: int) -> Trace:
        tasks: Trace = [Task(0, 1, "map", ["__pregel_push"], v) for v in (1, 2)]
        for value in values:
            tasks.append(Update(0, 1, "map", {"n": value}))
            tasks.append(TaskResult(0, 1, "map", [("n", value)], None, []))
        return [*trace()[:3], *tasks]

    assert told(sends(1, 2), sends(1, 3)) == ("LF523", 1, "map", "n", "2", "3")
