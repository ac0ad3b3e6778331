"""The savers a thread is carried through, opened from outside any engine's code, and what they hold.

The classes are those of `langgraph-checkpoint`, `-sqlite` and `-postgres` as they are. Only the end
of the process is added: `dying` lets it happen after a number of stored things.
"""

import contextlib
import functools
import json
import os
import pickle
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import ormsgpack

MODULES = {
    "memory": "langgraph.checkpoint.memory",
    "sqlite": "langgraph.checkpoint.sqlite",
    "postgres": "langgraph.checkpoint.postgres",
}

_PAUSE = 0.002
"""Seconds."""
_QUIET_PAUSES = 15
"""For how many pauses in a row nothing may be under way before a process ends."""


@contextlib.contextmanager
def opened(name: str, where: str, dies_after: int | None) -> Iterator[Any]:
    """A saver to be used synchronously.

    Args:
        name: One of `MODULES`.
        where: The file or the address it stores at.
        dies_after: After how many stored things the process ends itself; `None`: never.
    """
    if name == "memory":
        yield _in_memory(where, dies_after)
    elif name == "sqlite":
        from langgraph.checkpoint.sqlite import SqliteSaver

        with SqliteSaver.from_conn_string(where) as saver:
            yield dying(saver, dies_after)
    else:
        from langgraph.checkpoint.postgres import PostgresSaver

        with PostgresSaver.from_conn_string(where) as saver:
            saver.setup()
            yield dying(saver, dies_after)


@contextlib.asynccontextmanager
async def aopened(name: str, where: str, dies_after: int | None) -> AsyncIterator[Any]:
    """A saver to be used with asyncio; arguments as for `opened`."""
    if name == "memory":
        yield _in_memory(where, dies_after)
    elif name == "sqlite":
        from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

        async with AsyncSqliteSaver.from_conn_string(where) as saver:
            yield adying(saver, dies_after)
    else:
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

        async with AsyncPostgresSaver.from_conn_string(where) as saver:
            await saver.setup()
            yield adying(saver, dies_after)


class _Death:
    """Ends the process, as a crash would, after a number of stored things.

    LangGraph stores what a task wrote beside the run, and the step's checkpoint may overtake it: a crash
    between the two leaves a thread without writes that nothing needs any more. So that two threads can
    be compared, what was under way is stored first, and nothing of a newer checkpoint.
    """

    def __init__(self, after: int) -> None:
        self._left = after
        self._under_way = 0
        self._newest = ""
        self._lock = threading.Lock()

    def stops(self, checkpoint: str) -> bool:
        """Note that something of a checkpoint is to be stored; returns whether it comes too late."""
        with self._lock:
            # ids have the order in which they were made
            if self._left <= 0 and checkpoint > self._newest:
                return True
            self._newest = max(self._newest, checkpoint)
            self._under_way += 1
            return False

    def stored(self) -> bool:
        """Note that something was stored; returns whether it was the last thing."""
        with self._lock:
            self._under_way -= 1
            self._left -= 1
            return self._left == 0

    def pauses(self) -> Iterator[float]:
        """Seconds to wait, one after the other, until what was under way has been stored."""
        quiet = 0
        # what waits for a thread gets one in the meantime, however busy the machine is
        while quiet < _QUIET_PAUSES:
            yield _PAUSE
            quiet = 0 if self._under_way else quiet + 1

    def come(self) -> None:
        """End the process."""
        os.kill(os.getpid(), signal.SIGKILL)


_Checkpoint = Callable[..., str]
_STORES: dict[str, _Checkpoint] = {
    "put": lambda config, checkpoint, *_: checkpoint["id"],
    "put_writes": lambda config, *_: config["configurable"]["checkpoint_id"],
}
"""The methods that store something, with whose checkpoint it is."""


def dying(saver: Any, after: int | None) -> Any:
    """The saver itself, which ends the process after storing so many things."""
    if after is not None:
        death = _Death(after)
        for method, checkpoint in _STORES.items():
            setattr(saver, method, _then_dies(getattr(saver, method), checkpoint, death))
    return saver


def _then_dies(
    store: Callable[..., Any], checkpoint: _Checkpoint, death: _Death
) -> Callable[..., Any]:
    @functools.wraps(store)
    def stored(*args: Any) -> Any:
        if death.stops(checkpoint(*args)):
            threading.Event().wait()
        result = store(*args)
        if death.stored():
            for seconds in death.pauses():
                time.sleep(seconds)
            death.come()
        return result

    return stored


