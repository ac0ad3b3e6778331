"""Compares two traces of one case and tells of the first event in which they differ."""

from collections import Counter
from typing import Any, TypeVar

import msgspec

from langferry.validator.canonical import canonical, failed_together
from langferry.validator.events import (
    Interrupt,
    RunEnd,
    Task,
    TaskResult,
    TraceError,
    TraceEvent,
    Update,
    Values,
)
from langferry.validator.paths import Path, written
from langferry.validator.values import (
    ABSENT,
    Difference,
    differs_in_type_only,
    first_difference,
    same,
    shown,
)

E = TypeVar("E", bound=Task | TaskResult | Update)


class Divergence(msgspec.Struct, frozen=True):
    """The first event in which two traces differ.

    Attributes:
        cause: the code of what is likely wrong.
        event: the kind of event that differs.
        run: the run, from 0.
        step: the superstep; None outside of one.
        task: the node; None when no one task is meant.
        path: where in the state or value, e.g. `log[3]`; empty when the whole event is meant.
        expected: what LangGraph has there, as Python writes it; None for nothing.
        actual: what the other engine has there; None for nothing.
        equal_events: how many events were equal before.
        after: the last event that was equal, in words.
        sources: the nodes that ran in the step before; what they lead to depends on them.
    """

    cause: str
    event: str
    run: int
    step: int | None
    task: str | None
    path: str
    expected: str | None
    actual: str | None
    equal_events: int
    after: str
    sources: list[str] = []

    @property
    def channel(self) -> str | None:
        """The channel that `path` leads into."""
        return self.path.replace("[", ".").split(".")[0] or None


class _Finding(msgspec.Struct, frozen=True):
    cause: str
    path: Path = ()
    expected: str | None = None
    actual: str | None = None
    task: str | None = None


def first_divergence(expected: list[TraceEvent], actual: list[TraceEvent]) -> Divergence | None:
    """The first event in which `actual` differs from `expected`; None when they are equal.

    Both begin with their headers, which are not compared.
    """
    left, right = canonical(expected)[1:], canonical(actual)[1:]
    for position in range(max(len(left), len(right))):
        one = left[position] if position < len(left) else None
        other = right[position] if position < len(right) else None
        if one is None or other is None or not same(one, other):
            pair = _Pair(left, right, expected, actual)
            return pair.divergence(position, one, other)
    return None


