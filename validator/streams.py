"""Puts the chunks that a graph streams into the events of a trace.

Chunks come as modes `debug`, `values` and `updates` give them, in finishing order; events go out in
planned order, superstep by superstep.
"""

from collections.abc import Collection, Iterable
from typing import Any

from langferry.diagnostics import Failure
from langferry.validator.encoding import encode
from langferry.validator.events import (
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

MODES = ["debug", "values", "updates"]
_INTERRUPT = "__interrupt__"
_METADATA = "__metadata__"
_SENT = ("__pregel_push",)


class RunEvents:
    """Gathers the events of one run.

    Args:
        start: how the run is called.
        managed: the keys that LangGraph fills in what nodes read (`remaining_steps`). They are no part of
            the state, and a version need not hand them to nodes as if they were: they are left out.
    """

    def __init__(self, start: RunStart, managed: Collection[str] = ()) -> None:
        self._run = start.run
        self._managed = managed
        self._events: list[TraceEvent] = [start]
        self._before_tasks: list[Any] = []
        self._last_checkpoint = 0
        self._step: _Superstep | None = None
        self._interrupted = False
        self._output: Any = None

    def feed(self, mode: str, payload: Any) -> None:
        """Take one chunk of the stream.

        Raises:
            Failure: LF503, a value in it has no encoding.
        """
        if mode == "debug":
            self._debug(payload)
        elif mode == "updates":
            self._updates(payload)
        elif mode == "values" and not (isinstance(payload, dict) and _INTERRUPT in payload):
            self._output = encode(payload, ("values",))
            if self._step is None:
                self._before_tasks.append(self._output)
            else:
                self._step.values.append(self._output)

    def end(self, error: Exception | None) -> list[TraceEvent]:
        """The run's events, now that the stream has ended or raised `error`.

        Raises:
            Failure: LF512, the chunks do not fit each other.
        """
        self._close_step(self._last_checkpoint)
        if error is not None:
            end = RunEnd(self._run, "failed", None, _error(error))
        elif self._interrupted:
            end = RunEnd(self._run, "interrupted", self._output, None)
        else:
            end = RunEnd(self._run, "finished", self._output, None)
        return [*self._events, end]

    def _debug(self, chunk: dict[str, Any]) -> None:
        payload = chunk["payload"]
        if chunk["type"] == "checkpoint":
            if self._step is None:
                self._last_checkpoint = chunk["step"]
        elif chunk["type"] == "task":
            if self._step is None or self._step.number != chunk["step"]:
                self._close_step(chunk["step"] - 1)
                self._step = _Superstep(self._run, chunk["step"], self._managed)
            self._step.plan(payload)
        elif self._step is None:
            raise Failure("LF512", f"a result of {payload['name']!r} came before any task")
        else:
            self._step.finish(payload)

    def _updates(self, chunk: dict[str, Any]) -> None:
        for node, value in chunk.items():
            if node == _INTERRUPT:
                self._interrupted = True
            elif node != _METADATA and self._step is None:
                raise Failure("LF512", f"an update of {node!r} came before any task")
            elif node != _METADATA and self._step is not None:
                self._step.updates.append((node, encode(value)))

    def _close_step(self, before: int) -> None:
        """Write out the superstep that is over; `before` numbers the one before the first."""
        if self._step is not None:
            self._events += self._step.events(self._interrupted)
        else:
            self._events += [Values(self._run, before, value) for value in self._before_tasks]
            if self._interrupted:
                self._events.append(Interrupt(self._run, before, []))


class _Superstep:
    def __init__(self, run: int, number: int, managed: Collection[str]) -> None:
        self.number = number
        self.updates: list[tuple[str, Any]] = []
        self.values: list[Any] = []
        self._run = run
        self._managed = managed
        self._tasks: dict[str, Task] = {}
        self._results: dict[str, TaskResult] = {}

    def plan(self, payload: dict[str, Any]) -> None:
        name, given = payload["name"], payload["input"]
        # what a Send gives is the program's own, whatever it is called
        if isinstance(given, dict) and tuple(payload["triggers"]) != _SENT:
            given = {key: value for key, value in given.items() if key not in self._managed}
        self._tasks[payload["id"]] = Task(
            run=self._run,
            step=self.number,
            name=name,
            triggers=sorted(payload["triggers"]),
            input=encode(given, (name, "input")),
        )

    def finish(self, payload: dict[str, Any]) -> None:
        name = payload["name"]
        if payload["id"] not in self._tasks:
            raise Failure("LF512", f"{name!r} ended in step {self.number} without being planned")
        self._results[payload["id"]] = TaskResult(
            run=self._run,
            step=self.number,
            name=name,
            writes=[
                (channel, encode(value, (channel,)))
                for channel, value in _writes(payload["result"] or {})
            ],
            error=None if payload["error"] is None else _error(payload["error"]),
            interrupts=[
                InterruptValue(encode(one["value"], (name, "interrupt")))
                for one in payload["interrupts"]
            ],
        )

    def events(self, interrupted: bool) -> list[TraceEvent]:
        updates = self._updates_by_task()
        events: list[TraceEvent] = list(self._tasks.values())
        for key, task in self._tasks.items():
            if key in updates:
                events.append(Update(self._run, self.number, task.name, updates[key]))
            if key in self._results:
                events.append(self._results[key])
        if interrupted:
            asked = [
                one
                for key in self._tasks
                if key in self._results
                for one in self._results[key].interrupts
            ]
            events.append(Interrupt(self._run, self.number, asked))
        events += [Values(self._run, self.number, value) for value in self.values]
        return events

    def _updates_by_task(self) -> dict[str, Any]:
        """Which task every update is of. The stream names its node only, and threads of one step
        may have mixed their chunks, so tasks of one node are told apart by what they wrote."""
        found: dict[str, Any] = {}
        for node, update in self.updates:
            open_tasks = [
                key for key, task in self._tasks.items() if task.name == node and key not in found
            ]
            if not open_tasks:
                step = self.number
                raise Failure("LF512", f"an update of {node!r} fits no task of step {step}")
            found[max(open_tasks, key=lambda key: self._likeness(key, update))] = update
        return found

    def _likeness(self, key: str, update: Any) -> tuple[bool, int]:
        """How well a task's writes fit an update, which may lack channels that are no output."""
        shown = _pairs(update)
        channels = {channel for channel, _ in shown}
        result = self._results.get(key)
        writes = result.writes if result is not None else []
        common = [write for write in writes if write[0] in channels]
        return _grouped(common) == _grouped(shown), -len(writes)


def grouped_writes(writes: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Writes as LangGraph's stream can tell them: those of one channel stand together, and a None
    that the same channel is written over at once is gone."""
    groups: dict[str, list[Any]] = {}
    for channel, value in _unfolded(writes):
        group = groups.setdefault(channel, [])
        if group == [None]:
            group.clear()
        group.append(value)
    return [(channel, value) for channel, group in groups.items() for value in group]


def _grouped(writes: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return sorted(grouped_writes(writes), key=lambda write: write[0])


def _unfolded(writes: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for channel, value in writes:
        if isinstance(value, dict) and value.keys() == {"$writes"}:
            for one in value["$writes"]:
                yield channel, one
        else:
            yield channel, value


def _writes(result: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    return _unfolded(result.items())


def _pairs(update: Any) -> list[tuple[str, Any]]:
    if isinstance(update, list):
        return [pair for one in update for pair in _pairs(one)]
    return list(update.items()) if isinstance(update, dict) else []


def _error(error: Any) -> TraceError:
    if isinstance(error, BaseException):
        return TraceError(type(error).__name__, str(error))
    return TraceError("", str(error))
