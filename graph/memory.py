"""Keeps threads in memory, for as long as the program runs."""

import copy
import itertools
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

_PLACES = {"__error__": -1, "__scheduled__": -2, "__interrupt__": -3, "__resume__": -4}
"""Writes of these kinds replace the one before, per task."""


class Stored(NamedTuple):
    """A checkpoint as a saver gives it back."""

    config: dict[str, Any]
    checkpoint: dict[str, Any]
    metadata: dict[str, Any]
    parent_config: dict[str, Any] | None
    pending_writes: list[tuple[str, str, Any]]


class InMemorySaver:
    """A saver for one process. What it gives back is a copy of what it was given."""

    def __init__(self) -> None:
        self._threads: dict[tuple[str, str], dict[str, tuple[Any, Any, str | None]]] = {}
        self._values: dict[tuple[str, str, str, Any], Any] = {}
        self._serial = itertools.count()
        self._writes: dict[tuple[str, str, str], dict[tuple[str, int], tuple[Any, ...]]] = {}

    def get_next_version(self, current: str | None, channel: None) -> str:
        """The name of the version after `current`, another one in every branch of a thread."""
        number = 0 if current is None else int(current.partition(".")[0])
        return f"{number + 1:032}.{next(self._serial):016}"

    def get_tuple(self, config: dict[str, Any]) -> Stored | None:
        """The checkpoint a config addresses, or the thread's last."""
        thread, ns = self._place(config)
        stored = self._threads.get((thread, ns), {})
        wanted = config["configurable"].get("checkpoint_id") or max(stored, default=None)
        return self._get(thread, ns, wanted) if wanted in stored else None

    def list(
        self,
        config: dict[str, Any],
        *,
        filter: dict[str, Any] | None = None,
        before: dict[str, Any] | None = None,
        limit: int | None = None,
    ) -> Iterator[Stored]:
        """The checkpoints of a thread, the newest first."""
        thread, ns = self._place(config)
        only = config["configurable"].get("checkpoint_id")
        end = before["configurable"].get("checkpoint_id") if before else None
        found = (
            self._get(thread, ns, id)
            for id in sorted(self._threads.get((thread, ns), {}), reverse=True)
            if only in (None, id) and (end is None or id < end)
        )
        wanted = (filter or {}).items()
        fitting = (one for one in found if all(one.metadata.get(k) == v for k, v in wanted))
        return itertools.islice(fitting, limit)

    def _get(self, thread: str, ns: str, wanted: str) -> Stored:
        checkpoint, metadata, parent = self._threads[thread, ns][wanted]
        values = {
            channel: copy.deepcopy(self._values[thread, ns, channel, version])
            for channel, version in checkpoint["channel_versions"].items()
            if (thread, ns, channel, version) in self._values
        }
        writes = sorted(
            self._writes.get((thread, ns, wanted), {}).items(),
            key=lambda item: (item[1][3], item[0]),
        )
        return Stored(
            config=_address(thread, ns, wanted),
            checkpoint={**copy.deepcopy(checkpoint), "channel_values": values},
            metadata=copy.deepcopy(metadata),
            parent_config=_address(thread, ns, parent) if parent else None,
            pending_writes=[(w[0], w[1], copy.deepcopy(w[2])) for _, w in writes],
        )

    def put(
        self,
        config: dict[str, Any],
        checkpoint: dict[str, Any],
        metadata: dict[str, Any],
        new_versions: dict[str, Any],
    ) -> dict[str, Any]:
        """Store a checkpoint as the successor of the one `config` addresses."""
        thread, ns = self._place(config)
        values = checkpoint["channel_values"]
        for channel, version in new_versions.items():
            if channel in values:
                self._values[thread, ns, channel, version] = copy.deepcopy(values[channel])
        bare = {k: v for k, v in checkpoint.items() if k != "channel_values"}
        self._threads.setdefault((thread, ns), {})[checkpoint["id"]] = (
            copy.deepcopy(bare),
            copy.deepcopy(metadata),
            config["configurable"].get("checkpoint_id"),
        )
        return _address(thread, ns, checkpoint["id"])

    def put_writes(
        self, config: dict[str, Any], writes: Any, task_id: str, task_path: str = ""
    ) -> None:
        """Store what a task wrote, with the checkpoint it ran on."""
        thread, ns = self._place(config)
        kept = self._writes.setdefault((thread, ns, config["configurable"]["checkpoint_id"]), {})
        for at, (channel, value) in enumerate(writes):
            place = (task_id, _PLACES.get(channel, at))
            if place[1] >= 0 and place in kept:
                continue
            stored = repr(value) if isinstance(value, BaseException) else copy.deepcopy(value)
            kept[place] = (task_id, channel, stored, task_path)

    async def aget_tuple(self, config: dict[str, Any]) -> Stored | None:
        """As `get_tuple`."""
        return self.get_tuple(config)

    async def alist(self, config: dict[str, Any], **options: Any) -> AsyncIterator[Stored]:
        """As `list`."""
        for one in self.list(config, **options):
            yield one

    async def aput(self, *args: Any) -> dict[str, Any]:
        """As `put`."""
        return self.put(*args)

    async def aput_writes(self, *args: Any) -> None:
        """As `put_writes`."""
        self.put_writes(*args)

    def _place(self, config: dict[str, Any]) -> tuple[str, str]:
        configurable = config["configurable"]
        return configurable["thread_id"], configurable.get("checkpoint_ns", "")


def _address(thread: str, ns: str, checkpoint: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": ns, "checkpoint_id": checkpoint}}
