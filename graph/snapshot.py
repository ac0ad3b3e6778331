"""Describes where a thread stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from langferry.graph.config import with_map
from langferry.graph.statuses import TaskStatus, read_task_statuses
from langferry.graph.types import StateSnapshot, Task

_NOT_STARTED = TaskStatus()

Pending = Iterable[tuple[str, str, Any]]


class Planned(NamedTuple):
    """A task planned on a checkpoint; `finished` if an earlier run on it has finished the task."""

    id: str
    name: str
    path: tuple[Any, ...]
    finished: bool = False


def snapshot(
    found: Any,
    pending: Sequence[tuple[str, str, Any]],
    tasks: Sequence[Planned],
    values: Any,
    keys: str | Sequence[str],
    states: Mapping[str, Any],
    *,
    live: bool,
) -> StateSnapshot:
    """The state of a thread: a record of a step, or where its newest step stands (`live`)."""
    described = tuple(
        task._replace(state=states.get(task.id))
        for task in describe(tasks, pending, keys, live=live)
    )
    return StateSnapshot(
        values,
        tuple(task.name for task in tasks if not (live and task.finished)),
        with_map(found.config, found.metadata) or {},
        found.metadata,
        found.checkpoint["ts"],
        with_map(found.parent_config, found.metadata),
        described,
        tuple(interrupt for task in described for interrupt in task.interrupts),
    )


def describe(
    tasks: Iterable[Planned], pending: Pending, keys: str | Sequence[str], *, live: bool = False
) -> list[Task]:
    """The tasks of a step, with what earlier attempts at the step made of them.

    `keys` are the channels that show as results, or the one that shows bare. With `live`, a task that has finished has no open question any more.
    """
    statuses = read_task_statuses(pending)
    described = []
    for id, name, path, _ in tasks:
        status = statuses.get(id, _NOT_STARTED)
        asked = status.pending_interrupts if live else status.interrupts
        result = _result(status.output, keys) if status.finished else None
        described.append(Task(id, name, path, status.error, asked, None, result))
    return described


def _result(writes: Iterable[tuple[str, Any]], keys: str | Sequence[str]) -> Any:
    if isinstance(keys, str):
        return _result(writes, [keys]).get(keys)
    several: dict[str, list[Any]] = {}
    for name, value in writes:
        if name in keys:
            several.setdefault(name, []).append(value)
    return {
        name: found[0] if len(found) == 1 else {"$writes": found} for name, found in several.items()
    }
