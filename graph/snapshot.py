"""Describes where a thread stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from langferry.graph.channels import Channel
from langferry.graph.constants import NULL_TASK_ID
from langferry.graph.saving import task_path_text
from langferry.graph.types import StateSnapshot, Task

_CONTROL = frozenset(("__error__", "__error_source_node__", "__interrupt__", "__resume__"))

Pending = Iterable[tuple[str, str, Any]]
PlannedTask = tuple[str, str, tuple[Any, ...]]


def snapshot(
    found: Any,
    pending: Sequence[tuple[str, str, Any]],
    planned: tuple[int, Any, list[PlannedTask]],
    channels: dict[str, Channel],
) -> StateSnapshot:
    """The state of a thread: finished tasks count, whether or not their step is complete."""
    _, values, tasks = planned
    outputs = _outputs(pending)
    for task, _, _ in sorted(tasks, key=lambda task: task_path_text(task[2])):
        for channel, value in outputs.get(task, ()):
            if channel in channels and isinstance(values, dict):
                values[channel] = _written(channels[channel], values, channel, value)
    described = tuple(
        task._replace(interrupts=()) if task.id in outputs else task
        for task in describe(tasks, pending, channels)
    )
    return StateSnapshot(
        values,
        tuple(name for id, name, _ in tasks if id not in outputs),
        found.config,
        found.metadata,
        found.checkpoint["ts"],
        found.parent_config,
        described,
        tuple(interrupt for task in described for interrupt in task.interrupts),
    )


def describe(tasks: Iterable[PlannedTask], pending: Pending, channels: Iterable[str]) -> list[Task]:
    """The tasks of a step, with what earlier attempts at the step made of them."""
    outputs = _outputs(pending)
    interrupts: dict[str, tuple[Any, ...]] = {}
    errors: dict[str, Any] = {}
    for task, channel, value in pending:
        if channel == "__interrupt__":
            interrupts[task] = tuple(value)
        elif channel == "__error__":
            errors.setdefault(task, value)
    keys = set(channels)
    return [
        Task(
            id,
            name,
            path,
            errors.get(id),
            interrupts.get(id, ()),
            None,
            _result(outputs[id], keys) if id in outputs else None,
        )
        for id, name, path in tasks
    ]


def _outputs(pending: Pending) -> dict[str, list[tuple[str, Any]]]:
    outputs: dict[str, list[tuple[str, Any]]] = {}
    for task, channel, value in pending:
        if task != NULL_TASK_ID and channel not in _CONTROL:
            outputs.setdefault(task, []).append((channel, value))
    return outputs


def _written(channel: Channel, values: dict[str, Any], name: str, value: Any) -> Any:
    if channel.reducer is None or name not in values:
        return value
    return channel.reducer(values[name], value)


def _result(writes: list[tuple[str, Any]], keys: set[str]) -> dict[str, Any]:
    several: dict[str, list[Any]] = {}
    for name, value in writes:
        if name in keys:
            several.setdefault(name, []).append(value)
    return {
        name: found[0] if len(found) == 1 else {"$writes": found} for name, found in several.items()
    }
