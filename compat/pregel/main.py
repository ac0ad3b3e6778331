"""Stands in for `langgraph.pregel.main`: graphs of channels and the nodes that subscribe to them."""

import functools
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self

from langferry import _engine
from langferry import graph as own
from langferry.compat import later
from langferry.compat._internal._config import merge_configs
from langferry.compat._internal._constants import CONF, CONFIG_KEY_SEND, RESERVED, TASKS
from langferry.compat.channels.base import BaseChannel
from langferry.compat.channels.topic import Topic
from langferry.compat.graph.face import LangGraphFace, LangGraphHost, Sent
from langferry.compat.pregel._events import checked_factories
from langferry.compat.pregel._runs import Runs
from langferry.compat.pregel._schemas import Schemas
from langferry.compat.pregel._strict_resume import check_strictly
from langferry.compat.pregel._told import told
from langferry.compat.pregel.protocol import PregelProtocol
from langferry.compat.types import RetryPolicy, Send, ensure_valid_checkpointer
from langferry.compat.typing import ContextT, InputT, OutputT, StateT
from langferry.compat.warnings import LangGraphDeprecatedSinceV10
from langferry.graph.caching import Cached
from langferry.graph.channels import Channel
from langferry.graph.compiled import Bare, channel_spec
from langferry.graph.policies import Policies, with_policies

if TYPE_CHECKING:
    NodeBuilder = later.NodeBuilder
else:
    __getattr__ = later.reexported(__name__, "NodeBuilder")

__all__ = ("NodeBuilder", "Pregel")

# under the name that others have been seen to import
_normalize_stream_transformer_factories = checked_factories


