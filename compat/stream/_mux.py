"""Stands in for `langgraph.stream._mux`: hands a run's events to transformers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from langferry.compat.stream._types import (
    ProtocolEvent,
    StreamTransformer,
    transformer_requires_async,
)
from langferry.compat.stream.stream_channel import StreamChannel

TransformerFactory = Callable[[tuple[str, ...]], StreamTransformer]


class StreamMux:
    """Shows each event to every transformer, then hands it on to the event log.

    Transformers made by `factories` are made anew for each subgraph; given ones are the root's.

    Raises:
        RuntimeError: For a transformer that works with asyncio only.
        TypeError: For one whose `init` gives no dict.
        ValueError: For one whose streams have names that are taken.
    """

    def __init__(
        self,
        transformers: list[StreamTransformer] | None = None,
        *,
        is_async: bool = False,
        factories: list[TransformerFactory] | None = None,
        scope: tuple[str, ...] = (),
        _assign_seq: bool = True,
    ) -> None:
        self.is_async = is_async
        self.scope = scope
        self.extensions: dict[str, Any] = {}
        self.native_keys: set[str] = set()
        self._assign_seq = _assign_seq
        self._seq = 0
        self._push_seq = 0
        self._events: StreamChannel[ProtocolEvent] = StreamChannel()
        self._events._bind(is_async=is_async)
        self._events._bind_mux(self)
        self._transformers: list[StreamTransformer] = []
        self._channels: list[StreamChannel[Any]] = []
        self._owners: dict[str, StreamTransformer] = {}
        self._factories = None if factories is None else list(factories)
        self._pump_fn: Callable[[], bool] | None = None
        self._apump_fn: Callable[[], Awaitable[bool]] | None = None
        for given in ([make(scope) for make in factories or ()], transformers or ()):
            # a stable sort: those that want to be first, in their order
            for transformer in sorted(given, key=lambda one: not one.before_builtins):
                self._register(transformer)

    def transformer_by_key(self, key: str) -> StreamTransformer | None:
        """The transformer whose stream this is."""
        return self._owners.get(key)

    def bind_pump(self, fn: Callable[[], bool]) -> None:
        """Let readers of any stream drive the run."""
        self._pump_fn = fn
        for channel in (self._events, *self._channels):
            channel._request_more = fn
        self._tell("_bind_pump", fn)

    def bind_apump(self, fn: Callable[[], Awaitable[bool]]) -> None:
        """As `bind_pump`, with asyncio."""
        self._apump_fn = fn
        for channel in (self._events, *self._channels):
            channel._arequest_more = fn
        self._tell("_bind_apump", fn)

    def push(self, event: ProtocolEvent) -> None:
        """Take an event."""
        verdicts = [transformer.process(event) for transformer in self._transformers]
        if all(verdicts):
            self._log(event)

    async def apush(self, event: ProtocolEvent) -> None:
        """As `push`, with asyncio."""
        verdicts = [await transformer.aprocess(event) for transformer in self._transformers]
        if all(verdicts):
            self._log(event)

    def close(self) -> None:
        """The run has ended. The first error of a transformer is raised when all have ended."""
        errors = []
        for transformer in self._transformers:
            try:
                transformer.finalize()
            except BaseException as error:
                errors.append(error)
        self._close(errors)

    async def aclose(self) -> None:
        """As `close`, with asyncio, once all that was scheduled has ended."""
        results = await asyncio.gather(*self._scheduled(), return_exceptions=True)
        for result in results:
            cancelled = isinstance(result, asyncio.CancelledError)
            if isinstance(result, BaseException) and not cancelled:
                raise result
        errors = []
        for transformer in self._transformers:
            try:
                await transformer.afinalize()
            except BaseException as error:
                errors.append(error)
        self._close(errors)

    def fail(self, err: BaseException) -> None:
        """The run has failed."""
        for transformer in self._transformers:
            _quietly(lambda: transformer.fail(err))  # noqa: B023 called at once
        self._fail(err)

    async def afail(self, err: BaseException) -> None:
        """As `fail`, with asyncio, once all that was scheduled has been cancelled."""
        scheduled = self._scheduled()
        for task in scheduled:
            task.cancel()
        await asyncio.gather(*scheduled, return_exceptions=True)
        await asyncio.gather(*(t.afail(err) for t in self._transformers), return_exceptions=True)
        self._fail(err)

    def _register(self, transformer: StreamTransformer) -> None:
        name = type(transformer).__name__
        if not self.is_async and transformer_requires_async(transformer):
            raise RuntimeError(
                f"{name} requires an async run — it overrides aprocess/afinalize/afail or sets "
                "requires_async=True. Use astream(), not stream()."
            )
        streams = transformer.init()
        if not isinstance(streams, dict):
            raise TypeError(
                f"StreamTransformer.init() must return a dict, got {type(streams).__name__}"
            )
        taken = sorted(set(streams) & set(self.extensions))
        if taken:
            owners = (f"{key!r} (owned by {type(self._owners[key]).__name__})" for key in taken)
            raise ValueError(
                f"Transformer {name} returned projection keys that conflict with "
                f"already-registered keys: {', '.join(owners)}"
            )
        native = bool(getattr(transformer, "_native", False))
        self._transformers.append(transformer)
        for stream in streams.values():
            if isinstance(stream, StreamChannel):
                self._take_in(stream, native=native)
        self.extensions.update(streams)
        self._owners.update(dict.fromkeys(streams, transformer))
        if native:
            self.native_keys.update(streams)
        transformer._on_register(self)

    def _take_in(self, channel: StreamChannel[Any], *, native: bool) -> None:
        channel._bind(is_async=self.is_async)
        channel._bind_mux(self)
        self._channels.append(channel)
        if channel.name is not None:
            method = channel.name if native else f"custom:{channel.name}"
            channel._wire(lambda item: self._forward(method, item))

    def _forward(self, method: str, item: Any) -> None:
        """Make an event of an item; transformers do not see it, as they made it."""
        now = int(time.time() * 1000)
        self._log(
            {
                "type": "event",
                "method": method,
                "params": {"namespace": [], "timestamp": now, "data": item},
            }
        )

    def _log(self, event: ProtocolEvent) -> None:
        # a subgraph's mux shares events with the root's, which numbers them
        if self._assign_seq:
            self._seq += 1
            event["seq"] = self._seq
        self._events.push(event)

    def _next_push_seq(self) -> int:
        self._push_seq += 1
        return self._push_seq

    def _make_child(self, scope: tuple[str, ...]) -> "StreamMux":
        if self._factories is None:
            raise RuntimeError(
                "StreamMux._make_child requires the mux to be constructed with `factories=`; "
                "pre-built transformers can't be cloned to a new scope."
            )
        child = StreamMux(
            factories=self._factories, is_async=self.is_async, scope=scope, _assign_seq=False
        )
        if self._pump_fn is not None:
            child.bind_pump(self._pump_fn)
        if self._apump_fn is not None:
            child.bind_apump(self._apump_fn)
        return child

    def _tell(self, hook: str, fn: Any) -> None:
        for transformer in self._transformers:
            bind = getattr(transformer, hook, None)
            if bind is not None:
                bind(fn)

    def _scheduled(self) -> list["asyncio.Task[Any]"]:
        return [
            task
            for transformer in self._transformers
            for task in transformer._scheduled_task_set()
            if not task.done()
        ]

    def _open(self) -> Iterable[StreamChannel[Any]]:
        return (one for one in (*self._channels, self._events) if not one._closed)

    def _close(self, errors: list[BaseException]) -> None:
        for channel in self._open():
            channel.close()
        if errors:
            raise errors[0]

    def _fail(self, err: BaseException) -> None:
        for channel in self._open():
            channel.fail(err)


def _quietly(call: Callable[[], Any]) -> None:
    """Let one transformer's failure not keep the others from hearing of the run's."""
    try:
        call()
    except BaseException:
        return
