"""A graph ready to run."""

import dataclasses
import functools
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from langferry import _engine
from langferry.graph.bodies import Body
from langferry.graph.caching import Cached, NodeCache, namespace_of
from langferry.graph.channels import Channel
from langferry.graph.config import (
    CACHE,
    CHECKPOINT_ID,
    CHECKPOINT_NS,
    CHECKPOINTER,
    RUNTIME,
    SCRATCHPAD,
    STREAM,
    TASK_ID,
    complete,
    without_task_ids,
)
from langferry.graph.constants import INTERRUPT, NS_SEP, ROOT, START, TASKS
from langferry.graph.errors import EmptyInputError, InvalidUpdateError, Unsupported
from langferry.graph.face import Face
from langferry.graph.fields import MISSING
from langferry.graph.operations import Steps, aperform, perform
from langferry.graph.outputs import read_output
from langferry.graph.policies import Policies, with_policies
from langferry.graph.retrying import starting_over
from langferry.graph.run import Host, drive
from langferry.graph.runtime import Runtime, StreamWriter, current, no_writer, write_custom
from langferry.graph.saving import FORMAT, Saving
from langferry.graph.schema import Schema, coercion
from langferry.graph.sink import Sink
from langferry.graph.starting import (
    AMBIGUOUS_RESUME,
    MODES,
    Options,
    Starting,
    Stops,
    is_interrupt_id,
    read_options,
)
from langferry.graph.threads import Threads
from langferry.graph.types import Command, Send

if TYPE_CHECKING:
    from langferry.graph.state_graph import Node, StateGraph

logger = logging.getLogger(__name__)

_SEVERAL: Final = (list, tuple)


class Bare(NamedTuple):
    """A node without its policies, to put others around it."""

    body: Body
    policies: Policies
    check: Callable[[Any], object] | None


