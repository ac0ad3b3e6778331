"""The streams of a run on a server, with the surface that runs in this process have."""

import logging
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from types import TracebackType
from typing import Any, ClassVar, Self

from langgraph_sdk.stream.decoders import DataDecoder

from langferry.compat.types import Command

logger = logging.getLogger(__name__)


def _translate_command_input(input: Any) -> Any:
    """What a server is to be given as input.

    A server decides by the thread's state whether a run starts or goes on, and takes the input of
    one that goes on as its answer; so of a command only the answer is sent.

    Raises:
        NotImplementedError: For a command that does more than answer.
    """
    if not isinstance(input, Command):
        return input
    if input.goto or input.update:
        raise NotImplementedError(
            "RemoteGraph v3 streaming supports `Command(resume=...)` only; "
            "`goto` / `update` are not supported by the v3 `run.start` path."
        )
    return input.resume


class _ChannelProjection:
    """The payloads of one channel of events, for channels the SDK has no stream of its own for.

    Iterated with or without asyncio, as the SDK's stream is; that has to be entered before.
    """

    def __init__(self, sdk: Any, channel: str) -> None:
        self._sdk = sdk
        self._channel = channel

    def __iter__(self) -> Iterator[Any]:
        decoder = DataDecoder(self._channel)
        for event in self._sdk.subscribe([self._channel]):
            yield from decoder.feed(event)

    async def __aiter__(self) -> AsyncIterator[Any]:
        decoder = DataDecoder(self._channel)
        async for event in self._sdk.subscribe([self._channel]):
            for item in decoder.feed(event):
                yield item


class _ProjectionRegistry(Mapping[str, Any]):
    """The streams of a run by name.

    Other names than those listed are channels of a graph's own. The life cycle is missing: its
    payloads are not those of a run in this process.
    """

    _TYPED: ClassVar = ("values", "messages", "tool_calls", "subgraphs")
    _DECODED: ClassVar = ("updates", "checkpoints", "tasks", "custom")
    _NATIVE: ClassVar = _TYPED + _DECODED

    def __init__(self, sdk: Any) -> None:
        self._sdk = sdk

    def __getitem__(self, name: str) -> Any:
        if name in self._TYPED:
            return getattr(self._sdk, name)
        if name in self._DECODED:
            return _ChannelProjection(self._sdk, name)
        return self._sdk.extensions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._NATIVE)

    def __len__(self) -> int:
        return len(self._NATIVE)


class _Streams:
    """What a run on a server has, with and without asyncio."""

    def __init__(self, client: Any, sdk_thread: Any, input: Any, config: Any, metadata: Any):
        self._client = client
        self._sdk = sdk_thread
        self._start_kwargs = {
            "input": _translate_command_input(input),
            "config": config,
            "metadata": metadata,
        }
        self._run_id: str | None = None
        self._closed = False
        self._events: Any = None

    @property
    def values(self) -> Any:
        """The states of the run."""
        return self._sdk.values

    @property
    def messages(self) -> Any:
        """The messages that models write."""
        return self._sdk.messages

    @property
    def subgraphs(self) -> Any:
        """The graphs that run within this one."""
        return self._sdk.subgraphs

    @property
    def tool_calls(self) -> Any:
        """The tools that run; what a model asks of them is in `messages`."""
        return self._sdk.tool_calls

    @property
    def extensions(self) -> Mapping[str, Any]:
        """All streams by name."""
        return _ProjectionRegistry(self._sdk)

    def _open(self) -> None:
        if self._closed:
            raise RuntimeError(f"{type(self).__name__} already closed")

    def _close(self) -> bool:
        """Mark the run as closed; returns whether it was open."""
        was_open, self._closed = not self._closed, True
        return was_open


class _RemoteGraphRunStream(_Streams):
    """The streams of a run on a server. The run starts when they are entered."""

    def __init__(
        self, *, sync_client: Any, sdk_thread: Any, input: Any, config: Any, metadata: Any
    ) -> None:
        super().__init__(sync_client, sdk_thread, input, config, metadata)

    def __enter__(self) -> Self:
        self._open()
        self._sdk.__enter__()
        try:
            started = self._sdk.run.start(**self._start_kwargs)
        except BaseException:
            self._sdk.__exit__(*sys.exc_info())
            raise
        self._run_id = started["run_id"]
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._close():
            self._sdk.__exit__(exc_type, exc, tb)

    @property
    def output(self) -> Any:
        """The state at the end of the run."""
        return self._sdk.output

    @property
    def interrupted(self) -> bool:
        """Whether the run stands at a question now; does not wait for one."""
        return bool(self._sdk.interrupted)

    @property
    def interrupts(self) -> list[Any]:
        """The questions that are open now."""
        return list(self._sdk.interrupts)

    def abort(self) -> None:
        """Cancel the run, if the server lets it."""
        if not self._close():
            return
        if self._run_id is not None:
            try:
                self._client.runs.cancel(self._sdk.thread_id, self._run_id, wait=False)
            except Exception:
                logger.debug("the run could not be cancelled", exc_info=True)
        try:
            self._sdk.close()
        except Exception:
            logger.debug("the stream could not be closed", exc_info=True)

    def __iter__(self) -> Iterator[Any]:
        if self._events is None:
            self._events = iter(self._sdk.events)
        events: Iterator[Any] = self._events
        return events

    def interleave(self, *names: str) -> Iterator[tuple[str, Any]]:
        """Several streams as one, in the order in which their items come."""
        yield from self._sdk.interleave_projections(list(names))


class _AsyncRemoteGraphRunStream(_Streams):
    """As `_RemoteGraphRunStream`, with asyncio."""

    def __init__(
        self, *, client: Any, sdk_thread: Any, input: Any, config: Any, metadata: Any
    ) -> None:
        super().__init__(client, sdk_thread, input, config, metadata)

    async def __aenter__(self) -> Self:
        self._open()
        await self._sdk.__aenter__()
        try:
            started = await self._sdk.run.start(**self._start_kwargs)
        except BaseException:
            await self._sdk.__aexit__(*sys.exc_info())
            raise
        self._run_id = started["run_id"]
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._close():
            await self._sdk.__aexit__(exc_type, exc, tb)

    async def output(self) -> Any:
        """Run to the end and give the state there."""
        return await self._sdk.output

    async def interrupted(self) -> bool:
        """Whether the run stands at a question now; does not wait for one."""
        return bool(self._sdk.interrupted)

    async def interrupts(self) -> list[Any]:
        """The questions that are open now."""
        return list(self._sdk.interrupts)

    async def abort(self) -> None:
        """Cancel the run, if the server lets it."""
        if not self._close():
            return
        if self._run_id is not None:
            try:
                await self._client.runs.cancel(self._sdk.thread_id, self._run_id, wait=False)
            except Exception:
                logger.debug("the run could not be cancelled", exc_info=True)
        try:
            await self._sdk.close()
        except Exception:
            logger.debug("the stream could not be closed", exc_info=True)

    def __aiter__(self) -> AsyncIterator[Any]:
        if self._events is None:
            self._events = aiter(self._sdk.events)
        events: AsyncIterator[Any] = self._events
        return events
