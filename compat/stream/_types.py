"""Stands in for `langgraph.stream._types`: events, and what makes streams of them."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, ClassVar, Literal, NotRequired, TypedDict

logger = logging.getLogger(__name__)


class _ProtocolEventParams(TypedDict):
    """Where and when an event came about, and what it tells."""

    namespace: list[str]
    timestamp: int
    data: Any
    interrupts: NotRequired[tuple[Any, ...]]


class ProtocolEvent(TypedDict):
    """One part of a stream; `seq` gives the order of events."""

    type: Literal["event"]
    event_id: NotRequired[str]
    seq: NotRequired[int]
    method: str
    params: _ProtocolEventParams


class StreamTransformer(ABC):
    """Makes streams of its own of a run's events.

    A subclass overrides `init` and one of `process` and `aprocess`.
    """

    requires_async: ClassVar[bool] = False
    supports_sync: ClassVar[bool] = False
    required_stream_modes: ClassVar[tuple[str, ...]] = ()
    before_builtins: ClassVar[bool] = False

    def __init__(self, scope: tuple[str, ...] = ()) -> None:
        self.scope: tuple[str, ...] = scope

    @abstractmethod
    def init(self) -> dict[str, Any]:
        """The streams this makes, by name."""

    def _on_register(self, mux: Any) -> None:  # noqa: B027 may be left as it is
        """The mux has taken this in."""

    def process(self, event: ProtocolEvent) -> bool:
        """See an event, and tell whether others may see it."""
        name = type(self).__name__
        raise NotImplementedError(f"{name} must override process() or aprocess()")

    async def aprocess(self, event: ProtocolEvent) -> bool:
        """As `process`, with asyncio."""
        return self.process(event)

    def finalize(self) -> None:  # noqa: B027 may be left as it is
        """The run has ended."""

    async def afinalize(self) -> None:
        """As `finalize`, with asyncio; what was scheduled has ended, too."""
        self.finalize()

    def fail(self, err: BaseException) -> None:  # noqa: B027 may be left as it is
        """The run has failed."""

    async def afail(self, err: BaseException) -> None:
        """As `fail`, with asyncio; what was scheduled has been cancelled."""
        self.fail(err)

    def schedule(
        self, coro: Coroutine[Any, Any, Any], *, on_error: Literal["log", "raise"] = "log"
    ) -> "asyncio.Task[Any]":
        """Run a coroutine beside the stream; the mux waits for it at the end.

        Raises:
            RuntimeError: Without a running event loop.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError(
                f"{type(self).__name__}.schedule() requires a running event loop; this "
                "transformer must run under astream(), not stream(). Set requires_async=True "
                "on the class so this fails at registration rather than at first event."
            ) from None
        task = loop.create_task(_logging(coro) if on_error == "log" else coro)
        pending = self._scheduled_task_set()
        pending.add(task)
        task.add_done_callback(pending.discard)
        return task

    def _scheduled_task_set(self) -> "set[asyncio.Task[Any]]":
        # subclasses need not call __init__
        pending: set[asyncio.Task[Any]] = self.__dict__.setdefault("_scheduled", set())
        return pending


async def _logging(coro: Coroutine[Any, Any, Any]) -> Any:
    try:
        return await coro
    except asyncio.CancelledError:
        raise
    except BaseException:
        logger.exception("Scheduled StreamTransformer task failed")
        return None


def transformer_requires_async(transformer: StreamTransformer) -> bool:
    """Whether a transformer works with asyncio only."""
    if transformer.requires_async or transformer.supports_sync:
        return transformer.requires_async
    hooks = ("aprocess", "afinalize", "afail")
    cls = type(transformer)
    return any(getattr(cls, hook) is not getattr(StreamTransformer, hook) for hook in hooks)
