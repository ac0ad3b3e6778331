"""Savers that count what they store, and end the process after a number of stored things.

Each put of a checkpoint and each of one task's writes is a thing, in the outermost graph: crates store
nothing of those that run as nodes. The savers are those of LangGraph's
packages as they are; only the end of the process is added to the object.
"""

import functools
import os
import signal
import threading
from collections.abc import Callable
from typing import Any


class Mortality:
    """Counts stored things and ends the process, as a crash would, after the last one.

    Attributes:
        stored: how many things have been stored.
    """

    def __init__(self, dies_after: int | None = None) -> None:
        """`dies_after`: how many things may be stored; None: any number."""
        self.stored = 0
        self._dies_after = dies_after
        self._lock = threading.Lock()

    def count(self, config: Any) -> bool:
        """Note that something was stored; returns whether it was the last thing."""
        if config["configurable"].get("checkpoint_ns"):
            return False
        with self._lock:
            self.stored += 1
            return self.stored == self._dies_after

    def end(self) -> None:
        """End the process."""
        os.kill(os.getpid(), signal.SIGKILL)


def mortal(saver: Any, mortality: Mortality) -> Any:
    """The saver itself, counted when it is used synchronously."""
    for method in ("put", "put_writes"):
        setattr(saver, method, _counted(getattr(saver, method), mortality))
    return saver


def _counted(store: Callable[..., Any], mortality: Mortality) -> Callable[..., Any]:
    @functools.wraps(store)
    def stored(config: Any, *args: Any, **kwargs: Any) -> Any:
        result = store(config, *args, **kwargs)
        if mortality.count(config):
            mortality.end()
        return result

    return stored


def amortal(saver: Any, mortality: Mortality) -> Any:
    """As `mortal`, for a saver used with asyncio."""
    for method in ("aput", "aput_writes"):
        setattr(saver, method, _acounted(getattr(saver, method), mortality))
    return saver


def _acounted(store: Callable[..., Any], mortality: Mortality) -> Callable[..., Any]:
    @functools.wraps(store)
    async def stored(config: Any, *args: Any, **kwargs: Any) -> Any:
        result = await store(config, *args, **kwargs)
        if mortality.count(config):
            mortality.end()
        return result

    return stored
