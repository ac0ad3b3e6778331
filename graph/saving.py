"""Keeps a run's checkpoints with any saver that speaks LangGraph's saver protocol."""

import datetime
import functools
import time
import uuid
from collections.abc import Sequence
from typing import Any, Final

from langferry.graph.config import (
    CHECKPOINT_ID,
    CHECKPOINT_MAP,
    CHECKPOINT_NS,
    REPLAY_STATE,
    patched,
)
from langferry.graph.constants import INTERRUPT, NULL_TASK_ID, START
from langferry.graph.exiting import late_writes
from langferry.graph.operations import Call, Steps
from langferry.graph.replay import ReplayState
from langferry.graph.statuses import read_task_statuses
from langferry.graph.storing import Storing, takes_path, task_path_text
from langferry.graph.versions import INPUT, Versions

FORMAT = 4
COUNTERS = "counters_since_delta_snapshot"
_RESUME = "__resume__"
_NO_DELTAS: Final[frozenset[str]] = frozenset()

Writes = Sequence[tuple[str, Any]]
Put = tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]


class Saving:
    """One thread's place in a saver, while a run goes on.

    With durability `exit`, checkpoints and writes wait for `store_last`.

    Attributes:
        looked_up: The checkpoint to go on from is named by its id.
        addressed: The run was told from where to go on, by an id or by an outer run's replay.
        superseded: The thread has gone on from the checkpoint it was addressed by.
        versions: What the saver calls the versions of channels.
        stub: The id of the empty checkpoint that a thread begun by this run starts with, if it has to.
    """

    def __init__(
        self, saver: Any, config: dict[str, Any], graph: Any, *, durability: str = "sync"
    ) -> None:
        self.saver = saver
        self.parent: dict[str, Any] | None = None
        self.metadata: dict[str, Any] = {}
        self.input: Any = None
        self.pending: list[tuple[str, str, Any]] = []
        self.found: Any = None
        self.superseded = False
        self.replay: ReplayState | None = None
        self.at_exit = durability == "exit"
        self.stub: str | None = None
        plain = graph.face.stores_at_once(saver)
        self._twin = graph.face.native_twin(saver) if plain else None
        self.storing = Storing(
            self._twin or saver,
            beside=durability == "async" and not plain,
            waits=durability == "sync",
            plain=plain,
        )
        self._graph = graph
        self._passed: str | None = None
        self._called: list[tuple[str, Any, Writes]] = []
        self._histories: dict[str, Any] = {}
        engine = graph._engine
        self._deltas = frozenset(engine.deltas) if engine.has_deltas else _NO_DELTAS
        self._takes_path: dict[str, bool] = {}
        self.versions = Versions(saver)
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
        self._begun_at = self.config

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
        elif self._twin is not None:
            self.found = self._twin.get_tuple(self.config)
        else:
            self.found = yield Call(self.saver, "get_tuple", (self.config,))
        yield from self.complete()

    def complete(self) -> Steps[None]:
        """Brings what the saver has found to today's form, and asks for what it does not hold."""
        if self.found is None:
            return
        checkpoint = self.found.checkpoint
        self._graph._migrate_checkpoint(checkpoint)
        self._begun_at = self.config = patched(self.config, checkpoint_id=checkpoint["id"])
        values, versions = checkpoint["channel_values"], checkpoint["channel_versions"]
        implied = [k for k in self._graph._engine.replayed if k in versions and k not in values]
        if implied:
            options = {"config": self.config, "channels": implied}
            history = yield Call(self.saver, "get_delta_channel_history", (), options)
            self._histories = dict(history)

    def take(self) -> dict[str, Any] | None:
        """What the engine goes on from, given what the saver has found."""
        found = self.found
        if found is None:
            return None
        checkpoint = found.checkpoint
        self.metadata = dict(found.metadata)
        self.parent = found.parent_config
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
            **self.versions.read(checkpoint),
            "updated": checkpoint.get("updated_channels") or [],
            "pending": self._by_writer(),
            "counters": found.metadata.get(COUNTERS) or {},
            "histories": self._histories,
        }

    def checkpoint(self, made: dict[str, Any]) -> Put | None:
        """The arguments by which a saver stores a checkpoint of the engine, unless that can wait."""
        self.metadata = {
            "source": made["source"],
            "step": made["step"],
            "parents": self.parents,
        }
        if counters := made.get("counters"):
            self.metadata[COUNTERS] = counters
        self.pending = []
        if self.replay is not None and self.replay.checkpoint_id is None:
            self.replay.checkpoint_id = made["id"]
        if self.at_exit:
            self._passed = made["id"]
            self._called.clear()
            return None
        return self._put(made)

    def _put(self, made: dict[str, Any]) -> Put:
        versions, seen, changed = self.versions.write(made)
        stored = {
            "v": FORMAT,
            "ts": now(),
            "id": made["id"],
            "channel_values": made["values"],
            "channel_versions": versions,
            "versions_seen": seen,
            "updated_channels": (
                sorted(made["updated"]) if made["updated"] or made["source"] == "loop" else None
            ),
        }
        before = self.config
        self.parent = before if before["configurable"].get(CHECKPOINT_ID) else None
        self.config = patched(before, checkpoint_id=made["id"])
        return before, stored, self.metadata, changed

    @property
    def shown_config(self) -> dict[str, Any]:
        """The config of the newest checkpoint, stored already or not."""
        if self._passed is None:
            return self.config
        return patched(self.config, checkpoint_id=self._passed)

    def keep(self, written: tuple[str, Any, Writes]) -> bool:
        """Whether what a task wrote waits for the end of the run; of called tasks it is kept here."""
        if self.at_exit:
            self._called.append(written)
        return self.at_exit

    def writes(
        self, written: tuple[str | None, Any, Writes], method: str
    ) -> tuple[tuple[Any, ...], bool]:
        """The arguments by which a saver's `method` stores what a task wrote.

        Also gives whether a checkpoint depends on these writes. Without a task they are the input's.
        """
        task, path, writes = written
        deltas = self._deltas
        essential = any(channel in deltas for channel, _ in writes) if deltas else False
        text = task_path_text(path) if path else ""
        task = task or self._input_task()
        return self._arguments(self.config, writes, task, text, method), essential

    def _input_task(self) -> str:
        base = uuid.UUID(self.config["configurable"][CHECKPOINT_ID])
        return str(uuid.uuid5(base, INPUT))

    def _arguments(
        self, config: dict[str, Any], writes: Writes, task: str, path: str, method: str
    ) -> tuple[Any, ...]:
        takes = self._takes_path.get(method)
        if takes is None:
            put = getattr(self.saver, method, None)
            takes = self._takes_path[method] = put is not None and takes_path(put)
        return (config, writes, task, path) if takes else (config, writes, task)

    def store_last(self, run: Any) -> Steps[None]:
        """Stores what has waited for the end of the run."""
        made, left = run.unsaved()
        called, self._called, self.at_exit = self._called, [], False
        if made is not None:
            kept = [
                (step, task, task_path_text(path), channel, value)
                for step, task, path, channel, value in made["deltas"]
            ]
            if kept:
                yield from self._store_kept(late_writes(kept, made["first_step"]))
            put = self.checkpoint(made)
            assert put is not None
            yield Call(self.saver, "put", put)
            self._passed = None
        for task, path, writes in (*left, *called):
            yield self.put_writes(task, path, writes)

    def _store_kept(self, writes: Sequence[tuple[str, str, Writes]]) -> Steps[None]:
        """Stores writes on the checkpoint the run started from, which may have to be made."""
        if self.found is None:
            assert self.stub is not None
            empty = {
                "v": FORMAT,
                "ts": now(),
                "id": self.stub,
                "channel_values": {},
                "channel_versions": {},
                "versions_seen": {},
            }
            config = patched(self._begun_at, checkpoint_id=None)
            yield Call(self.saver, "put", (config, empty, {"step": -2}, {}))
            self._begun_at = self.config = patched(config, checkpoint_id=self.stub)
        for task, path, written in writes:
            yield self._put_writes(self._begun_at, written, task, path)

    def put_writes(self, task: str | None, path: Any, writes: Writes) -> Call:
        """How a saver stores what a task wrote; without a task it is the input."""
        text = task_path_text(path) if path else ""
        return self._put_writes(self.config, writes, task or self._input_task(), text)

    def _put_writes(self, config: dict[str, Any], writes: Writes, task: str, path: str) -> Call:
        both = {m: self._arguments(config, writes, task, path, m) for m in _METHODS}
        return Call(self.saver, "put_writes", both["put_writes"], twin=both["aput_writes"])

    def asked(self) -> int:
        """How many questions are stored, answered or not."""
        return sum(len(value) for _, channel, value in self.pending if channel == INTERRUPT)

    def open_interrupts(self) -> list[Any]:
        """The questions that wait for an answer."""
        statuses = read_task_statuses(self.pending).values()
        return [interrupt for status in statuses for interrupt in status.pending_interrupts]

    def _read_write(self, channel: str, value: Any) -> Any:
        if channel == INTERRUPT:
            several = isinstance(value, list | tuple)
            return [
                self._graph.face.read_interrupt(item) for item in (value if several else [value])
            ]
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


_METHODS = ("put_writes", "aput_writes")


def now() -> str:
    """This moment as `datetime.isoformat` tells it, most of which stays the same for a second."""
    second, microseconds = divmod(time.time_ns() // 1000, 1_000_000)
    fraction = f".{microseconds:06d}" if microseconds else ""
    return f"{_iso(second)}{fraction}+00:00"


@functools.lru_cache(maxsize=1)
def _iso(second: int) -> str:
    return datetime.datetime.fromtimestamp(second, datetime.UTC).isoformat()[:19]
