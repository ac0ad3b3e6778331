"""Hands a run's checkpoints and writes to its saver, in the order in which they were made.

With durability `async` a saver works beside the run; what it raises is raised when the run has ended.
"""

import contextvars
import functools
import inspect
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Arguments = Sequence[Any]


class Storing:
    """The work for one run's saver.

    A checkpoint builds on those before it and on writes to delta channels (`essential`): when one of
    these cannot be stored, none is stored after it.
    """

    _first: BaseException | None = None
    _gap: BaseException | None = None
    _pool: ThreadPoolExecutor | None = None
    _worker: Any = None

    def __init__(self, saver: Any, *, beside: bool, waits: bool, plain: bool) -> None:
        """`beside`: work beside the run. `waits`: a checkpoint that cannot be stored ends the run.

        `plain`: the saver's asyncio methods do the same as its others, without ever waiting.
        """
        self._saver = saver
        self._beside = beside
        self._waits = waits
        self._plain = plain
        if beside:
            self._starting = threading.Lock()
            self._queue: list[tuple[Callable[..., Any], Arguments, bool, bool]] = []

    def put(self, arguments: Arguments) -> None:
        """Store a checkpoint."""
        if self._beside:
            self._submit(self._do, self._saver.put, arguments, True, True)
            return
        if self._gap is None:
            try:
                self._saver.put(*arguments)
            except BaseException as error:
                self.note(error, essential=True)
        self._raise_gap()

    def put_writes(self, arguments: Arguments, *, essential: bool) -> None:
        """Store what a task wrote."""
        if self._beside:
            self._submit(self._do, self._saver.put_writes, arguments, False, essential)
            return
        try:
            self._saver.put_writes(*arguments)
        except BaseException as error:
            self.note(error, essential=essential)

    async def aput(self, arguments: Arguments) -> None:
        """As `put`, with asyncio."""
        if self._plain:
            self._do(self._saver.put, arguments, True, True)
        elif self._beside:
            self._asubmit(self._saver.aput, arguments, True, True)
            return
        else:
            await self._ado(self._saver.aput, arguments, True, True)
        self._raise_gap()

    async def aput_writes(self, arguments: Arguments, *, essential: bool) -> None:
        """As `put_writes`, with asyncio."""
        if self._plain:
            self.put_writes(arguments, essential=essential)
        elif self._beside:
            self._asubmit(self._saver.aput_writes, arguments, False, essential)
        else:
            await self._ado(self._saver.aput_writes, arguments, False, essential)

    def finish(self) -> None:
        """Waits for what goes on beside the run.

        Raises:
            BaseException: The first thing that could not be stored.
        """
        if self._pool is not None:
            self._pool.shutdown()
        self._raise_first()

    async def afinish(self) -> None:
        """As `finish`, with asyncio; goes on to the end even when it is cancelled."""
        import asyncio

        if self._worker is not None:
            try:
                await asyncio.shield(self._worker)
            except asyncio.CancelledError as cancelled:
                # whoever cancels can wait for it before a connection is used again
                cancelled.args = (*cancelled.args, self._worker)
                raise
        self._raise_first()

    def _submit(self, do: Callable[..., None], *arguments: Any) -> None:
        # tasks that are called store from their own threads
        with self._starting:
            self._pool = self._pool or ThreadPoolExecutor(1)
        self._pool.submit(contextvars.copy_context().run, do, *arguments)

    def _asubmit(self, *work: Any) -> None:
        import asyncio

        self._queue.append(work)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        queue = self._queue
        while queue:
            await self._ado(*queue.pop(0))

    def _do(
        self, method: Callable[..., Any], arguments: Arguments, builds: bool, essential: bool
    ) -> None:
        if builds and self._gap is not None:
            return
        try:
            method(*arguments)
        except BaseException as error:
            self.note(error, essential=essential)

    async def _ado(
        self, method: Callable[..., Any], arguments: Arguments, builds: bool, essential: bool
    ) -> None:
        if builds and self._gap is not None:
            return
        try:
            await method(*arguments)
        except BaseException as error:
            self.note(error, essential=essential)

    def note(self, error: BaseException, *, essential: bool) -> None:
        """Keep what a saver has failed with, for the end; what is no `Exception` ends the run."""
        if not isinstance(error, Exception):
            raise error
        self._first = self._first or error
        if essential:
            self._gap = self._gap or error

    def _raise_gap(self) -> None:
        if self._waits and self._gap is not None:
            raise self._gap

    def _raise_first(self) -> None:
        if self._first is not None:
            raise self._first


def takes_path(put_writes: Any) -> bool:
    """Whether a saver's method, if it has it, wants to know a task's path with its writes."""
    return put_writes is not None and _has_path(getattr(put_writes, "__func__", put_writes))


@functools.lru_cache(maxsize=64)
def _has_path(function: Callable[..., Any]) -> bool:
    return "task_path" in inspect.signature(function).parameters


@functools.lru_cache(maxsize=4096)
def task_path_text(path: Any) -> str:
    """A task's path as savers sort it."""
    if isinstance(path, tuple):
        return f"~{', '.join(task_path_text(part) for part in path)}"
    return f"{path:010d}" if isinstance(path, int) else str(path)
