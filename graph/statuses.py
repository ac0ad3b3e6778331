"""How far the tasks of a step have come, read from what was stored of them.

A task that has finished has stored at least one write, if only one that says it wrote nothing. A
task that stopped at a question, or failed before it wrote, has stored only what happened to it.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any

from langferry.graph.constants import INTERRUPT, NULL_TASK_ID

ERROR = "__error__"
CONTROL_WRITES = frozenset((ERROR, "__error_source_node__", INTERRUPT, "__resume__"))
"""Writes that say what happened to a task, and not what it gave."""


@dataclasses.dataclass(frozen=True, slots=True)
class TaskStatus:
    """What is known of one task.

    Attributes:
        output: Its writes as pairs of channel and value, in their order.
        interrupts: The questions it asked last, answered or not.
        error: What it failed with.
    """

    output: tuple[tuple[str, Any], ...] = ()
    interrupts: tuple[Any, ...] = ()
    error: Any = None

    @property
    def finished(self) -> bool:
        """Whether the task has run to its end."""
        return bool(self.output)

    @property
    def pending_interrupts(self) -> tuple[Any, ...]:
        """The questions that wait for an answer."""
        return () if self.finished else self.interrupts


def read_task_statuses(pending: Iterable[tuple[str, str, Any]]) -> dict[str, TaskStatus]:
    """The status of every task that stored something, by id; what a run was given is no task's."""
    outputs: dict[str, list[tuple[str, Any]]] = {}
    interrupts: dict[str, list[Any]] = {}
    errors: dict[str, Any] = {}
    for task, channel, value in pending:
        if task == NULL_TASK_ID:
            continue
        output = outputs.setdefault(task, [])
        if channel == INTERRUPT:
            several = isinstance(value, list | tuple)
            interrupts.setdefault(task, []).extend(value if several else [value])
        elif channel == ERROR:
            errors.setdefault(task, value)
        elif channel not in CONTROL_WRITES:
            output.append((channel, value))
    return {
        task: TaskStatus(tuple(output), tuple(interrupts.get(task, ())), errors.get(task))
        for task, output in outputs.items()
    }
