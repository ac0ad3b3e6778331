"""Ends an attempt at a node that takes longer than it may."""

import dataclasses
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from langferry.graph.bodies import Body
from langferry.graph.errors import NodeTimeoutError
from langferry.graph.runtime import TaskScope
from langferry.graph.sink import Sink, Told

if TYPE_CHECKING:
    import asyncio

_PREFIX: Final = (
    "Node timeouts are only supported for async nodes because sync Python "
    "execution cannot be safely cancelled in-process."
)


def sync_timeout_unsupported(name: str, *, kind: Literal["Node", "Task"] = "Node") -> ValueError:
    """The error for a timeout of what cannot be ended before it returns."""
    return ValueError(f"{_PREFIX} {kind} {name!r} is sync.")


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class TimeoutPolicy:
    """How long an attempt at a node may take, in all and without a sign of progress."""

    run_timeout: float | timedelta | None = None
    idle_timeout: float | timedelta | None = None
    refresh_on: Literal["auto", "heartbeat"] = "auto"

    @classmethod
    def coerce(cls, value: "float | timedelta | TimeoutPolicy | None") -> Self | None:
        """The policy a value means, its times in seconds.

        Raises:
            ValueError: For times that are not positive, or an unknown `refresh_on`.
        """
        if value is None:
            return None
        given = value if isinstance(value, TimeoutPolicy) else cls(run_timeout=value)
        if given.refresh_on not in ("auto", "heartbeat"):
            raise ValueError("refresh_on must be 'auto' or 'heartbeat'")
        run = _seconds("run_timeout", given.run_timeout)
        idle = _seconds("idle_timeout", given.idle_timeout)
        if run is None and idle is None:
            return None
        if isinstance(given, cls) and all(
            type(time) is float or time is None for time in (given.run_timeout, given.idle_timeout)
        ):
            return given
        return cls(run_timeout=run, idle_timeout=idle, refresh_on=given.refresh_on)


def _seconds(field: str, time: float | timedelta | None) -> float | None:
    if time is None:
        return None
    seconds = time.total_seconds() if isinstance(time, timedelta) else float(time)
    if seconds > 0:
        return seconds
    raise ValueError(f"{field} must be greater than 0")


class Attempt:
    """One attempt at a node, and its clocks.

    Once it is closed, what the attempt still says is dropped: it may go on for a while, as
    nobody waits for it to notice that it was cancelled.
    """

    def __init__(self, policy: TimeoutPolicy) -> None:
        self.run_timeout = _seconds("run_timeout", policy.run_timeout)
        self.idle_timeout = _seconds("idle_timeout", policy.idle_timeout)
        self.refresh_on: Literal["auto", "heartbeat"] | None = (
            None if self.idle_timeout is None else policy.refresh_on
        )
        self.is_open = True
        self._began = self._progressed = time.monotonic()

    def touch(self) -> None:
        """Start the idle clock anew."""
        self._progressed = time.monotonic()

    def guard(self, tell: Callable[..., Any]) -> Callable[..., Any]:
        """A function that counts as progress while the attempt lasts, and does nothing after."""

        def guarded(*args: Any) -> Any:
            if not self.is_open:
                return None
            if self.refresh_on == "auto":
                self._progressed = time.monotonic()
            return tell(*args)

        return guarded

    def time_left(self) -> float:
        """Seconds until the first of the clocks runs out."""
        return max(0.0, min(end for end, _ in self._ends()) - time.monotonic())

    def exceeded(self, node: str) -> NodeTimeoutError | None:
        """The error that says which clock has run out, if one has."""
        now = time.monotonic()
        for end, kind in self._ends():
            if end <= now:
                return NodeTimeoutError(
                    node,
                    now - self._began,
                    kind=kind,
                    idle_timeout=self.idle_timeout,
                    run_timeout=self.run_timeout,
                )
        return None

    def start(self) -> None:
        """The attempt begins."""

    def finish(self, error: BaseException | None) -> None:
        """The attempt has ended, by itself or not."""
        self.is_open = False

    def _ends(self) -> list[tuple[float, Literal["idle", "run"]]]:
        ends: list[tuple[float, Literal["idle", "run"]]] = []
        if self.idle_timeout is not None:
            ends.append((self._progressed + self.idle_timeout, "idle"))
        if self.run_timeout is not None:
            ends.append((self._began + self.run_timeout, "run"))
        return ends


class GuardedSink(Sink):
    """Where graphs run by an attempt tell what they tell."""

    def __init__(self, sink: Sink, attempt: Attempt) -> None:
        super().__init__(sink.modes)
        self._put = attempt.guard(sink.put)

    def put(self, told: Told) -> None:
        """Hand a chunk on, while the attempt lasts."""
        self._put(told)


def timed(body: Body, policy: TimeoutPolicy) -> Body:
    """A body each attempt at which is ended when its time is up.

    Only `arun` can be ended; `run` refuses.
    """

    def run(value: Any, scope: TaskScope) -> Any:
        raise sync_timeout_unsupported(scope.name)

    async def arun(value: Any, scope: TaskScope) -> Any:
        import asyncio

        attempt = scope.run.attempt(scope.config, policy)
        attempt.start()
        work = asyncio.create_task(_start(body, value, scope.within(attempt)))
        error: BaseException | None = None
        try:
            while not work.done():
                await asyncio.wait({work}, timeout=attempt.time_left())
                late = None if work.done() else attempt.exceeded(scope.name)
                if late is not None:
                    raise late
            return work.result()
        except BaseException as raised:
            error = raised
            raise
        finally:
            attempt.finish(error)
            if not work.done():
                work.cancel()
                work.add_done_callback(_look_away)

    return dataclasses.replace(body, run=run, arun=arun)


async def _start(body: Body, value: Any, scope: TaskScope) -> Any:
    return await body.arun(value, scope)


def _look_away(work: "asyncio.Task[Any]") -> None:
    """Keep asyncio from reporting what an abandoned attempt raised."""
    if not work.cancelled():
        work.exception()
