"""Stands in for `langgraph.stream.run_stream`: a run by its streams, driven by who reads them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import MappingProxyType
from typing import Any, NoReturn, Self

from langchain_core._api import beta

from langferry.compat.stream._convert import convert_to_protocol_event
from langferry.compat.stream._mux import StreamMux
from langferry.compat.stream._types import ProtocolEvent
from langferry.compat.stream.stream_channel import StreamChannel

__all__ = (
    "AsyncGraphRunStream",
    "AsyncSubgraphRunStream",
    "GraphRunStream",
    "SubgraphRunStream",
)

_BETA = "The v3 streaming protocol on Pregel is experimental."


class _Streams:
    """What a run's streams and its outcome have in common, with and without asyncio."""

    def __init__(self, mux: StreamMux) -> None:
        self._mux = mux
        self.extensions = MappingProxyType(mux.extensions)
        self._exhausted = False
        self._latest: Any = None
        self._interrupted = False
        self._interrupts: list[Any] = []
        self._namespace = list(mux.scope)
        for key in mux.native_keys:
            setattr(self, key, mux.extensions[key])

    def __getattr__(self, name: str) -> NoReturn:
        mux = self.__dict__.get("_mux")
        known = ", ".join(sorted(mux.native_keys)) if mux is not None else ""
        raise AttributeError(
            f"{type(self).__name__!r} object has no attribute {name!r} "
            f"(registered projections: {known or 'none'})"
        )

    def _observe_event(self, event: ProtocolEvent) -> None:
        params = event["params"]
        if event["method"] != "values" or params["namespace"] != self._namespace:
            return
        self._latest = params["data"]
        asked = params.get("interrupts", ())
        self._interrupted = self._interrupted or bool(asked)
        self._interrupts.extend(asked)

    def _raise_failure(self) -> None:
        if self._mux._events._error is not None:
            raise self._mux._events._error


@beta(message=_BETA)
class GraphRunStream(_Streams):
    """The streams of a run. Reading any of them drives the run."""

    def __init__(
        self, graph_iter: Iterator[Any] | None, mux: StreamMux, *, wire_pump: bool = True
    ) -> None:
        super().__init__(mux)
        self._graph_iter = graph_iter
        if wire_pump:
            mux.bind_pump(self._pump_next)

    def _pump_next(self) -> bool:
        if self._exhausted or self._graph_iter is None:
            return False
        try:
            event = convert_to_protocol_event(next(self._graph_iter))
            self._observe_event(event)
            self._mux.push(event)
        except StopIteration:
            self._mux.close()
            self._exhausted = True
        except Exception as error:
            self._mux.fail(error)
            self._exhausted = True
        return not self._exhausted

    def _drive(self) -> None:
        while self._pump_next():
            pass
        self._raise_failure()

    def abort(self) -> None:
        """Stop the run."""
        if self._exhausted:
            return
        self._exhausted = True
        source, self._graph_iter = self._graph_iter, None
        for close in (getattr(source, "close", None), self._mux.close):
            if close is not None:
                with contextlib.suppress(Exception):
                    close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, exc_type: Any, exc: Any, tb: Any) -> None:
        self.abort()

    @property
    def output(self) -> Any:
        """Run to the end, and give the last state."""
        self._drive()
        return self._latest

    @property
    def interrupted(self) -> bool:
        """Run to the end, and tell whether it was interrupted."""
        self._drive()
        return self._interrupted

    @property
    def interrupts(self) -> list[Any]:
        """Run to the end, and give the open questions."""
        self._drive()
        return self._interrupts

    def __iter__(self) -> Iterator[ProtocolEvent]:
        return iter(self._mux._events)

    def interleave(self, *names: str) -> Iterator[tuple[str, Any]]:
        """The items of several streams, in the order they came.

        Raises:
            KeyError: For an unknown stream.
            RuntimeError: For one that has a reader.
        """
        taken: dict[str, StreamChannel[Any]] = {}
        try:
            for name in names:
                taken[name] = self._claim(name)
            while True:
                ready = [(c._items[0][0], name) for name, c in taken.items() if c._items]
                if ready:
                    name = min(ready)[1]
                    yield name, taken[name]._items.popleft()[1]
                    continue
                if all(channel._is_over() for channel in taken.values()):
                    return
                pump = self._mux._pump_fn
                pumped = pump is not None and pump()
                if not pumped and not any(c._items for c in taken.values()):
                    for channel in taken.values():
                        channel._is_over()
                    return
        finally:
            for channel in taken.values():
                channel._subscribed = False

    def _claim(self, name: str) -> StreamChannel[Any]:
        channel = self.extensions[name]
        if not isinstance(channel, StreamChannel):
            raise TypeError(
                "interleave() requires StreamChannel projections, "
                f"got {type(channel).__name__} for {name!r}"
            )
        if channel._is_async is None:
            raise TypeError(
                f"StreamChannel {name!r} has not been bound yet. "
                "Register the transformer with a StreamMux first."
            )
        if channel._is_async:
            raise TypeError(
                f"StreamChannel {name!r} is bound to async mode — "
                "sync interleave() cannot consume async channels."
            )
        if channel._subscribed:
            raise RuntimeError(
                f"StreamChannel {name!r} already has a subscriber; use .tee(n) for fan-out."
            )
        channel._subscribed = True
        return channel


