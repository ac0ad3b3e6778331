"""Awaits a coroutine as part of the task that waits for it, in a context of its own.

A task of its own costs several times what a node does, and most nodes are awaited by nobody else.
"""

import contextvars
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any


class Suspended(Awaitable[Any]):
    """A coroutine that has been begun and waits for something; awaiting it goes on with it.

    Whoever cancels the awaiting task cancels the coroutine. If the coroutine ends all the same, the
    awaiting task is cancelled then, unless the request has been taken back (as `asyncio.timeout`
    does): the run is over for whoever asked for its end.
    """

    __slots__ = ("_context", "_coroutine", "_waits_for")

    def __init__(
        self, context: contextvars.Context, coroutine: Coroutine[Any, Any, Any], waits_for: Any
    ) -> None:
        self._context = context
        self._coroutine = coroutine
        self._waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, Any]:
        import asyncio

        run, send, throw = self._context.run, self._coroutine.send, self._coroutine.throw
        waits_for = self._waits_for
        cancelled: asyncio.CancelledError | None = None
        while True:
            try:
                try:
                    value = yield waits_for
                except GeneratorExit:
                    self._context.run(self._coroutine.close)
                    raise
                except BaseException as error:
                    if isinstance(error, asyncio.CancelledError):
                        cancelled = error
                    waits_for = run(throw, error)
                else:
                    waits_for = run(send, value)
            except StopIteration as stop:
                task = asyncio.current_task()
                if cancelled is not None and task is not None and task.cancelling():
                    raise cancelled from None
                return stop.value


def begin(call: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> tuple[bool, Any]:
    """Begin a coroutine in a copy of this context.

    Returns whether it has ended already, and what it returned or a `Suspended`.

    Raises:
        BaseException: What the coroutine raised.
    """
    context = contextvars.copy_context()
    coroutine = call(*args)
    try:
        waits_for = context.run(coroutine.send, None)
    except StopIteration as stop:
        return True, stop.value
    return False, Suspended(context, coroutine, waits_for)