class _Pair:
    """Two traces that differ, taken apart by task."""

    def __init__(
        self,
        left: list[TraceEvent],
        right: list[TraceEvent],
        full_left: list[TraceEvent],
        full_right: list[TraceEvent],
    ) -> None:
        self._left, self._right = left, right
        self._full_left, self._full_right = full_left, full_right

    def divergence(
        self, position: int, one: TraceEvent | None, other: TraceEvent | None
    ) -> Divergence:
        first: Any = one if one is not None else other
        run = getattr(first, "run", 0)
        step = getattr(first, "step", None)
        if isinstance(one, Task | TaskResult | Update | Values | Interrupt | RunEnd):
            other_step = getattr(other, "step", None)
            if step is None or (
                other_step is not None and getattr(other, "run", run) == run and other_step < step
            ):
                step = other_step
        if step is None:
            step = _last_step(self._left[:position], run)
        finding = self._finding(one, other, run, step)
        return Divergence(
            cause=finding.cause,
            event=_kind(first),
            run=run,
            step=step,
            task=finding.task,
            path=written(finding.path),
            expected=finding.expected,
            actual=finding.actual,
            equal_events=position,
            after=_in_words(self._left[position - 1]) if position else "nothing",
            sources=_names(self._left, run, None if step is None else step - 1),
        )

    def _finding(
        self, one: TraceEvent | None, other: TraceEvent | None, run: int, step: int | None
    ) -> _Finding:
        if isinstance(one, Task) or isinstance(other, Task):
            return self._planning(one, other, run, step)
        if isinstance(one, TaskResult | Update) or isinstance(other, TaskResult | Update):
            return self._outcome(one, other, run, step)
        if isinstance(one, Interrupt) or isinstance(other, Interrupt):
            return _interrupts(
                one.interrupts if isinstance(one, Interrupt) else None,
                other.interrupts if isinstance(other, Interrupt) else None,
            )
        if isinstance(one, RunEnd) or isinstance(other, RunEnd):
            return self._ending(one, other, run)
        if isinstance(one, Values) and isinstance(other, Values) and one.step == other.step:
            return _state(one.value, other.value)
        return _whole(one, other)

    def _planning(
        self, one: TraceEvent | None, other: TraceEvent | None, run: int, step: int | None
    ) -> _Finding:
        if (
            isinstance(one, Task)
            and isinstance(other, Task)
            and (one.step, one.name) == (other.step, other.name)
        ):
            if one.triggers != other.triggers:
                triggers = ", ".join(one.triggers), ", ".join(other.triggers)
                return _Finding("LF528", (), *triggers, one.name)
            found = first_difference(one.input, other.input) or Difference((), ABSENT, ABSENT)
            return _value_finding("LF529", found, one.name)
        for event, theirs, cause in ((one, other, "LF532"), (other, one, "LF533")):
            if isinstance(event, RunEnd) and event.error is not None and theirs is not None:
                said = _error_text(event.error)
                sides = (said, None) if event is one else (None, said)
                return _Finding(cause, (), sides[0], sides[1])
        expected, actual = _names(self._left, run, step), _names(self._right, run, step)
        texts = (", ".join(expected) or None, ", ".join(actual) or None)
        if missing := _excess(expected, actual):
            return _Finding("LF525", (), *texts, missing[0])
        if extra := _excess(actual, expected):
            return _Finding("LF526", (), *texts, extra[0])
        moved = next((a for a, b in zip(expected, actual, strict=False) if a != b), None)
        return _Finding("LF527", (), *texts, moved)

    def _outcome(
        self, one: TraceEvent | None, other: TraceEvent | None, run: int, step: int | None
    ) -> _Finding:
        key = self._first_task(one, other, run, step)
        name = key[0]
        left = _by_task(self._left, run, step, TaskResult).get(key)
        right = _by_task(self._right, run, step, TaskResult).get(key)
        if left is None or right is None:
            ends = (_end(self._left, run), _end(self._right, run))
            if any(end is not None and end.error is not None for end in ends):
                return self._ending(*ends, run=run, task=name)
            return _whole(one, other, name)
        if left.error != right.error:
            return _errors(left.error, right.error, name)
        if not same(left.interrupts, right.interrupts):
            return _interrupts(left.interrupts, right.interrupts, name)
        if not same(left.writes, right.writes):
            return _writes(left.writes, right.writes, name)
        update = _by_task(self._left, run, step, Update).get(key)
        other_update = _by_task(self._right, run, step, Update).get(key)
        if update is not None and other_update is not None:
            found = first_difference(update.value, other_update.value)
            if found is not None:
                return _value_finding("LF539", found, name)
        return _whole(one, other, name)

    def _first_task(
        self, one: TraceEvent | None, other: TraceEvent | None, run: int, step: int | None
    ) -> tuple[str, int]:
        """Which of the step's tasks the two events are about; the one planned first if of two."""
        keys = []
        for event, trace in ((one, self._left), (other, self._right)):
            if isinstance(event, TaskResult | Update) and (event.run, event.step) == (run, step):
                kept = _by_task(trace, run, step, type(event))
                keys.append(next(key for key, value in kept.items() if value is event))
        planned = list(_by_task(self._left, run, step, Task))
        return min(keys, key=lambda key: planned.index(key) if key in planned else len(planned))

    def _ending(
        self,
        one: TraceEvent | None,
        other: TraceEvent | None,
        run: int,
        task: str | None = None,
    ) -> _Finding:
        if isinstance(one, RunEnd) and isinstance(other, RunEnd):
            if one.error != other.error:
                both = one.error is not None and other.error is not None
                if both and (
                    failed_together(self._full_left, run) or failed_together(self._full_right, run)
                ):
                    texts = _error_text(one.error), _error_text(other.error)
                    return _Finding("LF538", (), *texts, task)
                return _errors(one.error, other.error, task)
            if one.status != other.status:
                cause = "LF534" if one.status == "interrupted" else "LF535"
                return _Finding(cause, (), one.status, other.status, task)
            return _state(one.output, other.output)
        error = getattr(one, "error", None), getattr(other, "error", None)
        if error != (None, None):
            return _errors(*error, task)
        return _whole(one, other, task)


def _writes(expected: list[tuple[str, Any]], actual: list[tuple[str, Any]], task: str) -> _Finding:
    left, right = [channel for channel, _ in expected], [channel for channel, _ in actual]
    if missing := _excess(left, right):
        value = [value for channel, value in expected if channel == missing[0]][-1]
        return _Finding("LF520", (missing[0],), shown(value), None, task)
    if extra := _excess(right, left):
        value = [value for channel, value in actual if channel == extra[0]][-1]
        return _Finding("LF521", (extra[0],), None, shown(value), task)
    if sorted(map(_text, expected)) == sorted(map(_text, actual)):
        moved = next(a for a, b in zip(expected, actual, strict=True) if not same(a, b))
        texts = ", ".join(left), ", ".join(right)
        if left == right:
            texts = _values_text(expected, moved[0]), _values_text(actual, moved[0])
        return _Finding("LF522", (moved[0],), *texts, task)
    by_channel = sorted(expected, key=lambda write: left.index(write[0]))
    others = sorted(actual, key=lambda write: left.index(write[0]))
    for (channel, value), (_, other) in zip(by_channel, others, strict=True):
        found = first_difference(value, other, (channel,))
        if found is not None:
            return _value_finding("LF523", found, task)
    raise AssertionError("writes that differ have a difference")


