"""Stands in for `langgraph.stream.stream_channel`: a queue with one reader."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")

__all__ = ("StreamChannel",)


class StreamChannel(Generic[T]):
    """Hands on what is pushed into it to its one reader, who drives the run by reading.

    A channel with a name also makes an event of each item. `tee` and `atee` serve several readers.
    """

    def __init__(self, name: str | None = None, *, maxlen: int | None = None) -> None:
        if maxlen is not None and maxlen < 1:
            raise ValueError("StreamChannel maxlen must be a positive int or None")
        self.name = name
        self._maxlen = maxlen
        self._items: deque[tuple[int, T]] = deque()
        self._closed = False
        self._error: BaseException | None = None
        self._is_async: bool | None = None
        self._subscribed = False
        self._request_more: Callable[[], bool] | None = None
        self._arequest_more: Callable[[], Awaitable[bool]] | None = None
        self._wire_fn: Callable[[T], None] | None = None
        self._mux: Any = None

    def _bind_mux(self, mux: Any) -> None:
        self._mux = mux

    def _bind(self, *, is_async: bool) -> None:
        if self._is_async is not None:
            raise RuntimeError("StreamChannel is already bound")
        self._is_async = is_async

    def _wire(self, fn: Callable[[T], None]) -> None:
        self._wire_fn = fn

    def push(self, item: T) -> None:
        """Hand on an item; without a reader it is kept by nobody.

        Raises:
            RuntimeError: If the channel is closed.
        """
        if self._subscribed:
            if self._closed:
                raise RuntimeError("Cannot push to a closed StreamChannel")
            self._items.append((self._mux._next_push_seq() if self._mux else 0, item))
        if self._wire_fn is not None:
            self._wire_fn(item)

    def close(self) -> None:
        """Nothing more will come."""
        self._closed = True

    def fail(self, err: BaseException) -> None:
        """Nothing more will come, because of an error that the reader gets."""
        self._error = err
        self._closed = True

    def __iter__(self) -> Iterator[T]:
        """Become the reader.

        Raises:
            TypeError: If the run is one with asyncio.
            RuntimeError: If there is a reader.
        """
        self._subscribe(is_async=False)
        return self._read()

    def __aiter__(self) -> AsyncIterator[T]:
        """As `__iter__`, with asyncio."""
        self._subscribe(is_async=True)
        return self._aread()

    def _subscribe(self, *, is_async: bool) -> None:
        if self._is_async is None:
            raise TypeError(
                "StreamChannel has not been bound yet. "
                "Register the transformer with a StreamMux first."
            )
        if self._is_async is not is_async:
            bound, use = ("sync", "for") if is_async else ("async", "async for")
            raise TypeError(f"This StreamChannel is bound to {bound} mode — use '{use}' instead.")
        if self._subscribed:
            tee = ".atee(n)" if is_async else ".tee(n)"
            raise RuntimeError(f"StreamChannel already has a subscriber; use {tee} for fan-out.")
        self._subscribed = True

    def _is_over(self) -> bool:
        if self._closed and self._error is not None:
            raise self._error
        return self._closed

    def _read(self) -> Iterator[T]:
        while True:
            while self._items:
                yield self._items.popleft()[1]
            if self._is_over() or self._request_more is None:
                return
            if not self._request_more() and not self._items and not self._closed:
                return

    async def _aread(self) -> AsyncIterator[T]:
        while True:
            while self._items:
                yield self._items.popleft()[1]
            if self._is_over() or self._arequest_more is None:
                return
            if not await self._arequest_more() and not self._items and not self._closed:
                return

    def tee(self, n: int = 2) -> tuple[Iterator[T], ...]:
        """Several iterators over the same items.

        Raises:
            ValueError: If `n` is less than one.
        """
        if n < 1:
            raise ValueError("tee() requires n >= 1")
        source = iter(self)
        buffers: list[deque[T]] = [deque() for _ in range(n)]

        def branch(own: deque[T]) -> Iterator[T]:
            while True:
                while own:
                    yield own.popleft()
                try:
                    item = next(source)
                except StopIteration:
                    return
                for buffer in buffers:
                    buffer.append(item)

        return tuple(branch(buffer) for buffer in buffers)

    def atee(self, n: int = 2) -> tuple[AsyncIterator[T], ...]:
        """As `tee`, with asyncio."""
        if n < 1:
            raise ValueError("atee() requires n >= 1")
        source = aiter(self)
        buffers: list[deque[T]] = [deque() for _ in range(n)]
        lock = asyncio.Lock()
        ended: list[BaseException | None] = []

        async def advance(own: deque[T]) -> None:
            async with lock:
                # another branch may have advanced in the meantime
                if own or ended:
                    return
                try:
                    item = await anext(source)
                except StopAsyncIteration:
                    ended.append(None)
                except Exception as error:
                    ended.append(error)
                else:
                    for buffer in buffers:
                        buffer.append(item)

        async def branch(own: deque[T]) -> AsyncIterator[T]:
            while True:
                while own:
                    yield own.popleft()
                if ended:
                    if ended[0] is not None:
                        raise ended[0]
                    return
                await advance(own)

        return tuple(branch(buffer) for buffer in buffers)
