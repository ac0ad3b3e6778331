"""A graph ready to run."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from langferry import _engine
from langferry.graph.bodies import Body
from langferry.graph.channels import Channel
from langferry.graph.config import TASK_ID, complete
from langferry.graph.constants import INTERRUPT, NULL_TASK_ID, START
from langferry.graph.errors import EmptyInputError, InvalidUpdateError, Unsupported
from langferry.graph.face import Face
from langferry.graph.fields import MISSING
from langferry.graph.outputs import read_output
from langferry.graph.run import Chunk, Host, drive, refuse_interrupt_of_subgraph
from langferry.graph.runtime import Runtime, current
from langferry.graph.saving import Saving
from langferry.graph.schema import Schema, coercion
from langferry.graph.snapshot import snapshot
from langferry.graph.types import Command, Send, StateSnapshot

if TYPE_CHECKING:
    from langferry.graph.state_graph import StateGraph

logger = logging.getLogger(__name__)

MODES = frozenset(("values", "updates", "tasks", "debug", "checkpoints"))


class CompiledStateGraph:
    """A graph that can be invoked and streamed, synchronously and with asyncio."""

    face: ClassVar[Face] = Face()
    host_type: ClassVar[type[Host]] = Host

    def __init__(
        self, builder: "StateGraph[Any]", *, checkpointer: Any, store: Any, name: str
    ) -> None:
        self.builder = builder
        self.checkpointer = checkpointer
        self.store = store
        self.name = name
        self.input_keys = list(builder.schemas[builder.input_schema].channels)
        self.output_keys = list(builder.schemas[builder.output_schema].channels)
        self.stream_keys = list(builder.channels)
        self._node_metadata = {
            name: node.metadata for name, node in builder.nodes.items() if node.metadata
        }
        self._subgraphs = frozenset(
            name
            for name, node in builder.nodes.items()
            if isinstance(node.action, CompiledStateGraph)
        )
        self._engine = self._compile(builder)

    def get_name(self) -> str:
        """The graph's name."""
        return self.name

    def invoke(
        self,
        input: Any,
        config: Mapping[str, Any] | None = None,
        *,
        context: Any = None,
        stream_mode: str | Sequence[str] = "values",
        **options: Any,
    ) -> Any:
        """Run to the end, or to an interrupt, and return the output keys of the state.

        With a stream mode other than `values`, return the list of chunks.
        """
        if stream_mode != "values":
            chunks = self._stream(input, config, context, stream_mode, options, output_only=True)
            return list(chunks)
        self._check(options)
        full = self._config(config)
        saving = self._saving(full)
        stored = self._stored(saving, input)
        run, host = self._run(input, full, context, None, saving, stored, output_only=True)
        if saving is not None and isinstance(input, Command):
            self._save_command(host, saving, input)
        state, interrupts = run.result()
        self._refuse_nested_interrupt(run, full)
        return _with_interrupts(state, interrupts)

    async def ainvoke(
        self,
        input: Any,
        config: Mapping[str, Any] | None = None,
        *,
        context: Any = None,
        stream_mode: str | Sequence[str] = "values",
        **options: Any,
    ) -> Any:
        """As `invoke`, with asyncio."""
        if stream_mode != "values":
            chunks = self._astream(input, config, context, stream_mode, options, output_only=True)
            return [chunk async for chunk in chunks]
        self._check(options)
        full = self._config(config)
        saving = self._saving(full)
        stored = await self._astored(saving, input)
        run, host = self._run(input, full, context, None, saving, stored, output_only=True)
        if saving is not None and isinstance(input, Command):
            await self._asave_command(host, saving, input)
        async for _ in drive(run, host):
            pass
        state, interrupts = run.last_state()
        self._refuse_nested_interrupt(run, full)
        return _with_interrupts(state, interrupts)

    def stream(
        self,
        input: Any,
        config: Mapping[str, Any] | None = None,
        *,
        context: Any = None,
        stream_mode: str | Sequence[str] | None = None,
        **options: Any,
    ) -> Iterator[Any]:
        """Run, and give chunks as they come; with several modes, pairs of mode and chunk.

        Raises:
            Exception: Whatever a node raises, and the errors of `langferry.graph.errors`.
        """
        return self._stream(input, config, context, stream_mode or "updates", options)

    def astream(
        self,
        input: Any,
        config: Mapping[str, Any] | None = None,
        *,
        context: Any = None,
        stream_mode: str | Sequence[str] | None = None,
        **options: Any,
    ) -> AsyncIterator[Any]:
        """As `stream`, with asyncio."""
        return self._astream(input, config, context, stream_mode or "updates", options)

    def get_state(self, config: Mapping[str, Any], *, subgraphs: bool = False) -> StateSnapshot:
        """The state of a thread.

        Raises:
            ValueError: Without a checkpointer.
        """
        saving = self._state_saving(config, subgraphs)
        return self._snapshot(saving, saving.saver.get_tuple(saving.config))

    async def aget_state(
        self, config: Mapping[str, Any], *, subgraphs: bool = False
    ) -> StateSnapshot:
        """As `get_state`, with asyncio."""
        saving = self._state_saving(config, subgraphs)
        return self._snapshot(saving, await saving.saver.aget_tuple(saving.config))

    def _stream(
        self,
        input: Any,
        config: Mapping[str, Any] | None,
        context: Any,
        stream_mode: str | Sequence[str],
        options: dict[str, Any],
        *,
        output_only: bool = False,
    ) -> Iterator[Any]:
        self._check(options)
        modes = _modes(stream_mode)
        full = self._config(config)
        saving = self._saving(full)
        stored = self._stored(saving, input)
        run, host = self._run(input, full, context, modes, saving, stored, output_only=output_only)
        if saving is not None and isinstance(input, Command):
            self._save_command(host, saving, input)
        shown = _shown(stream_mode, modes)
        for chunk in run:
            yield from shown(chunk)
        self._refuse_nested_interrupt(run, full)

    async def _astream(
        self,
        input: Any,
        config: Mapping[str, Any] | None,
        context: Any,
        stream_mode: str | Sequence[str],
        options: dict[str, Any],
        *,
        output_only: bool = False,
    ) -> AsyncIterator[Any]:
        self._check(options)
        modes = _modes(stream_mode)
        full = self._config(config)
        saving = self._saving(full)
        stored = await self._astored(saving, input)
        run, host = self._run(input, full, context, modes, saving, stored, output_only=output_only)
        if saving is not None and isinstance(input, Command):
            await self._asave_command(host, saving, input)
        shown = _shown(stream_mode, modes)
        async for chunk in drive(run, host):
            for one in shown(chunk):
                yield one
        self._refuse_nested_interrupt(run, full)

    def _compile(self, builder: "StateGraph[Any]") -> _engine.Graph:
        nodes = [
            (
                name,
                *_reads(builder.schemas[node.input_schema]),
                node.defer,
                *self._calls(node.body, builder.schemas[node.input_schema], node.input_schema),
            )
            for name, node in builder.nodes.items()
        ]
        branches = []
        for source, by_name in builder.branches.items():
            for name, branch in by_name.items():
                source_node = builder.nodes.get(source)
                default = source_node.input_schema if source_node else builder.state_schema
                schema = branch.input_schema or default
                read = builder.schemas[schema]
                branches.append(
                    (
                        source,
                        name,
                        *_reads(read),
                        *self._calls(branch.body, read, schema),
                        branch.targets,
                        branch.input_schema is None,
                    )
                )
        return _engine.Graph(
            self.face,
            channels=[(name, *_channel(channel)) for name, channel in builder.channels.items()],
            nodes=nodes,
            edges=sorted(builder.edges),
            joins=[(list(starts), end) for starts, end in sorted(builder.waiting_edges)],
            branches=branches,
            outputs=self.output_keys,
        )

    def _calls(self, body: Body, schema: Schema, cls: Any) -> tuple[Any, ...]:
        managed = [(name, kind.at) for name, kind in schema.managed.items()]
        return body.run, body.arun, coercion(schema.keys, cls), managed

    def _ambient_config(self) -> Mapping[str, Any] | None:
        scope = current.get(None)
        return None if scope is None else scope.config

    def _config(self, config: Mapping[str, Any] | None) -> dict[str, Any]:
        full = complete(config, self._ambient_config())
        if full["recursion_limit"] < 1:
            raise ValueError("recursion_limit must be at least 1")
        if full.get("callbacks"):
            raise Unsupported("LF415", "config['callbacks'] is not supported yet; leave it out")
        return full

    def _check(self, options: dict[str, Any]) -> None:
        for option, value in options.items():
            if option in ("interrupt_before", "interrupt_after") and value:
                raise Unsupported("LF406", f"{option} is not supported yet")
            if option == "durability":
                if value not in (None, "sync", "async"):
                    raise Unsupported("LF413", f"durability={value!r} is not supported yet")
            elif option == "version" and value == "v1":
                continue
            elif value:
                raise Unsupported("LF404", f"the option {option!r} is not supported yet")

    def _saving(self, config: dict[str, Any]) -> Saving | None:
        configurable = config["configurable"]
        if not self.checkpointer or TASK_ID in configurable:
            return None
        if not configurable:
            raise ValueError(
                "Checkpointer requires one or more of the following 'configurable' "
                "keys: thread_id, checkpoint_ns, checkpoint_id"
            )
        if configurable.get("checkpoint_id"):
            raise Unsupported("LF412", "running from an earlier checkpoint is not supported yet")
        return Saving(self.checkpointer, config, self.face.read_interrupt)

    def _stored(self, saving: Saving | None, input: Any) -> dict[str, Any] | None:
        if saving is None:
            return None
        return self._load(saving, input, saving.saver.get_tuple(saving.config))

    async def _astored(self, saving: Saving | None, input: Any) -> dict[str, Any] | None:
        if saving is None:
            return None
        return self._load(saving, input, await saving.saver.aget_tuple(saving.config))

    def _load(self, saving: Saving, input: Any, found: Any) -> dict[str, Any] | None:
        resuming = input is None or isinstance(input, Command)
        return saving.take(found, resuming=resuming)

    def _run(
        self,
        input: Any,
        config: dict[str, Any],
        context: Any,
        modes: list[str] | None,
        saving: Saving | None,
        stored: dict[str, Any] | None,
        *,
        output_only: bool = False,
    ) -> tuple[Any, Host]:
        if isinstance(input, Command) and input.resume is not None:
            self._check_resume(input.resume, saving)
        if stored is None and self.face.new_checkpoint_id is not None:
            self.face.new_checkpoint_id(-2, False)
        nested = TASK_ID in config["configurable"]
        runtime = self._runtime(context, config)
        host = self.host_type(
            config, runtime, saving, self._node_metadata, self.stream_keys, self._subgraphs
        )
        raw = saving.input if saving is not None else None
        run = _engine.Run(
            self._engine,
            host,
            self._start(input),
            modes=modes,
            recursion_limit=int(config["recursion_limit"]),
            checkpoint=stored,
            input=None if raw is None else self._input_writes(raw),
            raw_input=raw,
            saves=saving is not None,
            output_only=output_only,
            namespace=config["configurable"].get("checkpoint_ns") or "" if nested else "",
            nested=nested,
        )
        return run, host

    def _runtime(self, context: Any, config: dict[str, Any]) -> Any:
        return Runtime(context=self._context(context), store=self.store)

    def _context(self, context: Any) -> Any:
        """The context object, built from a dict when the graph has a class for it."""
        schema = self.builder.context_schema
        if context is None or schema is None or not isinstance(context, dict):
            return context
        build = coercion([], schema)
        return context if build is None else build(**context)

    def _start(self, input: Any) -> tuple[Any, ...] | None:
        if input is None:
            return None
        if not isinstance(input, Command):
            return input, self._input_writes(input)
        if input.graph == Command.PARENT:
            raise InvalidUpdateError("There is no parent graph")
        goto = input.goto if isinstance(input.goto, list | tuple) else [input.goto]
        for target in goto:
            if not isinstance(target, Send | str):
                raise TypeError(f"In Command.goto, expected Send/str, got {type(target).__name__}")
        by_id = isinstance(input.resume, dict) and all(map(_is_interrupt_id, input.resume))
        if not (goto or input.update) and input.resume is None:
            raise EmptyInputError("Received empty Command input")
        update = input._update_as_tuples() if input.update else ()
        return input.resume, by_id, update, goto

    def _input_writes(self, input: Any) -> Sequence[tuple[str, Any]]:
        writes, _ = read_output(input, self.input_keys)
        return writes

    def _check_resume(self, resume: Any, saving: Saving | None) -> None:
        if saving is None:
            raise RuntimeError("Cannot use Command(resume=...) without checkpointer")
        if isinstance(resume, dict) and all(map(_is_interrupt_id, resume)):
            return
        if len({interrupt.id for interrupt in saving.open_interrupts()}) > 1:
            raise RuntimeError(
                "When there are multiple pending interrupts, you must specify the interrupt id "
                "when resuming. Docs: https://docs.langchain.com/oss/python/langgraph/interrupts"
                "#handling-multiple-interrupts."
            )

    def _command_writes(self, saving: Saving, command: Command[Any]) -> Any:
        resume, by_id, update, goto = self._start(command) or (None, False, (), ())
        writes: list[tuple[str, Any]] = []
        for target in goto:
            if isinstance(target, Send):
                writes.append(("__pregel_tasks", target))
            else:
                writes.append((f"branch:to:{target}", START))
        if resume is not None and not by_id:
            writes.append(("__resume__", resume))
        writes.extend(update)
        return (NULL_TASK_ID, None, saving.command(writes)) if writes else None

    def _save_command(self, host: Host, saving: Saving, command: Command[Any]) -> None:
        if saving.metadata and (written := self._command_writes(saving, command)):
            host.save_writes(written)

    async def _asave_command(self, host: Host, saving: Saving, command: Command[Any]) -> None:
        if saving.metadata and (written := self._command_writes(saving, command)):
            await host.asave_writes(written)

    def _refuse_nested_interrupt(self, run: Any, config: dict[str, Any]) -> None:
        if TASK_ID in config["configurable"] and run.interrupted:
            raise refuse_interrupt_of_subgraph()

    def _state_saving(self, config: Mapping[str, Any], subgraphs: bool) -> Saving:
        if not self.checkpointer:
            raise ValueError("No checkpointer set")
        if subgraphs:
            raise Unsupported("LF411", "get_state(subgraphs=True) is not supported yet")
        full = complete(config, None)
        if full["configurable"].get("checkpoint_ns"):
            raise Unsupported("LF411", "the state of a subgraph is not kept yet")
        if full["configurable"].get("checkpoint_id"):
            raise Unsupported("LF412", "the state of an earlier checkpoint is not supported yet")
        return Saving(self.checkpointer, full, self.face.read_interrupt)

    def _snapshot(self, saving: Saving, found: Any) -> StateSnapshot:
        stored = self._load(saving, None, found)
        if stored is None:
            return StateSnapshot({}, (), saving.config, None, None, None, (), ())
        run, _ = self._run(
            None, complete(saving.config, None), None, ["checkpoints"], saving, stored
        )
        told, _, _ = run.advance()
        planned = next(payload for kind, payload in told if kind == "planned")
        return snapshot(found, saving.pending, planned, self.builder.channels)


