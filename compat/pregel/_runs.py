"""Runs a graph: `invoke` and `stream` with all their options, with and without asyncio."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, ClassVar, Final

from langferry import graph as own
from langferry.compat._internal._ambient import ambient
from langferry.compat._internal._config import merge_configs
from langferry.compat._internal._constants import INTERRUPT
from langferry.compat.pregel import _calls
from langferry.compat.pregel._events import Events
from langferry.compat.pregel._run_runtime import run_runtime
from langferry.compat.runtime import RunControl
from langferry.compat.types import GraphOutput
from langferry.graph.operations import Call, Steps
from langferry.graph.runtime import no_writer
from langferry.graph.sink import Sink
from langferry.graph.starting import MODES, Options, Starting, checked, read_options

_RESULT_MODES: Final = ["updates", "values"]


class Runs(Events, own.CompiledStateGraph):
    """Runs a graph on the engine and shows its callers what LangGraph would."""

    stream_modes: ClassVar[frozenset[str]] = MODES | _calls.LIVE_MODES
    config: Any
    store: Any
    name: str

    def invoke(
        self,
        input: Any,
        config: Any = None,
        *,
        context: Any = None,
        stream_mode: Any = "values",
        print_mode: Any = (),
        output_keys: str | Sequence[str] | None = None,
        interrupt_before: Any = None,
        interrupt_after: Any = None,
        durability: Any = None,
        control: RunControl | None = None,
        version: str = "v1",
        **kwargs: Any,
    ) -> Any:
        """Run to the end, or to an interrupt, and return the output.

        With a stream mode other than `values`, return the list of chunks.
        """
        result_only = stream_mode == "values"
        call, options = self._prepared(
            config,
            _RESULT_MODES if result_only else stream_mode,
            self.output_channels if output_keys is None else output_keys,
            kwargs,
            print_mode=print_mode,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            durability=durability,
            control=control,
            version=version,
        )
        if result_only and not (options.subgraphs or call.listened):
            starting = Starting(self, input, call.config, context, None, options)
            return self._answer(*self._result(starting), version)
        collected = _Collected(result_only, version)
        for chunk in self._told(call, options, input, context):
            collected.take(chunk)
        return collected.result()

    async def ainvoke(
        self,
        input: Any,
        config: Any = None,
        *,
        context: Any = None,
        stream_mode: Any = "values",
        print_mode: Any = (),
        output_keys: str | Sequence[str] | None = None,
        interrupt_before: Any = None,
        interrupt_after: Any = None,
        durability: Any = None,
        control: RunControl | None = None,
        version: str = "v1",
        **kwargs: Any,
    ) -> Any:
        """As `invoke`, with asyncio."""
        result_only = stream_mode == "values"
        call, options = self._prepared(
            config,
            _RESULT_MODES if result_only else stream_mode,
            self.output_channels if output_keys is None else output_keys,
            kwargs,
            print_mode=print_mode,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            durability=durability,
            control=control,
            version=version,
        )
        if result_only and not (options.subgraphs or call.listened):
            starting = Starting(self, input, call.config, context, None, options)
            return self._answer(*await self._aresult(starting), version)
        collected = _Collected(result_only, version)
        async for chunk in self._atold(call, options, input, context):
            collected.take(chunk)
        return collected.result()

    def _prepared(
        self, config: Any, stream_mode: Any, output_keys: Any, extra: dict[str, Any], **given: Any
    ) -> tuple[_calls.Call, Options]:
        """What a run is called with, and the options the engine's own API reads from it."""
        call = _calls.begin(
            self,
            config,
            stream_mode=stream_mode,
            print_mode=given["print_mode"],
            subgraphs=given.get("subgraphs", extra.get("subgraphs", False)),
            version=given["version"],
        )
        if extra:
            given["durability"] = _calls.durability_of(given["durability"], extra)
            return call, read_options({**extra, **given, "sink": call.sink}, output_keys)
        options = Options(output_keys=output_keys, sink=call.sink, **given)
        return call, checked(options)

    def stream(
        self,
        input: Any,
        config: Any = None,
        *,
        context: Any = None,
        stream_mode: Any = None,
        print_mode: Any = (),
        output_keys: str | Sequence[str] | None = None,
        interrupt_before: Any = None,
        interrupt_after: Any = None,
        durability: Any = None,
        control: RunControl | None = None,
        subgraphs: bool = False,
        debug: bool | None = None,
        version: str = "v1",
        **kwargs: Any,
    ) -> Iterator[Any]:
        """Run, and give chunks as they come."""
        call, options = self._prepared(
            config,
            stream_mode,
            output_keys,
            kwargs,
            print_mode=print_mode,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            durability=durability,
            control=control,
            subgraphs=subgraphs,
            debug=debug,
            version=version,
        )
        yield from self._told(call, options, input, context)

    def _told(self, call: _calls.Call, options: Options, input: Any, context: Any) -> Iterator[Any]:
        """A run's chunks, with callbacks being told of the run."""
        told = None
        if call.listened:
            manager = _calls.manager_for(call, asynchronous=False)
            told = manager.on_chain_start(
                None,
                input,
                name=call.config.get("run_name", self.get_name()),
                run_id=call.config.get("run_id"),
            )
            _calls.attach_streams(call, told)
            call.config.manager = told
            _calls.tell_graph_callbacks(call, told, asynchronous=False)
        try:
            starting = Starting(self, input, call.config, context, call.stream_mode, options)
            yield from own.CompiledStateGraph._chunks(self, starting)
            if call.config.lifecycle is not None:
                call.config.lifecycle.paused(starting.run)
        except BaseException as error:
            if told is not None:
                told.on_chain_error(error)
            raise
        if told is not None:
            told.on_chain_end(starting.run.output)

    async def astream(
        self,
        input: Any,
        config: Any = None,
        *,
        context: Any = None,
        stream_mode: Any = None,
        print_mode: Any = (),
        output_keys: str | Sequence[str] | None = None,
        interrupt_before: Any = None,
        interrupt_after: Any = None,
        durability: Any = None,
        control: RunControl | None = None,
        subgraphs: bool = False,
        debug: bool | None = None,
        version: str = "v1",
        **kwargs: Any,
    ) -> AsyncIterator[Any]:
        """As `stream`, with asyncio."""
        call, options = self._prepared(
            config,
            stream_mode,
            output_keys,
            kwargs,
            print_mode=print_mode,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            durability=durability,
            control=control,
            subgraphs=subgraphs,
            debug=debug,
            version=version,
        )
        async with aclosing(self._atold(call, options, input, context)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _atold(
        self, call: _calls.Call, options: Options, input: Any, context: Any
    ) -> AsyncGenerator[Any]:
        """As `_told`, with asyncio."""
        told = None
        if call.listened:
            manager = _calls.manager_for(call, asynchronous=True)
            told = await manager.on_chain_start(
                None,
                input,
                name=call.config.get("run_name", self.get_name()),
                run_id=call.config.get("run_id"),
            )
            _calls.attach_streams(call, told)
            call.config.manager = told
            _calls.tell_graph_callbacks(call, told, asynchronous=True)
        try:
            starting = Starting(self, input, call.config, context, call.stream_mode, options)
            async with aclosing(own.CompiledStateGraph._achunks(self, starting)) as chunks:
                async for chunk in chunks:
                    yield chunk
            if call.config.lifecycle is not None:
                await call.config.lifecycle.apaused(starting.run)
        except BaseException as error:
            if told is not None:
                await told.on_chain_error(error)
            raise
        if told is not None:
            await told.on_chain_end(starting.run.output)

    def _resumed(self, run: Any, config: Any) -> Steps[None]:
        lifecycle = getattr(config, "lifecycle", None)
        if lifecycle is not None:
            run.begin()
            yield Call(lifecycle, "resumed", (run,))

    def _ambient_config(self) -> Mapping[str, Any] | None:
        return ambient.get()

    def _configured(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        return merge_configs(self.config, config) if self.config else config  # type: ignore[arg-type]

    def _runtime(
        self, context: Any, config: dict[str, Any], sink: Sink | None, control: Any
    ) -> Any:
        writer = self._writer(config, sink)
        return run_runtime(
            config,
            context=context,
            store=self.store,
            # a writer that tells nobody counts as one, and is not filled up with the outer run's
            writer=_no_writer if writer is no_writer else writer,
            control=control,
        )


def _no_writer(_: Any) -> None:
    """The stream writer of a run whose caller did not ask for custom chunks."""


class _Collected:
    """What `invoke` makes of the chunks of a run."""

    def __init__(self, result_only: bool, version: str) -> None:
        self._values = result_only
        self._version = version
        self._latest: Any = None
        self._chunks: list[Any] = []
        self._interrupts: list[Any] = []

    def take(self, chunk: Any) -> None:
        """Take a chunk."""
        if not self._values:
            self._chunks.append(chunk)
            return
        mode, payload = (chunk["type"], chunk["data"]) if self._version == "v2" else chunk[-2:]
        if mode == "values":
            self._latest = payload
        elif isinstance(payload, dict) and (asked := payload.get(INTERRUPT)):
            self._interrupts.extend(asked)

    def result(self) -> Any:
        """What `invoke` returns."""
        if not self._values:
            return self._chunks
        if self._version == "v2":
            return GraphOutput(value=self._latest, interrupts=tuple(self._interrupts))
        if not self._interrupts:
            return self._latest
        asked = {INTERRUPT: self._interrupts}
        return {**self._latest, **asked} if isinstance(self._latest, dict) else asked
