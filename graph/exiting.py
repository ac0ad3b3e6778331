"""Writes to delta channels that are stored when a run ends, and not while it goes on.

They go to the checkpoint the run started from, where the run's last checkpoint finds them. Savers hand
writes out by path or by task id; both are made so that either order is the order of the supersteps.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from langferry.graph.constants import NULL_TASK_ID

Kept = Iterable[tuple[int, str | None, Any, str, Any]]


def exit_delta_task_id(step: int, task_id: str) -> str:
    """Stands for a task of the first superstep, or for the input. Sorts by superstep.

    It is not the task's own id, under which a run that could not be stored to its end would look as
    if the task had finished.
    """
    _, *rest = str(uuid.UUID(task_id)).split("-")
    made = "-".join((f"{step:08d}", *rest))
    return f"{step:08d}-0000-0000-0000-000000000001" if made == NULL_TASK_ID else made


def exit_delta_late_task_id(step: int, task_id: str) -> str:
    """Stands for a task of a later superstep: sorts after all ids of tasks, by superstep."""
    *_, clock, node = str(uuid.UUID(task_id)).split("-")
    return f"ffffffff-{step >> 16:04x}-{step & 0xFFFF:04x}-{clock}-{node}"


def late_writes(kept: Kept, first_step: int | None) -> list[tuple[str, str, list[tuple[str, Any]]]]:
    """Task ids, paths and writes under which a saver stores what a run has kept to its end.

    `kept` has per write: superstep, task id (`None`: the input or a command), path as text, channel
    and value.
    """
    groups: dict[tuple[str, str], list[tuple[str, Any]]] = {}
    for step, task, path, channel, value in kept:
        if task is None:
            key = exit_delta_task_id(step, NULL_TASK_ID), ""
        elif step == first_step:
            key = exit_delta_task_id(step, task), path
        else:
            key = exit_delta_late_task_id(step, task), f"~~{step:010d}{path}"
        groups.setdefault(key, []).append((channel, value))
    return [(task, path, writes) for (task, path), writes in groups.items()]