def _reads(schema: Schema) -> tuple[list[str]]:
    return (list(schema.channels),)


def _channel(channel: Channel) -> tuple[Any, Any]:
    if channel.reducer is None:
        return None, None
    starts = channel.initial() is not MISSING
    return channel.reducer, channel.initial if starts else None


def _with_interrupts(state: Any, interrupts: tuple[Any, ...]) -> Any:
    if not interrupts:
        return state
    told = {INTERRUPT: list(interrupts)}
    return {**state, **told} if isinstance(state, dict) else told


def _modes(stream_mode: str | Sequence[str]) -> list[str]:
    modes = [stream_mode] if isinstance(stream_mode, str) else list(stream_mode)
    for mode in modes:
        if mode not in MODES:
            raise Unsupported(
                "LF404",
                f"the stream mode {mode!r} is not supported yet; use one of {sorted(MODES)}",
            )
    return modes


def _shown(
    stream_mode: str | Sequence[str], modes: list[str]
) -> Callable[[Chunk], tuple[Any, ...]]:
    """How a chunk is told to the caller: bare for one mode, with its mode for a list."""
    if isinstance(stream_mode, list):
        return lambda chunk: (chunk,) if chunk[0] in modes else ()
    return lambda chunk: (chunk[1],) if chunk[0] in modes else ()


def _is_interrupt_id(key: Any) -> bool:
    return (
        isinstance(key, str)
        and len(key) == 32
        and all(character in "0123456789abcdef" for character in key)
    )