@beta(message=_BETA)
class AsyncGraphRunStream(_Streams):
    """The streams of a run with asyncio. Reading any of them drives the run."""

    def __init__(
        self, graph_aiter: AsyncIterator[Any] | None, mux: StreamMux, *, wire_pump: bool = True
    ) -> None:
        super().__init__(mux)
        self._graph_aiter = graph_aiter
        self._turn = asyncio.Condition()
        self._pumping = False
        self._pull: asyncio.Future[Any] | None = None
        self._aborting = False
        if wire_pump:
            mux.bind_apump(self._apump_next)

    async def _apump_next(self) -> bool:
        async with self._turn:
            if self._exhausted or self._graph_aiter is None:
                return False
            if self._pumping:
                # somebody else drives the run, and what comes may be for us
                await self._turn.wait()
                return not self._exhausted
            self._pumping = True
        try:
            return await self._step(self._graph_aiter)
        finally:
            async with self._turn:
                self._pumping = False
                self._turn.notify_all()

    async def _step(self, source: AsyncIterator[Any]) -> bool:
        try:
            self._pull = asyncio.ensure_future(anext(source))
            try:
                part = await self._pull
            except asyncio.CancelledError:
                if not self._aborting:
                    self._pull.cancel()
                    raise
                self._exhausted = True
                return False
            finally:
                self._pull = None
            event = convert_to_protocol_event(part)
            self._observe_event(event)
            await self._mux.apush(event)
        except StopAsyncIteration:
            self._exhausted = True
            await self._mux.aclose()
        except Exception as error:
            self._exhausted = True
            await self._mux.afail(error)
        return not self._exhausted

    async def _drive(self) -> None:
        while await self._apump_next():
            pass
        self._raise_failure()

    async def abort(self) -> None:
        """Stop the run."""
        async with self._turn:
            if self._exhausted:
                return
            self._exhausted = self._aborting = True
            source, self._graph_aiter = self._graph_aiter, None
            pull = self._pull
            self._turn.notify_all()
        if pull is not None and not pull.done():
            pull.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await pull
        for close in (getattr(source, "aclose", None), self._mux.aclose):
            if close is not None:
                with contextlib.suppress(Exception):
                    await close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, exc_type: Any, exc: Any, tb: Any) -> None:
        await self.abort()

    async def output(self) -> Any:
        """Run to the end, and give the last state."""
        await self._drive()
        return self._latest

    async def interrupted(self) -> bool:
        """Run to the end, and tell whether it was interrupted."""
        await self._drive()
        return self._interrupted

    async def interrupts(self) -> list[Any]:
        """Run to the end, and give the open questions."""
        await self._drive()
        return self._interrupts

    def __aiter__(self) -> AsyncIterator[ProtocolEvent]:
        return aiter(self._mux._events)


class _Nested:
    """A subgraph's place, and how it fares."""

    def _place(
        self, path: tuple[str, ...], graph_name: str | None, trigger_call_id: str | None
    ) -> None:
        self.path = path
        self.graph_name = graph_name
        self.trigger_call_id = trigger_call_id
        self.status: Any = "started"
        self.error: str | None = None
        self._seen_terminal = False

    def _is_over(self, run: Any, pump: Any) -> bool:
        return run._exhausted or self._seen_terminal or run._mux._events._closed or pump is None


class SubgraphRunStream(GraphRunStream, _Nested):
    """The streams of a subgraph; the run around it drives them."""

    def __init__(
        self,
        mux: StreamMux,
        *,
        path: tuple[str, ...],
        graph_name: str | None = None,
        trigger_call_id: str | None = None,
    ) -> None:
        self._around: Callable[[], bool] | None = mux._pump_fn
        super().__init__(None, mux, wire_pump=False)
        self._place(path, graph_name, trigger_call_id)

    def _pump_next(self) -> bool:
        around = self._around
        return False if around is None or self._is_over(self, around) else around()


class AsyncSubgraphRunStream(AsyncGraphRunStream, _Nested):
    """The streams of a subgraph with asyncio; the run around it drives them."""

    def __init__(
        self,
        mux: StreamMux,
        *,
        path: tuple[str, ...],
        graph_name: str | None = None,
        trigger_call_id: str | None = None,
    ) -> None:
        self._around: Callable[[], Awaitable[bool]] | None = mux._apump_fn
        super().__init__(None, mux, wire_pump=False)
        self._place(path, graph_name, trigger_call_id)

    async def _apump_next(self) -> bool:
        around = self._around
        return False if around is None or self._is_over(self, around) else await around()
