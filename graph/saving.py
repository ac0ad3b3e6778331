"""Keeps a run's checkpoints with any saver that speaks LangGraph's saver protocol.

The engine counts versions; savers name them. Both grow together, so the n-th version the engine
made is the n-th name the saver gave.
"""

import datetime
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from langferry.graph.constants import INTERRUPT, NULL_TASK_ID, START
from langferry.graph.errors import Unsupported

FORMAT = 4
_INPUT = "__input__"
_RESUME = "__resume__"
_ERROR = "__error__"
_SPECIAL = frozenset((_ERROR, "__scheduled__", INTERRUPT, _RESUME))
_CONTROL = frozenset((_ERROR, "__error_source_node__", INTERRUPT, _RESUME))

Writes = Sequence[tuple[str, Any]]
Put = tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]


class Saving:
    """One thread's place in a saver, while a run goes on."""

    def __init__(
        self, saver: Any, config: dict[str, Any], read_interrupt: Callable[[Any], Any]
    ) -> None:
        self.saver = saver
        self.parent: dict[str, Any] | None = None
        self.metadata: dict[str, Any] = {}
        self.input: Any = None
        self.pending: list[tuple[str, str, Any]] = []
        self._read_interrupt = read_interrupt
        self._names: list[Any] = []
        self._stored: dict[str, Any] = {}
        self._seen_at_interrupt: dict[str, Any] = {}
        conf = config["configurable"]
        if "thread_id" not in conf and "checkpoint_ns" not in conf:
            self.config = config
        else:
            conf = {**conf, "checkpoint_ns": conf.get("checkpoint_ns", "")}
            if conf.get("thread_id") and not isinstance(conf["thread_id"], str):
                conf["thread_id"] = str(conf["thread_id"])
            self.config = {**config, "configurable": conf}

    def take(self, found: Any, *, resuming: bool) -> dict[str, Any] | None:
        """What the engine goes on from, given what the saver found for this thread."""
        if found is None:
            return None
        checkpoint = found.checkpoint
        versions = checkpoint["channel_versions"]
        all_seen = checkpoint["versions_seen"]
        names = {v for seen in (versions, *all_seen.values()) for v in seen.values()}
        self._names = sorted(names)
        number = {name: at for at, name in enumerate(self._names, 1)}
        self._stored = dict(versions)
        if checkpoint.get("v", FORMAT) < 3:
            raise Unsupported("LF412", "the thread was stored by a version before LangGraph 0.4")
        seen_at_interrupt = all_seen.get(INTERRUPT, {})
        self._seen_at_interrupt = dict(versions) if resuming else seen_at_interrupt
        self.metadata = dict(found.metadata)
        self.parent = found.parent_config
        conf = {**self.config["configurable"], "checkpoint_id": checkpoint["id"]}
        self.config = {**self.config, "configurable": conf}
        self.pending = [
            (task, channel, self._read_write(channel, value))
            for task, channel, value in found.pending_writes or ()
        ]
        values = checkpoint["channel_values"]
        self.input = values.get(START)
        return {
            "id": checkpoint["id"],
            "step": found.metadata.get("step", -1),
            "source": found.metadata.get("source", "loop"),
            "values": values,
            "versions": {k: number[v] for k, v in versions.items()},
            "versions_seen": {
                node: {k: number[v] for k, v in seen.items()}
                for node, seen in all_seen.items()
                if node not in (_INPUT, INTERRUPT)
            },
            "interrupt_seen": max((number[v] for v in seen_at_interrupt.values()), default=0),
            "updated": checkpoint.get("updated_channels") or [],
            "pending": self._by_writer(),
        }

    def checkpoint(self, made: dict[str, Any]) -> Put:
        """The arguments by which a saver stores a checkpoint of the engine."""
        highest = max(made["versions"].values(), default=0)
        while len(self._names) < highest:
            last = self._names[-1] if self._names else None
            self._names.append(self.saver.get_next_version(last, None))
        versions = {k: self._names[v - 1] for k, v in made["versions"].items()}
        seen: dict[str, dict[str, Any]] = {_INPUT: {}}
        for node, numbers in made["versions_seen"].items():
            seen[node] = {k: self._names[v - 1] for k, v in numbers.items()}
        if self._seen_at_interrupt:
            seen[INTERRUPT] = self._seen_at_interrupt
        stored = {
            "v": FORMAT,
            "ts": datetime.datetime.now(datetime.UTC).isoformat(),
            "id": made["id"],
            "channel_values": made["values"],
            "channel_versions": versions,
            "versions_seen": seen,
            "updated_channels": sorted(made["updated"]),
        }
        self.metadata = {"source": made["source"], "step": made["step"], "parents": {}}
        changed = {k: v for k, v in versions.items() if self._stored.get(k) != v}
        before, self._stored, self.pending = self.config, versions, []
        self.parent = before if before["configurable"].get("checkpoint_id") else None
        conf = {**before["configurable"], "checkpoint_id": made["id"]}
        self.config = {**before, "configurable": conf}
        return before, stored, self.metadata, changed

    def command(self, writes: Writes) -> Writes:
        """All writes of commands given on this checkpoint, the new ones included.

        Savers keep special writes in places of their own, so those go last.
        """
        kept = [
            (channel, value)
            for task, channel, value in self.pending
            if task == NULL_TASK_ID and channel not in _SPECIAL
        ]
        return [*kept, *sorted(writes, key=lambda write: write[0] in _SPECIAL)]

    def open_interrupts(self) -> list[Any]:
        """The questions that wait for an answer."""
        finished = {task for task, channel, _ in self.pending if channel not in _CONTROL}
        return [
            interrupt
            for task, channel, value in self.pending
            if channel == INTERRUPT and task not in finished
            for interrupt in value
        ]

    def _read_write(self, channel: str, value: Any) -> Any:
        if channel == INTERRUPT:
            several = isinstance(value, list | tuple)
            return [self._read_interrupt(item) for item in (value if several else [value])]
        return value

    def _by_writer(self) -> list[tuple[str | None, list[tuple[str, Any]]]]:
        by_task: dict[str, list[tuple[str, Any]]] = {}
        for task, channel, value in self.pending:
            if channel == _RESUME and not (task != NULL_TASK_ID and isinstance(value, list)):
                value = [value]
            by_task.setdefault(task, []).append((channel, value))
        return [
            (None if task == NULL_TASK_ID else task, writes) for task, writes in by_task.items()
        ]


def task_path_text(path: Any) -> str:
    """A task's path as savers sort it."""
    if isinstance(path, list | tuple):
        return f"~{', '.join(task_path_text(part) for part in path)}"
    return f"{path:010d}" if isinstance(path, int) else str(path)


def takes_path(put_writes: Any) -> bool:
    """Whether a saver wants to know a task's path with its writes."""
    return "task_path" in inspect.signature(put_writes).parameters
