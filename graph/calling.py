"""Runs the tasks that nodes call: on threads in a synchronous run, on the event loop with asyncio."""

import contextvars
import dataclasses
import functools
import inspect
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from typing import TYPE_CHECKING, Any

from langferry.graph.bodies import Body, in_executor, injected
from langferry.graph.caching import opened
from langferry.graph.policies import NO_POLICIES, Policies, with_policies
from langferry.graph.runtime import TaskScope
from langferry.graph.sink import Bell
from langferry.graph.workers import on_worker

if TYPE_CHECKING:
    import asyncio

    from langferry.graph.run import Host

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """A function that nodes can call as a task of their own superstep.

    Attributes:
        name: What it is called by in ids, streams and checkpoints.
        body: Runs it with its positional and keyword arguments.
        policies: What surrounds an attempt at it.
        guarded: The body as the policies have it.
        is_coroutine: It can be awaited only.
    """

    name: str
    body: Body
    policies: Policies = NO_POLICIES
    guarded: Body = dataclasses.field(init=False)
    is_coroutine: bool = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        set_once = functools.partial(object.__setattr__, self)
        set_once("guarded", with_policies(self.body, self.policies))
        set_once("is_coroutine", inspect.iscoroutinefunction(self.body.function))


def task_body(function: Callable[..., Any], name: str) -> Body:
    """Adapt a function of any arguments."""
    wanted = injected(function)
    called = getattr(function, "__call__", None)  # noqa: B004 the method itself is wanted
    awaits = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(called)

    def arguments(given: Arguments, scope: TaskScope) -> Arguments:
        if not wanted:
            return given
        args, kwargs = given
        extra = {key: get(scope) for key, get in wanted if key not in kwargs}
        return args, {**kwargs, **extra} if extra else kwargs

    def run(given: Arguments, scope: TaskScope) -> Any:
        if awaits:
            raise TypeError(
                f'No synchronous function provided to "{name}".'
                "\nEither initialize with a synchronous function or invoke"
                " via the async API (ainvoke, astream, etc.)"
            )
        scope.enter()
        args, kwargs = arguments(given, scope)
        return function(*args, **kwargs)

    async def arun(given: Arguments, scope: TaskScope) -> Any:
        scope.enter()
        args, kwargs = arguments(given, scope)
        if awaits:
            return await function(*args, **kwargs)
        return await in_executor(lambda: function(*args, **kwargs))

    return Body(name, run, arun, function)


class Calls:
    """The calls of one synchronous run."""

    def __init__(self, host: "Host") -> None:
        self._host = host
        self.crew = host.crew
        self._bell = Bell()
        self._running: set[_Result] = set()

    def call(self, caller: TaskScope, task: Task, args: Any, kwargs: Any) -> Future[Any]:
        """Start a task and return its future.

        Raises:
            RuntimeError: For a coroutine function, or when the caller does not run any more.
        """
        if task.is_coroutine:
            raise RuntimeError("In an sync context async tasks cannot be called")
        given = (args, kwargs)
        scope = self._host.called_scope(caller, task, given)
        known = scope.engine.known
        if known is not None:
            future: Future[Any] = Future()
            future.set_result(known[0])
            return future
        result = _Result(self, self._host.task_body(task), given, scope)
        self._running.add(result)
        self.crew.submit(result)
        return result

    def end(self, result: "_Result", ok: bool, value: Any) -> None:
        """A task has returned or raised."""
        try:
            value, cached = opened(value)
            written = result.scope.finish(ok, value, cached=cached)
            if written is not None:
                self._host.save_writes(written)
        except BaseException as error:
            self._host.save_failure = error
        result.scope.engine.end()
        _resolve(result, ok, value)
        self._running.discard(result)
        self._bell.ring()

    def await_one(self) -> None:
        """Wait until a task has ended since the last time.

        Raises:
            TimeoutError: If the step takes too long.
        """
        sink = self._host.sink
        if sink is not None:
            sink.wake = self._bell.ring
        self._bell.wait(self._host.time_left())

    def abandon(self) -> None:
        """Cancel what nobody has begun, and wait for the rest."""
        for result in tuple(self._running):
            if self.crew.take(result):
                result.cancel()
                result.work()
        while self._running:
            self._bell.wait(None)