def _values_text(writes: list[tuple[str, Any]], channel: str) -> str:
    return ", ".join(str(shown(value)) for name, value in writes if name == channel)


def _interrupts(expected: Any, actual: Any, task: str | None = None) -> _Finding:
    left = None if expected is None else [one.value for one in expected]
    right = None if actual is None else [one.value for one in actual]
    if left is not None and right is not None and len(left) == len(right):
        found = first_difference(left, right)
        if found is not None:
            inner = Difference(found.path[1:], found.expected, found.actual, found.order_only)
            return _value_finding("LF536", inner, task)
    fewer = left is None or (right is not None and len(left) < len(right))
    cause = "LF535" if fewer else "LF534"
    return _Finding(cause, (), _asked(left), _asked(right), task)


def _asked(values: list[Any] | None) -> str | None:
    return None if values is None else shown(values)


def _errors(expected: TraceError | None, actual: TraceError | None, task: str | None) -> _Finding:
    if actual is None:
        cause = "LF532"
    elif expected is None:
        cause = "LF533"
    else:
        cause = "LF530" if expected.type != actual.type else "LF531"
    return _Finding(cause, (), _error_text(expected), _error_text(actual), task)


def _state(expected: Any, actual: Any) -> _Finding:
    found = first_difference(expected, actual)
    return _value_finding("LF537", found or Difference((), ABSENT, ABSENT), None)


def _value_finding(cause: str, found: Difference, task: str | None) -> _Finding:
    if found.order_only:
        texts = f"keys {', '.join(found.expected)}", f"keys {', '.join(found.actual)}"
        return _Finding(cause, found.path, *texts, task)
    if cause == "LF523" and differs_in_type_only(found.expected, found.actual):
        cause = "LF524"
    return _Finding(cause, found.path, shown(found.expected), shown(found.actual), task)


def _whole(one: Any, other: Any, task: str | None = None) -> _Finding:
    expected = None if one is None else _in_words(one)
    actual = None if other is None else _in_words(other)
    return _Finding("LF539", (), expected, actual, task)


def _by_task(
    trace: list[TraceEvent], run: int, step: int | None, kind: type[E]
) -> dict[tuple[str, int], E]:
    """The events of one kind in a step, by node and by how many of that node came before."""
    found: dict[tuple[str, int], E] = {}
    count: Counter[str] = Counter()
    for event in trace:
        if isinstance(event, kind) and (event.run, event.step) == (run, step):
            name = event.node if isinstance(event, Update) else event.name
            found[name, count[name]] = event
            count[name] += 1
    return found


def _names(trace: list[TraceEvent], run: int, step: int | None) -> list[str]:
    return [e.name for e in trace if isinstance(e, Task) and (e.run, e.step) == (run, step)]


def _excess(names: list[str], others: list[str]) -> list[str]:
    left = Counter(others)
    excess = []
    for name in names:
        if left[name]:
            left[name] -= 1
        else:
            excess.append(name)
    return excess


def _end(trace: list[TraceEvent], run: int) -> RunEnd | None:
    return next((e for e in trace if isinstance(e, RunEnd) and e.run == run), None)


def _last_step(trace: list[TraceEvent], run: int) -> int | None:
    steps = [e.step for e in trace if isinstance(e, Task) and e.run == run]
    return steps[-1] if steps else None


def _text(value: Any) -> bytes:
    return msgspec.json.encode(value)


def _error_text(error: TraceError | None) -> str | None:
    return None if error is None else f"{error.type}: {error.message}"


def _kind(event: Any) -> str:
    return str(event.__struct_config__.tag)


def _in_words(event: Any) -> str:
    """An event in a few words, as in "update of draft in step 3 of run 0"."""
    node = getattr(event, "node", None) or getattr(event, "name", None)
    of_node = f" of {node}" if node else ""
    step = getattr(event, "step", None)
    in_step = f" in step {step}" if step is not None else ""
    return f"{_kind(event)}{of_node}{in_step} of run {event.run}"