class CompiledStateGraph(Threads):
    """A graph that can be invoked and streamed, synchronously and with asyncio."""

    face: ClassVar[Face] = Face()
    host_type: ClassVar[type[Host]] = Host
    stream_mode: str | list[str] = "updates"
    stream_modes: ClassVar[frozenset[str]] = MODES
    takes_updates: ClassVar[bool] = True
    """The input is an update of the state."""
    stream_eager: bool = False
    """Give chunks of a step out before the step has ended."""
    step_timeout: float | None = None

    def __init__(
        self,
        builder: "StateGraph[Any]",
        *,
        checkpointer: Any,
        store: Any,
        name: str,
        cache: Any = None,
        interrupt_before: Stops = (),
        interrupt_after: Stops = (),
        debug: bool = False,
    ) -> None:
        self.builder = builder
        self.checkpointer = checkpointer
        self.cache = cache
        self.store = store
        self.name = name
        self.interrupt_before_nodes = interrupt_before
        self.interrupt_after_nodes = interrupt_after
        self.debug = debug
        self.input_keys = list(builder.schemas[builder.input_schema].channels)
        self.output_keys = list(builder.schemas[builder.output_schema].channels)
        self.output_channels: str | Sequence[str] = (
            ROOT if self.output_keys == [ROOT] else self.output_keys
        )
        self.stream_keys = list(builder.channels)
        self.shown_keys: str | Sequence[str] = (
            ROOT if self.stream_keys == [ROOT] else self.stream_keys
        )
        self._node_metadata = {
            name: node.metadata for name, node in builder.nodes.items() if node.metadata
        }
        self._bare: dict[str, Bare] = {}
        self._cached: dict[str, Cached] = {}
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
        output_keys: str | Sequence[str] | None = None,
        **options: Any,
    ) -> Any:
        """Run to the end, or to an interrupt, and return the output keys of the state.

        With a stream mode other than `values`, return the list of chunks.
        """
        keys = self.output_channels if output_keys is None else output_keys
        asked = read_options(options, keys)
        if stream_mode != "values":
            return list(self._stream(input, config, context, stream_mode, asked))
        if asked.subgraphs:
            chunks = list(self._stream(input, config, context, _result_modes(asked), asked))
            return self._collected(chunks, asked)
        starting = Starting(self, input, self._config(config), context, None, asked)
        return self._answer(*self._result(starting), asked.version)

    async def ainvoke(
        self,
        input: Any,
        config: Mapping[str, Any] | None = None,
        *,
        context: Any = None,
        stream_mode: str | Sequence[str] = "values",
        output_keys: str | Sequence[str] | None = None,
        **options: Any,
    ) -> Any:
        """As `invoke`, with asyncio."""
        keys = self.output_channels if output_keys is None else output_keys
        asked = read_options(options, keys)
        if stream_mode != "values":
            return [c async for c in self._astream(input, config, context, stream_mode, asked)]
        if asked.subgraphs:
            told = self._astream(input, config, context, _result_modes(asked), asked)
            return self._collected([chunk async for chunk in told], asked)
        starting = Starting(self, input, self._config(config), context, None, asked)
        return self._answer(*await self._aresult(starting), asked.version)

    def stream(
        self,
        input: Any,
        config: Mapping[str, Any] | None = None,
        *,
        context: Any = None,
        stream_mode: str | Sequence[str] | None = None,
        output_keys: str | Sequence[str] | None = None,
        **options: Any,
    ) -> Iterator[Any]:
        """Run, and give chunks as they come; with several modes, pairs of mode and chunk.

        Raises:
            Exception: Whatever a node raises, and the errors of `langferry.graph.errors`.
        """
        mode = stream_mode or self._default_mode(config)
        return self._stream(input, config, context, mode, read_options(options, output_keys))

    def astream(
        self,
        input: Any,
        config: Mapping[str, Any] | None = None,
        *,
        context: Any = None,
        stream_mode: str | Sequence[str] | None = None,
        output_keys: str | Sequence[str] | None = None,
        **options: Any,
    ) -> AsyncIterator[Any]:
        """As `stream`, with asyncio."""
        mode = stream_mode or self._default_mode(config)
        return self._astream(input, config, context, mode, read_options(options, output_keys))

    def _result(self, starting: Starting) -> tuple[Any, tuple[Any, ...]]:
        """Run to the end or to an interrupt, for the last state and the interrupts only."""
        perform(starting.begin())
        ended_well = False
        try:
            if not starting.tells:
                state, interrupts = starting.run.result()
            else:
                state, interrupts = _latest([c for c in starting.run if starting.pass_on(c)])
            ended_well = starting.run.stopped_at is None
        finally:
            perform(starting.end(ended_well))
        self._raise_nested(starting)
        return state, interrupts

    async def _aresult(self, starting: Starting) -> tuple[Any, tuple[Any, ...]]:
        """As `_result`, with asyncio."""
        await aperform(starting.begin())
        ended_well = False
        try:
            told = starting.tells
            chunks = [
                chunk
                async for chunk in drive(starting.run, starting.host, told=told)
                if starting.pass_on(chunk)
            ]
            if not told:
                state, interrupts = starting.run.last_state()
            else:
                state, interrupts = _latest(chunks)
            ended_well = starting.run.stopped_at is None
        finally:
            await aperform(starting.end(ended_well))
        self._raise_nested(starting)
        return state, interrupts

    def _stream(
        self,
        input: Any,
        config: Mapping[str, Any] | None,
        context: Any,
        stream_mode: str | Sequence[str],
        options: Options,
    ) -> Iterator[Any]:
        full = self._config(config)
        yield from self._chunks(Starting(self, input, full, context, stream_mode, options))

    def _chunks(self, starting: Starting) -> Iterator[Any]:
        perform(starting.begin())
        show = starting.shown()
        ended_well = False
        try:
            for chunk in starting.run:
                yield from show(chunk)
            ended_well = starting.run.stopped_at is None
        finally:
            perform(starting.end(ended_well))
        self._raise_nested(starting)

    async def _astream(
        self,
        input: Any,
        config: Mapping[str, Any] | None,
        context: Any,
        stream_mode: str | Sequence[str],
        options: Options,
    ) -> AsyncIterator[Any]:
        full = self._config(config)
        starting = Starting(self, input, full, context, stream_mode, options)
        async with aclosing(self._achunks(starting)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _achunks(self, starting: Starting) -> AsyncGenerator[Any]:
        await aperform(starting.begin())
        show = starting.shown()
        ended_well = False
        try:
            async with aclosing(drive(starting.run, starting.host)) as chunks:
                async for chunk in chunks:
                    for one in show(chunk):
                        yield one
            ended_well = starting.run.stopped_at is None
        finally:
            await aperform(starting.end(ended_well))
        self._raise_nested(starting)

    def _collected(self, chunks: list[Any], asked: Options) -> Any:
        """The result of a run whose subgraphs are told, too; as in LangGraph, theirs count."""
        if asked.version == "v2":
            state = chunks[-1]["data"] if chunks else None
            interrupts = [i for chunk in chunks for i in chunk["interrupts"]]
            return self.face.graph_output(state, tuple(interrupts))
        return _with_interrupts(*_latest([(mode, payload) for _, mode, payload in chunks]))

    def _default_mode(self, config: Mapping[str, Any] | None) -> str | list[str]:
        nested = config is not None and TASK_ID in config.get("configurable", {})
        return "values" if nested else self.stream_mode

    def _as_output(self, values: Any) -> Any:
        """Output keys as `version="v2"` shows them: an object of the schema, if that is a class."""
        return _built(self.output_keys, self.builder.output_schema, values)

    def _as_state(self, values: Any) -> Any:
        return _built(self.stream_keys, self.builder.state_schema, values)

    def _resumed(self, run: Any, config: dict[str, Any]) -> Steps[None]:
        """A run is about to go on from a checkpoint."""
        yield from ()

    def _answer(self, state: Any, interrupts: tuple[Any, ...], version: str) -> Any:
        if version == "v2":
            return self.face.graph_output(self._as_output(state), interrupts)
        return _with_interrupts(state, interrupts)

    def _compile(self, builder: "StateGraph[Any]") -> _engine.Graph:
        readings = {cls: _reading(cls, schema) for cls, schema in builder.schemas.items()}
        keys = [*builder.channels, *builder.managed]
        check = functools.partial(self.face.read_output, keys=keys)
        nodes = []
        for name, node in builder.nodes.items():
            policies = node.policies
            self._bare[name] = Bare(self._adapted(node.body, node), policies, check)
            body = with_policies(self._bare[name].body, policies, check)
            if policies.cache is not None:
                self._cached[name] = Cached(policies.cache, self._cache_namespace(name, node))
            reads, *conversion = readings[node.input_schema]
            kept = policies.cache is not None
            handler = node.error_handler_node
            nodes.append((name, reads, node.defer, body.run, body.arun, *conversion, handler, kept))
        branches = []
        for source, by_name in builder.branches.items():
            for name, branch in by_name.items():
                source_node = builder.nodes.get(source)
                default = source_node.input_schema if source_node else builder.state_schema
                reads, *conversion = readings[branch.input_schema or default]
                body = self._adapted(branch.body)
                if source_node is not None and source_node.policies.retry:
                    body = starting_over(body, source_node.policies.retry, branch.targets)
                branches.append(
                    (
                        source,
                        name,
                        reads,
                        body.run,
                        body.arun,
                        *conversion,
                        branch.targets,
                        branch.input_schema is None,
                    )
                )
        return _engine.Graph(
            self.face,
            channels=[channel_spec(name, channel) for name, channel in builder.channels.items()],
            nodes=nodes,
            edges=sorted(builder.edges),
            joins=[(list(starts), end) for starts, end in sorted(builder.waiting_edges)],
            branches=branches,
            outputs=self.output_keys,
        )

    def _adapted(self, body: Body, node: "Node | None" = None) -> Body:
        """A node's or router's body as this face of the engine runs it."""
        return body

    @property
    def _updaters(self) -> Sequence[str]:
        """The nodes in whose names a thread can be updated."""
        return (START, *self.builder.nodes)

    def _limited(self, name: str, timeout: Any) -> Body:
        """A node's body with another limit of time than the node's own."""
        bare = self._bare[name]
        policies = dataclasses.replace(bare.policies, timeout=timeout)
        return with_policies(bare.body, policies, bare.check)

    def _cache_namespace(self, name: str, node: "Node") -> tuple[str, ...]:
        return namespace_of(node.action, name)

    def _cache_of(self, config: Mapping[str, Any]) -> NodeCache | None:
        """The cache a run was given by the graph around it, or the graph's own."""
        cache = config["configurable"].get(CACHE, self.cache)
        return None if cache is None else NodeCache(cache, self._cached)

    def clear_cache(self, nodes: Sequence[str] | None = None) -> None:
        """Forget the kept results of nodes; of all nodes if none are given.

        Raises:
            ValueError: If the graph has no cache.
        """
        self._cache_to_clear().clear(self._cache_namespaces(nodes))

    async def aclear_cache(self, nodes: Sequence[str] | None = None) -> None:
        """As `clear_cache`, with asyncio."""
        await self._cache_to_clear().aclear(self._cache_namespaces(nodes))

    def _cache_to_clear(self) -> Any:
        if not self.cache:
            raise ValueError("No cache is set for this graph. Cannot clear cache.")
        return self.cache

    def _cache_namespaces(self, nodes: Sequence[str] | None) -> list[tuple[str, ...]]:
        return [
            self._cached[name].namespace for name in nodes or self._cached if name in self._cached
        ]

    def _graph_nodes(self) -> Iterator[tuple[str, Any]]:
        yield from self._subgraphs.items()

    @functools.cached_property
    def _subgraphs(self) -> dict[str, Any]:
        """The graphs that nodes are or run, as far as that can be seen."""
        found = {}
        for name, node in self.builder.nodes.items():
            graph = self._find_graph(node.action)
            if graph is not None:
                found[name] = graph
        return found

    def _find_graph(self, action: Any) -> Any:
        """The graph that an action is; one that keeps no checkpoints does not count."""
        if isinstance(action, CompiledStateGraph) and action.checkpointer is not False:
            return action
        return None

    def _configured(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """A config over the one the graph itself was given."""
        return config

    def _ambient_config(self) -> Mapping[str, Any] | None:
        scope = current.get(None)
        return None if scope is None else scope.config

    def _config(self, config: Mapping[str, Any] | None) -> dict[str, Any]:
        full = complete(config, self._ambient_config())
        if full["recursion_limit"] < 1:
            raise ValueError("recursion_limit must be at least 1")
        self._place(full["configurable"])
        if full.get("callbacks"):
            raise Unsupported("LF415", "config['callbacks'] is not supported yet; leave it out")
        return full

    def _place(self, conf: dict[str, Any]) -> None:
        """Gives the run the namespace in which it keeps its checkpoints."""
        namespace = conf.get(CHECKPOINT_NS)
        if TASK_ID not in conf:
            if namespace:
                conf.update({CHECKPOINT_NS: "", CHECKPOINT_ID: None})
            return
        if self.checkpointer is True:
            namespace = without_task_ids(namespace or "", keep_numbers=True)
        task = conf.get(SCRATCHPAD)
        if isinstance(task, _engine.Task) and (number := task.next_nested()):
            namespace = f"{namespace}{NS_SEP}{number}"
        conf[CHECKPOINT_NS] = namespace

    def _migrate_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Brings a stored checkpoint to the form in which this version stores them."""
        if checkpoint.get("v", FORMAT) < FORMAT and checkpoint.get("pending_sends"):
            versions = checkpoint["channel_versions"]
            checkpoint["channel_values"][TASKS] = checkpoint.pop("pending_sends")
            versions[TASKS] = max(versions.values())

    def _saving(self, config: dict[str, Any], *, durability: str = "sync") -> Saving | None:
        saver = self._saver(config["configurable"])
        if not saver:
            return None
        if not config["configurable"]:
            raise ValueError(
                "Checkpointer requires one or more of the following 'configurable' "
                "keys: thread_id, checkpoint_ns, checkpoint_id"
            )
        return Saving(saver, config, self, durability=durability)

    def _saver(self, configurable: Mapping[str, Any]) -> Any:
        """The saver of a run: the one an outer run lends it, or the graph's own."""
        if self.checkpointer is False:
            return None
        if CHECKPOINTER in configurable:
            return configurable[CHECKPOINTER]
        if self.checkpointer is True:
            raise RuntimeError("checkpointer=True cannot be used for root graphs.")
        return self.checkpointer

    def _runtime(
        self, context: Any, config: dict[str, Any], sink: Sink | None, control: Any
    ) -> Any:
        around = config["configurable"].get(RUNTIME)
        return Runtime(
            control=control or (around.control if around is not None else None),
            context=context,
            store=self.store,
            stream_writer=self._writer(config, sink),
        )

    def _writer(self, config: dict[str, Any], sink: Sink | None) -> StreamWriter:
        """How nodes write chunks of their own: to the caller, or to the outer run's."""
        if sink is not None:
            return functools.partial(write_custom, sink)
        around = config["configurable"].get(RUNTIME)
        if around is not None and config["configurable"].get(STREAM) is not None:
            writer: StreamWriter = around.stream_writer
            return writer
        return no_writer

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
            plain = type(input) is dict and self._reads_input_as_update
            return input, None if plain else self._input_writes(input)
        if input.graph == Command.PARENT:
            raise InvalidUpdateError("There is no parent graph")
        goto = input.goto if isinstance(input.goto, _SEVERAL) else [input.goto]
        for target in goto:
            if not isinstance(target, Send | str):
                raise TypeError(f"In Command.goto, expected Send/str, got {type(target).__name__}")
        by_id = isinstance(input.resume, dict) and all(map(is_interrupt_id, input.resume))
        if not (goto or input.update) and input.resume is None:
            raise EmptyInputError("Received empty Command input")
        update = input._update_as_tuples() if input.update else ()
        return input.resume, by_id, update, goto

    @functools.cached_property
    def _reads_input_as_update(self) -> bool:
        """Whether a dict given as input means what it means when a node returns it."""
        return self.takes_updates and self.input_keys == self.stream_keys != [ROOT]

    def _input_writes(self, input: Any) -> Sequence[tuple[str, Any]]:
        writes, _ = read_output(input, self.input_keys)
        return writes

    def _check_resume(self, resume: Any, saving: Saving | None) -> None:
        if saving is None:
            raise RuntimeError("Cannot use Command(resume=...) without checkpointer")
        if isinstance(resume, dict) and all(map(is_interrupt_id, resume)):
            return
        if saving.asked < 2:
            return
        if len({interrupt.id for interrupt in saving.open_interrupts()}) > 1:
            raise RuntimeError(AMBIGUOUS_RESUME)

    def _raise_nested(self, starting: Starting) -> None:
        """An interrupt of a nested run is the outer run's to report."""
        starting.host.check_saved()
        if starting.nested and (asked := starting.run.stopped_at) is not None:
            raise self.face.interrupt_error(asked)


def _reading(cls: Any, schema: Schema) -> tuple[Any, ...]:
    """What a node reads as an object of a state class: channels, how to build it, managed values."""
    managed = [(name, kind.at) for name, kind in schema.managed.items()]
    return list(schema.channels), coercion(schema.keys, cls), managed


def channel_spec(name: str, channel: Channel) -> tuple[str, Any, Any, Any]:
    """A channel as the engine's binding takes it."""
    if channel.hosted is not None:
        channel.hosted.key = name
        return name, None, None, channel.hosted
    if channel.reducer is None:
        return name, None, None, None
    starts = channel.initial() is not MISSING
    return name, channel.reducer, channel.initial if starts else None, None


def _result_modes(asked: Options) -> str | list[str]:
    return "values" if asked.version == "v2" else ["updates", "values"]


def _built(keys: list[str], schema: Any, values: Any) -> Any:
    build = coercion(keys, schema) if isinstance(values, dict) else None
    return values if build is None else build(**values)


def _latest(chunks: list[tuple[str, Any]]) -> tuple[Any, tuple[Any, ...]]:
    """The last state and all interrupts, of the chunks of a run that tells of both."""
    state: Any = None
    interrupts: list[Any] = []
    for mode, payload in chunks:
        if mode == "values":
            state = payload
        elif isinstance(payload, dict) and INTERRUPT in payload:
            interrupts.extend(payload[INTERRUPT])
    return state, tuple(interrupts)


def _with_interrupts(state: Any, interrupts: tuple[Any, ...]) -> Any:
    if not interrupts:
        return state
    told = {INTERRUPT: list(interrupts)}
    return {**state, **told} if isinstance(state, dict) else told