class _Result(Future[Any]):
    """The future of a task on a thread.

    A thread that waits for a task nobody has begun runs it itself, if it is there to run tasks.
    """

    def __init__(self, calls: Calls, body: Body, given: Arguments, scope: TaskScope) -> None:
        super().__init__()
        self.begun = False
        self.scope = scope
        self._calls = calls
        self._body = body
        self._given = given
        self._context = contextvars.copy_context()

    def work(self) -> None:
        """Run the task, unless it was cancelled."""
        ok = False
        value: Any
        if self.cancelled():
            value = CancelledError()
        else:
            try:
                ok, value = True, self._context.run(self._body.run, self._given, self.scope)
            except BaseException as error:
                value = error
        self._calls.end(self, ok, value)

    def result(self, timeout: float | None = None) -> Any:
        """What the task returned.

        Raises:
            BaseException: What it raised.
        """
        self._help(timeout)
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """What the task raised."""
        self._help(timeout)
        return super().exception(timeout)

    def _help(self, timeout: float | None) -> None:
        if timeout is None and not self.begun and on_worker() and self._calls.crew.take(self):
            self.work()


class AsyncCalls:
    """The calls of one run with asyncio."""

    def __init__(self, host: "Host", loop: "asyncio.AbstractEventLoop", room: Any) -> None:
        self._host = host
        self._loop = loop
        self._room = room
        self._running: dict[asyncio.Task[None], _Awaited] = {}

    def call(self, caller: TaskScope, task: Task, args: Any, kwargs: Any) -> Any:
        """Start a task and return its future: one to await on the event loop, one to block elsewhere.

        Raises:
            RuntimeError: When the caller does not run any more.
        """
        import asyncio

        scope = self._host.called_scope(caller, task, (args, kwargs))
        here = asyncio._get_running_loop() is self._loop
        future: Any = self._loop.create_future() if here else Future()
        known = scope.engine.known
        if known is not None:
            future.set_result(known[0])
            return future
        awaited = _Awaited(future, self._host.task_body(task), (args, kwargs), scope)
        context = contextvars.copy_context()
        if here:
            self._start(awaited, context)
        else:
            self._loop.call_soon_threadsafe(self._start, awaited, context)
        return future

    async def cancel(self) -> None:
        """Cancel what still runs, and wait for it."""
        import asyncio

        running = list(self._running)
        for working in running:
            self._cancel(working)
        if running:
            await asyncio.wait(running)

    def _start(self, awaited: "_Awaited", context: contextvars.Context) -> None:
        working = self._loop.create_task(
            self._perform(awaited), name=awaited.body.name, context=context
        )
        self._running[working] = awaited
        working.add_done_callback(self._running.pop)

        def cancel(future: Any) -> None:
            if future.cancelled():
                self._loop.call_soon_threadsafe(self._cancel, working)

        awaited.future.add_done_callback(cancel)

    def _cancel(self, working: "asyncio.Task[None]") -> None:
        awaited = self._running.get(working)
        if awaited is not None and not awaited.begun:
            # a coroutine that is cancelled before it begins would not tell that it has ended
            awaited.unwanted = True
        else:
            working.cancel()

    async def _perform(self, awaited: "_Awaited") -> None:
        awaited.begun = True
        try:
            ok, value = True, await self._result_of(awaited)
        except BaseException as error:
            ok, value = False, error
        try:
            value, cached = opened(value)
            written = awaited.scope.finish(ok, value, cached=cached)
            if written is not None:
                await self._host.asave_writes(written)
        except BaseException as error:
            self._host.save_failure = error
        awaited.scope.engine.end()
        if not awaited.future.done():
            _resolve(awaited.future, ok, value)
        self._host.note_called()

    async def _result_of(self, awaited: "_Awaited") -> Any:
        if awaited.unwanted:
            import asyncio

            raise asyncio.CancelledError
        if self._room is None:
            return await awaited.body.arun(awaited.given, awaited.scope)
        async with self._room:
            return await awaited.body.arun(awaited.given, awaited.scope)


class _Awaited:
    """A task on the event loop, and the future that its caller has of it."""

    __slots__ = ("begun", "body", "future", "given", "scope", "unwanted")

    def __init__(self, future: Any, body: Body, given: Arguments, scope: TaskScope) -> None:
        self.future = future
        self.body = body
        self.given = given
        self.scope = scope
        self.begun = False
        self.unwanted = False


def _resolve(future: Any, ok: bool, value: Any) -> None:
    if not ok and isinstance(value, StopIteration):
        # a future refuses it
        stop, value = value, RuntimeError("a task raised StopIteration")
        value.__cause__ = stop
    try:
        if ok:
            future.set_result(value)
        else:
            future.set_exception(value)
    except InvalidStateError:
        # whoever has cancelled it does not wait for the result
        pass
