"""Keeps a run's checkpoints with any saver that speaks LangGraph's saver protocol.

The engine counts versions; savers name them. Both grow together, so the n-th version the engine
made is the n-th name the saver gave.
"""

import datetime
import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from langferry.graph.config import (
    CHECKPOINT_ID,
    CHECKPOINT_MAP,
    CHECKPOINT_NS,
    REPLAY_STATE,
    patched,
)
from langferry.graph.constants import INTERRUPT, NULL_TASK_ID, START, TASKS
from langferry.graph.errors import Unsupported
from langferry.graph.operations import Call, Steps
from langferry.graph.replay import ReplayState
from langferry.graph.statuses import ERROR, read_task_statuses
from langferry.graph.types import Send

FORMAT = 4
_INPUT = "__input__"
_RESUME = "__resume__"
_SPECIAL = frozenset((ERROR, "__scheduled__", INTERRUPT, _RESUME))

Writes = Sequence[tuple[str, Any]]
Put = tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]


class Saving:
    """One thread's place in a saver, while a run goes on.

    With `at_exit`, checkpoints and writes wait for `flush`.

    Attributes:
        untracked: Keys of the state whose values are never stored, inside a `Send` either.
        looked_up: The checkpoint to go on from is named by its id.
        addressed: The run was told from where to go on, by an id or by an outer run's replay.
        superseded: The thread has gone on from the checkpoint it was addressed by.
    """

    def __init__(
        self,
        saver: Any,
        config: dict[str, Any],
        read_interrupt: Callable[[Any], Any],
        *,
        at_exit: bool = False,
    ) -> None:
        self.saver = saver
        self.parent: dict[str, Any] | None = None
        self.metadata: dict[str, Any] = {}
        self.input: Any = None
        self.pending: list[tuple[str, str, Any]] = []
        self.found: Any = None
        self.superseded = False
        self.untracked: frozenset[str] = frozenset()
        self.replay: ReplayState | None = None
        self.at_exit = at_exit
        self._late: dict[str, Any] | None = None
        self._late_writes: dict[str, tuple[Any, Writes]] = {}
        self._read_interrupt = read_interrupt
        self._names: list[Any] = []
        self._stored: dict[str, Any] = {}
        self._seen: dict[str, dict[str, Any]] = {_INPUT: {}}
        conf = config["configurable"]
        self.parents = conf.get(CHECKPOINT_MAP, {})
        if "thread_id" not in conf and CHECKPOINT_NS not in conf:
            self.config = config
        else:
            conf = {**conf, CHECKPOINT_NS: conf.get(CHECKPOINT_NS, "")}
            if conf.get("thread_id") and not isinstance(conf["thread_id"], str):
                conf["thread_id"] = str(conf["thread_id"])
            if conf[CHECKPOINT_NS] in self.parents:
                conf[CHECKPOINT_ID] = self.parents[conf[CHECKPOINT_NS]]
            self.config = {**config, "configurable": conf}
        conf = self.config["configurable"]
        self.looked_up = bool(conf.get(CHECKPOINT_ID))
        self.addressed = self.looked_up or bool(conf.get(REPLAY_STATE))

    def find(self) -> Steps[None]:
        """Asks the saver for the checkpoint to go on from."""
        conf = self.config["configurable"]
        replay = conf.get(REPLAY_STATE)
        if conf.get(CHECKPOINT_ID):
            self.found = yield Call(self.saver, "get_tuple", (self.config,))
            if self.found is not None:
                anywhere = patched(self.config, checkpoint_id=None)
                latest = yield Call(self.saver, "get_tuple", (anywhere,))
                self.superseded = (
                    latest is not None and latest.checkpoint["id"] != self.found.checkpoint["id"]
                )
        elif replay is not None and replay.visit(conf.get(CHECKPOINT_NS, "")):
            options = {"before": replay.before, "limit": 1}
            earlier = yield Call(self.saver, "list", (self.config,), options)
            self.found = earlier[0] if earlier else None
        else:
            self.found = yield Call(self.saver, "get_tuple", (self.config,))

    def take(self) -> dict[str, Any] | None:
        """What the engine goes on from, given what the saver has found."""
        found = self.found
        if found is None:
            return None
        checkpoint = found.checkpoint
        versions = checkpoint["channel_versions"]
        if checkpoint.get("v", FORMAT) < FORMAT and checkpoint.get("pending_sends"):
            checkpoint["channel_values"][TASKS] = checkpoint.pop("pending_sends")
            versions[TASKS] = max(versions.values())
        all_seen = checkpoint["versions_seen"]
        names = {v for seen in (versions, *all_seen.values()) for v in seen.values()}
        self._names = sorted(names)
        number = {name: at for at, name in enumerate(self._names, 1)}
        self._stored = dict(versions)
        if checkpoint.get("v", FORMAT) < 3:
            raise Unsupported("LF412", "the thread was stored by a version before LangGraph 0.4")
        seen_at_interrupt = all_seen.get(INTERRUPT, {})
        self._seen.update(all_seen)
        self.metadata = dict(found.metadata)
        self.parent = found.parent_config
        self.config = patched(self.config, checkpoint_id=checkpoint["id"])
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

    def checkpoint(self, made: dict[str, Any]) -> Put | None:
        """The arguments by which a saver stores a checkpoint of the engine, unless that can wait."""
        self.metadata = {
            "source": made["source"],
            "step": made["step"],
            "parents": self.parents,
        }
        self.pending = []
        if self.replay is not None and self.replay.checkpoint_id is None:
            self.replay.checkpoint_id = made["id"]
        if self.at_exit:
            self._late, self._late_writes = made, {}
            return None
        return self._put(made)

    def _put(self, made: dict[str, Any]) -> Put:
        highest = max(made["versions"].values(), default=0)
        while len(self._names) < highest:
            last = self._names[-1] if self._names else None
            self._names.append(self.saver.get_next_version(last, None))
        versions = self._named(made["versions"])
        if made["resumed_at"] is not None:
            before = self._seen.get(INTERRUPT, {})
            self._seen[INTERRUPT] = {**before, **self._named(made["resumed_at"])}
        for node, numbers in made["versions_seen"].items():
            self._seen[node] = self._named(numbers)
        if self.untracked and TASKS in made["values"]:
            made["values"][TASKS] = list(map(self._storable, made["values"][TASKS]))
        stored = {
            "v": FORMAT,
            "ts": datetime.datetime.now(datetime.UTC).isoformat(),
            "id": made["id"],
            "channel_values": made["values"],
            "channel_versions": versions,
            "versions_seen": dict(self._seen),
            "updated_channels": (
                None if made["source"] in ("fork", "update") else sorted(made["updated"])
            ),
        }
        changed = {k: v for k, v in versions.items() if self._stored.get(k) != v}
        before, self._stored = self.config, versions
        self.parent = before if before["configurable"].get(CHECKPOINT_ID) else None
        self.config = patched(before, checkpoint_id=made["id"])
        return before, stored, self.metadata, changed

    def _storable(self, send: Any) -> Any:
        """A send without the values that no checkpoint may hold."""
        if not isinstance(send, Send) or not isinstance(send.arg, dict):
            return send
        kept = {key: value for key, value in send.arg.items() if key not in self.untracked}
        return type(send)(send.node, kept, timeout=send.timeout)

    def _named(self, numbers: dict[str, int]) -> dict[str, Any]:
        return {channel: self._names[number - 1] for channel, number in numbers.items()}

    @property
    def shown_config(self) -> dict[str, Any]:
        """The config of the newest checkpoint, stored already or not."""
        if self._late is None:
            return self.config
        return patched(self.config, checkpoint_id=self._late["id"])

    def writes(self, written: tuple[str, Any, Writes]) -> Call | None:
        """How a saver stores what a task wrote, unless that can wait."""
        task, path, writes = written
        if self.at_exit:
            self._late_writes[task] = path, writes
            return None
        if self.untracked:
            kept = (write for write in writes if write[0] not in self.untracked)
            writes = [(c, self._storable(v) if c == TASKS else v) for c, v in kept]
        takes_path = _takes_path(type(self.saver))  # type: ignore[arg-type]
        text = task_path_text(path) if path else ""
        arguments = (self.config, writes, task, *([text] if takes_path else []))
        return Call(self.saver, "put_writes", arguments)

    def forget_answer(self) -> None:
        """Leaves out of what has waited an answer that was used: it answers no other question."""
        if NULL_TASK_ID in self._late_writes:
            path, writes = self._late_writes.pop(NULL_TASK_ID)
            kept = [write for write in writes if write[0] != _RESUME]
            if kept:
                self._late_writes[NULL_TASK_ID] = path, kept

    def flush(self) -> Steps[None]:
        """Stores what has waited for the end of the run."""
        self.at_exit = False
        if self._late is not None:
            made, self._late = self._late, None
            yield Call(self.saver, "put", self._put(made))
        for task, (path, writes) in self._late_writes.items():
            call = self.writes((task, path, writes))
            if call is not None:
                yield call
        self._late_writes = {}

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
        statuses = read_task_statuses(self.pending).values()
        return [interrupt for status in statuses for interrupt in status.pending_interrupts]

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


@functools.lru_cache(maxsize=64)
def _takes_path(saver_type: type) -> bool:
    """Whether savers of a class want to know a task's path with its writes."""
    saver: Any = saver_type
    methods = saver.put_writes, saver.aput_writes
    return all("task_path" in inspect.signature(method).parameters for method in methods)