def adying(saver: Any, after: int | None) -> Any:
    """As `dying`, for a saver used with asyncio."""
    if after is not None:
        death = _Death(after)
        for sync_method, checkpoint in _STORES.items():
            method = f"a{sync_method}"
            setattr(saver, method, _then_adies(getattr(saver, method), checkpoint, death))
    return saver


def _then_adies(
    store: Callable[..., Any], checkpoint: _Checkpoint, death: _Death
) -> Callable[..., Any]:
    import asyncio

    @functools.wraps(store)
    async def stored(*args: Any) -> Any:
        if death.stops(checkpoint(*args)):
            await asyncio.Event().wait()
        result = await store(*args)
        if death.stored():
            for seconds in death.pauses():
                await asyncio.sleep(seconds)
            death.come()
        return result

    return stored


def _in_memory(where: str, dies_after: int | None) -> Any:
    """An `InMemorySaver` whose content is written to a file as it changes, and read from it."""
    from langgraph.checkpoint.memory import InMemorySaver

    saver = InMemorySaver()
    file = Path(where)
    if file.exists():
        storage, writes, blobs = pickle.loads(file.read_bytes())
        for thread, namespaces in storage.items():
            for namespace, checkpoints in namespaces.items():
                saver.storage[thread][namespace] = checkpoints
        saver.writes.update(writes)
        saver.blobs.update(blobs)
    lock = threading.Lock()

    def kept(store: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(store)
        def stored(*args: Any, **kwargs: Any) -> Any:
            with lock:
                result = store(*args, **kwargs)
                storage = {thread: dict(spaces) for thread, spaces in saver.storage.items()}
                content = pickle.dumps((storage, dict(saver.writes), dict(saver.blobs)))
                new = file.with_suffix(".new")
                new.write_bytes(content)
                new.replace(file)
            return result

        return stored

    saver.put, saver.put_writes = kept(saver.put), kept(saver.put_writes)
    return dying(saver, dies_after)


def rows(name: str, where: str, thread: str) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored of a thread, by table, as the saver's own storage holds it.

    A row of `checkpoints` holds the namespace, the id and the parent's id, then the checkpoint's
    type and content, then its metadata.
    """
    if name == "memory":
        return _rows_in_memory(where, thread)
    if name == "sqlite":
        import sqlite3

        with contextlib.closing(sqlite3.connect(where)) as connection:
            return _rows_in_tables(connection.execute, _SQLITE, "?", thread)
    import psycopg

    with psycopg.connect(where) as connection:
        return _rows_in_tables(connection.execute, _POSTGRES, "%s", thread)


_CHECKPOINT = "checkpoint_ns, checkpoint_id, parent_checkpoint_id"
_SQLITE = {
    "checkpoints": f"{_CHECKPOINT}, type, checkpoint, metadata",
    "writes": "checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value",
}
_POSTGRES = {
    # as text, so that all that the server keeps of it shows
    "checkpoints": f"{_CHECKPOINT}, type, checkpoint::text, metadata::text",
    "checkpoint_writes": "checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, blob",
    "checkpoint_blobs": "checkpoint_ns, channel, version, type, blob",
}


def _rows_in_tables(
    execute: Callable[..., Any], tables: dict[str, str], parameter: str, thread: str
) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: list(
            execute(f"SELECT {columns} FROM {table} WHERE thread_id = {parameter}", (thread,))
        )
        for table, columns in tables.items()
    }


def _rows_in_memory(where: str, thread: str) -> dict[str, list[tuple[Any, ...]]]:
    storage, writes, blobs = pickle.loads(Path(where).read_bytes())
    return {
        "checkpoints": [
            (namespace, id, parent, *checkpoint, metadata)
            for namespace, checkpoints in storage[thread].items()
            for id, (checkpoint, metadata, parent) in checkpoints.items()
        ],
        "writes": [
            (namespace, id, key, write)
            for (of, namespace, id), by_key in writes.items()
            if of == thread
            for key, write in by_key.items()
        ],
        "blobs": [(*key[1:], blob) for key, blob in blobs.items() if key[0] == thread],
    }


def unpacked(content: bytes | str) -> Any:
    """A stored checkpoint, with its dicts as lists of pairs, so that their order shows."""
    if isinstance(content, str):
        return _pairs(json.loads(content))
    return _pairs(ormsgpack.unpackb(content, ext_hook=lambda code, data: (code, data)))


def _pairs(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, _pairs(item)) for key, item in value.items()]
    return value
