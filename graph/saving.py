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
_SEVERAL: Final = (list, tuple)

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
        asked: How many questions the saver has found, answered or not.
    """

    parent: dict[str, Any] | None = None
    input: Any = None
    found: Any = None
    superseded: bool = False
    replay: ReplayState | None = None
    stub: str | None = None
    asked: int = 0
    _passed: str | None = None
    _histories: dict[str, Any] = {}  # noqa: RUF012 never changed

    def __init__(
        self, saver: Any, config: dict[str, Any], graph: Any, *, durability: str = "sync"
    ) -> None:
        self.saver = saver
        self.metadata: dict[str, Any] = {}
        self.pending: list[tuple[str, str, Any]] = []
        self.at_exit = durability == "exit"
        self._twin = graph.face.native_twin(saver)
        plain = self._twin is not None or graph.face.stores_at_once(saver)
        self.storing = Storing(
            self._twin or saver,
            beside=durability == "async" and not plain,
            waits=durability == "sync",
            plain=plain,
        )
        self._graph = graph
        self._called: list[tuple[str, Any, Writes]] = []
        engine = graph._engine
        self._deltas = frozenset(engine.deltas) if engine.has_deltas else _NO_DELTAS
        self.versions = Versions(self._twin or saver)
        conf = config["configurable"]
        self.parents = conf.get(CHECKPOINT_MAP, {})
        if "thread_id" not in conf and CHECKPOINT_NS not in conf:
            self.config = config
        else:
            namespace = conf.get(CHECKPOINT_NS, "")
            conf = {**conf, CHECKPOINT_NS: namespace}
            thread = conf.get("thread_id")
            if thread and not isinstance(thread, str):
                conf["thread_id"] = str(thread)
            if namespace in self.parents:
                conf[CHECKPOINT_ID] = self.parents[namespace]
            self.config = {**config, "configurable": conf}
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
        replayed = self._graph._engine.replayed
        if not replayed:
            return
        values, versions = checkpoint["channel_values"], checkpoint["channel_versions"]
        implied = [k for k in replayed if k in versions and k not in values]
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
        by_writer = self._take_pending(found.pending_writes or ())
        values = checkpoint["channel_values"]
        self.input = values.get(START)
        return {
            "id": checkpoint["id"],
            "step": self.metadata.get("step", -1),
            "source": self.metadata.get("source", "loop"),
            "values": values,
            **self.versions.read(checkpoint),
            "updated": checkpoint.get("updated_channels") or [],
            "pending": by_writer,
            "counters": self.metadata.get(COUNTERS) or {},
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
        id = made["id"]
        if self.replay is not None and self.replay.checkpoint_id is None:
            self.replay.checkpoint_id = id
        if self.at_exit:
            self._passed = id
            self._called.clear()
            return None
        versions, seen, changed = self.versions.write(made)
        updated = made["updated"]
        stored = {
            "v": FORMAT,
            "ts": now(),
            "id": id,
            "channel_values": made["values"],
            "channel_versions": versions,
            "versions_seen": seen,
            "updated_channels": sorted(updated) if updated or made["source"] == "loop" else None,
        }
        before = self.config
        configurable = before["configurable"]
        self.parent = before if configurable.get(CHECKPOINT_ID) else None
        self.config = {**before, "configurable": {**configurable, CHECKPOINT_ID: id}}
        return before, stored, self.metadata, changed

    @property
    def store(self) -> Any:
        """What the engine stores the writes of tasks with by itself, if there is such a thing."""
        return None if self.at_exit else self._twin

    @property
    def shown_config(self) -> dict[str, Any]:
        """The config of the newest checkpoint, stored already or not."""
        if self._passed is None:
            return self.config
        return patched(self.config, checkpoint_id=self._passed)

    def store_writes(self, written: tuple[str, Any, Writes]) -> None:
        """Has the saver store what a task wrote, unless that waits for the end of the run.

        Without a task it is the input.
        """
        if self.at_exit:
            self._called.append(written)
            return
        arguments, essential = self._to_store(written, "put_writes")
        self.storing.put_writes(arguments, essential=essential)

    async def astore_writes(self, written: tuple[str, Any, Writes]) -> None:
        """As `store_writes`, with asyncio."""
        if self.at_exit:
            self._called.append(written)
            return
        arguments, essential = self._to_store(written, "aput_writes")
        await self.storing.aput_writes(arguments, essential=essential)

    def _to_store(self, written: tuple[str, Any, Writes], method: str) -> tuple[Any, bool]:
        """What the saver's `method` is given, and whether a checkpoint depends on it."""
        task, path, writes = written
        text = task_path_text(path) if path else ""
        arguments = (self.config, writes, task or self._input_task(), text)
        if self._twin is None:
            arguments = self._fitted(arguments, method)
        return arguments, self._has_deltas(writes) if self._deltas else False

    def _has_deltas(self, writes: Writes) -> bool:
        """Whether a checkpoint depends on these writes."""
        return any(channel in self._deltas for channel, _ in writes)

    def _input_task(self) -> str:
        base = uuid.UUID(self.config["configurable"][CHECKPOINT_ID])
        return str(uuid.uuid5(base, INPUT))

    def _fitted(self, arguments: tuple[Any, ...], method: str) -> tuple[Any, ...]:
        """The arguments by which the saver's method stores writes, which may not know of paths."""
        return arguments if takes_path(getattr(self.saver, method, None)) else arguments[:3]

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
        both = [self._fitted((config, writes, task, path), m) for m in _METHODS]
        return Call(self.saver, "put_writes", both[0], twin=both[1])

    def open_interrupts(self) -> list[Any]:
        """The questions that wait for an answer."""
        statuses = read_task_statuses(self.pending).values()
        return [interrupt for status in statuses for interrupt in status.pending_interrupts]

    def _take_pending(
        self, pending: Sequence[tuple[str, str, Any]]
    ) -> list[tuple[str | None, list[tuple[str, Any]]]]:
        """What tasks have written, in the form for the engine: by writer, `None` for the input."""
        self.pending = []
        by_task: dict[str | None, list[tuple[str, Any]]] = {}
        for task, channel, value in pending:
            if channel == INTERRUPT:
                value = self._read_interrupts(value)
                self.asked += len(value)
            self.pending.append((task, channel, value))
            if channel == _RESUME and not (task != NULL_TASK_ID and isinstance(value, list)):
                value = [value]
            writer = None if task == NULL_TASK_ID else task
            by_task.setdefault(writer, []).append((channel, value))
        return list(by_task.items())

    def _read_interrupts(self, value: Any) -> list[Any]:
        several = value if isinstance(value, _SEVERAL) else [value]
        return [self._graph.face.read_interrupt(one) for one in several]


_METHODS = ("put_writes", "aput_writes")


def now() -> str:
    """This moment as `datetime.isoformat` tells it, most of which stays the same for a second."""
    second, microseconds = divmod(time.time_ns() // 1000, 1_000_000)
    fraction = f".{microseconds:06d}" if microseconds else ""
    return f"{_iso(second)}{fraction}+00:00"


@functools.lru_cache(maxsize=1)
def _iso(second: int) -> str:
    return datetime.datetime.fromtimestamp(second, datetime.UTC).isoformat()[:19]