class Pregel(  # type: ignore[misc]
    Runs,
    Schemas,
    own.CompiledStateGraph,
    PregelProtocol[StateT, ContextT, InputT, OutputT],
    Generic[StateT, ContextT, InputT, OutputT],
):
    """A graph that can be invoked and streamed."""

    face: ClassVar[LangGraphFace] = LangGraphFace()
    host_type: ClassVar[type[LangGraphHost]] = LangGraphHost
    takes_updates: ClassVar[bool] = False
    nodes: dict[str, Any]
    channels: dict[str, Any]
    name: str = "LangGraph"
    config: "later.RunnableConfig | None" = None
    stream_mode: Any = "values"
    stream_eager: bool = False
    stream_channels: Any = None
    input_channels: Any
    output_channels: Any
    step_timeout: float | None = None
    debug: bool = False
    checkpointer: Any = None
    store: Any = None
    cache: Any = None
    retry_policy: Sequence[RetryPolicy] = ()
    cache_policy: Any = None
    context_schema: Any = None
    stream_transformers: tuple[Any, ...] = ()
    _serde_allowlist: Any = None
    interrupt_before_nodes: Any = ()
    interrupt_after_nodes: Any = ()

    def __init__(
        self,
        *,
        nodes: "dict[str, later.PregelNode | later.NodeBuilder]",
        channels: dict[str, Any] | None,
        auto_validate: bool = True,
        stream_mode: Any = "values",
        stream_eager: bool = False,
        output_channels: str | Sequence[str],
        stream_channels: str | Sequence[str] | None = None,
        interrupt_after_nodes: Any = (),
        interrupt_before_nodes: Any = (),
        input_channels: str | Sequence[str],
        step_timeout: float | None = None,
        debug: bool | None = None,
        checkpointer: Any = None,
        store: Any = None,
        cache: Any = None,
        retry_policy: RetryPolicy | Sequence[RetryPolicy] = (),
        cache_policy: Any = None,
        context_schema: Any = None,
        config: "later.RunnableConfig | None" = None,
        trigger_to_nodes: Mapping[str, Sequence[str]] | None = None,
        node_error_handler_map: Mapping[str, str] | None = None,
        name: str = "LangGraph",
        stream_transformers: Sequence[Callable[..., Any]] | None = None,
        **deprecated_kwargs: Any,
    ) -> None:
        if "config_type" in deprecated_kwargs:
            warnings.warn(
                "`config_type` is deprecated and will be removed. "
                "Please use `context_schema` instead.",
                category=LangGraphDeprecatedSinceV10,
                stacklevel=2,
            )
            context_schema = context_schema or deprecated_kwargs["config_type"]
        self.nodes = {
            key: node.build() if isinstance(node, later.NodeBuilder) else node
            for key, node in nodes.items()
        }
        self.channels = channels or {}
        if not isinstance(self.channels.setdefault(TASKS, Topic(Send)), Topic):
            raise ValueError(f"Channel '{TASKS}' is reserved and cannot be used in the graph.")
        self.stream_mode = stream_mode
        self.stream_eager = stream_eager
        self.output_channels = output_channels
        self.stream_channels = stream_channels
        self.input_channels = input_channels
        self.interrupt_after_nodes = interrupt_after_nodes
        self.interrupt_before_nodes = interrupt_before_nodes
        self.step_timeout = step_timeout
        self.debug = bool(debug)
        self.checkpointer = ensure_valid_checkpointer(checkpointer)
        self.store = store
        self.cache = cache
        self.retry_policy = (
            (retry_policy,) if isinstance(retry_policy, RetryPolicy) else retry_policy
        )
        self.cache_policy = cache_policy
        self.context_schema = context_schema
        self.config = config
        self.name = name
        self.stream_transformers = tuple(stream_transformers or ())
        self.node_error_handler_map = dict(node_error_handler_map or {})
        self.builder = _Described(self)  # type: ignore[assignment]
        if auto_validate:
            self.validate()

    def validate(self) -> Self:
        """Check that nodes and settings name channels there are, and make the graph ready to run.

        Raises:
            ValueError: If they do not.
        """
        self._check_names()
        self.input_keys = _names(self.input_channels)
        self.output_keys = _names(self.output_channels)
        self.stream_keys = self.stream_channels_list
        self.shown_keys = self.stream_channels_asis
        metadata = {name: node.metadata for name, node in self.nodes.items() if node.metadata}
        self._node_metadata = metadata
        self._engine = self._compile_nodes()
        return self

    def _check_names(self) -> None:
        for channel in self.channels:
            if channel in RESERVED:
                raise ValueError(f"Channel name '{channel}' is reserved")
        subscribed: set[str] = set()
        for name, node in self.nodes.items():
            if name in RESERVED:
                raise ValueError(f"Node name '{name}' is reserved")
            if not isinstance(node, later.PregelNode):
                raise TypeError(f"Invalid node type {type(node)}, expected PregelNode")
            if node.timeout is not None:
                from langferry.compat.pregel._native_async import check_timeout_supported

                check_timeout_supported(node.node or node.bound, name)
            subscribed.update(node.triggers)
        for channel in subscribed:
            if channel not in self.channels:
                raise ValueError(
                    f"Subscribed channel '{channel}' not in known channels: '{list(self.channels)}'"
                )
        inputs = _names(self.input_channels)
        for channel in inputs:
            if channel not in self.channels:
                raise ValueError(
                    f"Input channel '{channel}' not in known channels: '{list(self.channels)}'"
                )
        if not subscribed.intersection(inputs):
            if isinstance(self.input_channels, str):
                raise ValueError(
                    f"Input channel {self.input_channels} is not subscribed to by any node"
                )
            raise ValueError(
                f"None of the input channels {self.input_channels} are subscribed to by any node"
            )
        for channel in (*_names(self.output_channels), *_names(self.stream_channels or ())):
            if channel not in self.channels:
                raise ValueError(
                    f"Output channel '{channel}' not in known channels: '{list(self.channels)}'"
                )

    def _compile_nodes(self) -> _engine.Graph:
        from langferry.compat.pregel._bodies import node_body
        from langferry.compat.pregel._cache_namespace import cache_namespace

        self._bare, self._cached = {}, {}
        specs = []
        for name, channel in self.channels.items():
            if name != TASKS and isinstance(channel, BaseChannel):
                channel.key = channel.key or name
                native = channel.native()
                specs.append(channel_spec(name, native or Channel(channel.typ, hosted=channel)))
        nodes = []
        for name, node in self.nodes.items():
            bare = isinstance(node.channels, str)
            read = _names(node.channels)
            managed = [
                (key, self.channels[key].at)
                for key in read
                if not isinstance(self.channels[key], BaseChannel)
            ]
            kept = [key for key in read if isinstance(self.channels[key], BaseChannel)]
            cache_policy = node.cache_policy or self.cache_policy
            policies = Policies(node.retry_policy or self.retry_policy, node.timeout, cache_policy)
            bare_body = told(node_body(name, node), policy=node.trace_policy, returns=False)
            self._bare[name] = Bare(bare_body, policies, None)
            body = with_policies(bare_body, policies)
            if cache_policy is not None:
                namespace = cache_namespace(node.bound, name)
                self._cached[name] = Cached(cache_policy, namespace, node.mapper)
            handler = self.node_error_handler_map.get(name)
            nodes.append(
                (
                    *(name, node.triggers, kept, bare, body.run, body.arun, managed),
                    *(handler, cache_policy is not None),
                )
            )
        return _engine.Graph.subscribed(
            self.face,
            specs,
            nodes,
            self.output_keys,
            (self.stream_keys, isinstance(self.stream_channels_asis, str)),
        )

    @functools.cached_property
    def _subgraphs(self) -> dict[str, Any]:
        return {name: node.subgraphs[0] for name, node in self.nodes.items() if node.subgraphs}

    @property
    def _updaters(self) -> Sequence[str]:
        return tuple(self.nodes)

    def _returned(self, node: str, values: Any) -> Any:
        sent: list[tuple[str, Any]] = []
        config: Any = {CONF: {CONFIG_KEY_SEND: sent.extend}}
        for writer in self.nodes[node].flat_writers if node in self.nodes else ():
            values = writer.invoke(values, config)
        return Sent(sent)

    def _as_output(self, values: Any) -> Any:
        return values

    def _as_state(self, values: Any) -> Any:
        return values

    def _saver(self, configurable: Mapping[str, Any]) -> Any:
        saver = super()._saver(configurable)
        # whoever has a saver has imported this
        msgpack = sys.modules.get("langgraph.checkpoint.serde._msgpack")
        if saver is None or not getattr(msgpack, "STRICT_MSGPACK_ENABLED", False):
            return saver
        from langferry.compat._internal._serde import apply_checkpointer_allowlist

        return apply_checkpointer_allowlist(saver, self._serde_allowlist)

    def _check_resume(self, resume: Any, saving: Any) -> None:
        if saving is not None:
            check_strictly(resume, saving)
        super()._check_resume(resume, saving)

    def _input_writes(self, input: Any) -> Sequence[tuple[str, Any]]:
        if isinstance(self.input_channels, str):
            return () if input is None else [(self.input_channels, input)]
        if not isinstance(input, dict):
            raise TypeError(f"Expected chunk to be a dict, got {type(input).__name__}")
        return [(key, value) for key, value in input.items() if key in self.input_channels]

    @property
    def stream_channels_asis(self) -> str | Sequence[str]:
        """The channels that streams show: one of them as a bare value, or several."""
        shown = [
            name
            for name, channel in self.channels.items()
            if isinstance(channel, BaseChannel) and name != TASKS
        ]
        return self.stream_channels or shown

    @property
    def stream_channels_list(self) -> list[str]:
        """The channels that streams show."""
        return _names(self.stream_channels_asis)

    def get_name(self, suffix: str | None = None, *, name: str | None = None) -> str:
        """The graph's name."""
        if suffix is None:
            return name or self.name
        return later.Runnable.get_name(self, suffix, name=name)

    def get_graph(
        self, config: "later.RunnableConfig | None" = None, *, xray: int | bool = False
    ) -> "later.Graph":
        """The graph as a drawing; with `xray`, subgraphs as well, so many levels deep."""
        from langferry.compat.pregel._draw import draw

        deeper = xray if isinstance(xray, bool) or xray <= 0 else xray - 1
        subgraphs = {}
        if xray:
            for name, subgraph in self.get_subgraphs():
                subgraphs[name] = subgraph.get_graph(config, xray=deeper)
        return draw(self, self._wiring(), subgraphs)

    async def aget_graph(
        self, config: "later.RunnableConfig | None" = None, *, xray: int | bool = False
    ) -> "later.Graph":
        """As `get_graph`, with asyncio."""
        return self.get_graph(config, xray=xray)

    def _wiring(self) -> Any:
        from langferry.compat.pregel._wiring import subscribed_wiring

        return subscribed_wiring(self)

    def copy(self, update: dict[str, Any] | None = None) -> Self:
        """A copy with some settings replaced."""
        other = self.__class__.__new__(self.__class__)
        other.__dict__.update(self.__dict__)
        other.__dict__.update(update or {})
        return other

    def with_config(self, config: "later.RunnableConfig | None" = None, **kwargs: Any) -> Self:
        """A copy with a config that every run starts from."""
        given: Any = kwargs
        return self.copy({"config": merge_configs(self.config, config, given)})


class _Described:
    """What the runs of a graph ask of how it was built."""

    def __init__(self, graph: Any) -> None:
        self.context_schema = graph.context_schema
        self.nodes = graph.nodes
        self.managed: dict[str, Any] = {}
        self.channels = {
            name: Channel(channel.typ, hosted=channel)
            for name, channel in graph.channels.items()
            if isinstance(channel, BaseChannel)
        }


def _names(channels: str | Sequence[str]) -> list[str]:
    return [channels] if isinstance(channels, str) else list(channels)
