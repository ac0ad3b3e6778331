"""Stands in for `langgraph.graph.state`."""

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self

from langferry import graph as own
from langferry.compat import later
from langferry.compat.graph._channels import _get_channel, _is_field_channel, channel_object
from langferry.compat.graph._node import StateNodeSpec
from langferry.compat.graph.migrating import migrate
from langferry.compat.late_bases import is_runnable
from langferry.compat.pregel._subgraphs import subgraph_of
from langferry.compat.pregel._told import told
from langferry.compat.pregel.main import Pregel
from langferry.compat.types import ensure_valid_checkpointer
from langferry.compat.typing import ContextT, InputT, OutputT, StateT
from langferry.compat.warnings import LangGraphDeprecatedSinceV05, LangGraphDeprecatedSinceV10
from langferry.graph import bodies
from langferry.graph.constants import ROOT, START
from langferry.graph.functions import is_generator, is_plain
from langferry.graph.saving import FORMAT
from langferry.graph.schema import warn_invalid_schema

# the private ones are what others have been seen to import from here
__all__ = (
    "CompiledStateGraph",
    "StateGraph",
    "_get_channel",
    "_get_node_name",
    "_is_field_channel",
    "_warn_invalid_state_schema",
)

_warn_invalid_state_schema = warn_invalid_schema

_MISSING = object()


class CompiledStateGraph(
    Pregel[StateT, ContextT, InputT, OutputT], Generic[StateT, ContextT, InputT, OutputT]
):
    """A graph of a state that can be invoked and streamed."""

    stream_mode: Any = "updates"
    takes_updates: ClassVar[bool] = True

    def __init__(self, *, builder: Any, schema_to_mapper: Any = None, **kwargs: Any) -> None:
        own.CompiledStateGraph.__init__(self, builder, **kwargs)
        self.schema_to_mapper = schema_to_mapper or {}
        self.context_schema = builder.context_schema
        self.input_channels = START
        self.stream_channels = self.shown_keys

    if not TYPE_CHECKING:
        # a run needs neither of them

        @cached_property
        def nodes(self) -> "dict[str, later.PregelNode]":
            """The nodes by their names."""
            specs = self.builder.nodes.items()
            made = {name: _node(name, spec, self.builder) for name, spec in specs}
            return {START: _start_node(), **made}

        @cached_property
        def channels(self) -> dict[str, Any]:
            """The channels, and classes of managed values, by the keys of the state."""
            known = self.builder.channels.items()
            made = {name: channel_object(name, channel) for name, channel in known}
            return {**made, **self.builder.managed}

    @cached_property
    def _subgraphs(self) -> dict[str, Any]:
        found = {name: subgraph_of(node.action) for name, node in self.builder.nodes.items()}
        return {name: graph for name, graph in found.items() if graph is not None}

    def validate(self) -> Self:
        """The graph was checked when it was built."""
        return self

    @cached_property
    def _serde_allowlist(self) -> Any:
        from langferry.compat._internal._serde import build_serde_allowlist

        schemas = [self.context_schema, *self.builder.schemas]
        return build_serde_allowlist(schemas=schemas, channels=self.channels)

    def _wiring(self) -> Any:
        from langferry.compat.pregel._wiring import built_wiring

        return built_wiring(self.builder)

    def _input_writes(self, input: Any) -> Any:
        return own.CompiledStateGraph._input_writes(self, input)

    def _migrate_checkpoint(self, checkpoint: Any) -> None:
        if checkpoint.get("v") == FORMAT:
            return
        super()._migrate_checkpoint(checkpoint)
        migrate(checkpoint, self.nodes, self.builder.edges)

    def _adapted(self, body: bodies.Body, node: Any = None) -> bodies.Body:
        policy = None if node is None else node.trace_policy
        return told(body, policy=policy)

    def _cache_namespace(self, name: str, node: Any) -> tuple[str, ...]:
        from langferry.compat._internal._runnable import coerce_to_runnable
        from langferry.compat.pregel._cache_namespace import cache_namespace

        return cache_namespace(coerce_to_runnable(node.action, name=None, trace=False), name)

    def _returned(self, node: str, values: Any) -> Any:
        return values

    def _as_output(self, values: Any) -> Any:
        return own.CompiledStateGraph._as_output(self, values)

    def _as_state(self, values: Any) -> Any:
        return own.CompiledStateGraph._as_state(self, values)

    def get_input_jsonschema(self, config: "later.RunnableConfig | None" = None) -> dict[str, Any]:
        """The type of the input as JSON Schema."""
        from langferry.compat.graph.schemas import schema_of

        return schema_of(self.builder, self.builder.input_schema, self.get_name("Input"))

    def get_output_jsonschema(self, config: "later.RunnableConfig | None" = None) -> dict[str, Any]:
        """The type of the output as JSON Schema."""
        from langferry.compat.graph.schemas import schema_of

        return schema_of(self.builder, self.builder.output_schema, self.get_name("Output"))

    def get_input_schema(self, config: "later.RunnableConfig | None" = None) -> Any:
        """The type of the input as a model."""
        from langferry.compat.graph.schemas import model_of

        return model_of(self.builder, self.builder.input_schema, self.get_name("Input"))

    def get_output_schema(self, config: "later.RunnableConfig | None" = None) -> Any:
        """The type of the output as a model."""
        from langferry.compat.graph.schemas import model_of

        return model_of(self.builder, self.builder.output_schema, self.get_name("Output"))


def _start_node() -> "later.PregelNode":
    return later.PregelNode(channels=START, triggers=[START], tags=["langsmith:hidden"])


def _node(name: str, spec: Any, builder: Any) -> "later.PregelNode":
    found = subgraph_of(spec.action)
    keys = list(builder.schemas[spec.input_schema].channels)
    return later.PregelNode(
        channels=ROOT if keys == [ROOT] else keys,
        triggers=[f"branch:to:{name}"],
        bound=spec.runnable,
        metadata=spec.metadata,
        retry_policy=spec.policies.retry,
        cache_policy=spec.policies.cache,
        timeout=spec.policies.timeout,
        trace_policy=spec.trace_policy,
        is_error_handler=spec.is_error_handler,
        error_handler_node=spec.error_handler_node,
        subgraphs=[found] if found else [],
    )


class StateGraph(own.StateGraph[StateT], Generic[StateT, ContextT, InputT, OutputT]):
    """A graph under construction; `compile()` makes it runnable."""

    compiled_type: ClassVar[type[own.CompiledStateGraph]] = CompiledStateGraph
    node_type: ClassVar[type[own.state_graph.Node]] = StateNodeSpec

    def __init__(
        self,
        state_schema: Any,
        context_schema: Any = None,
        *,
        input_schema: Any = None,
        output_schema: Any = None,
        **kwargs: Any,
    ) -> None:
        config_schema = _renamed(
            kwargs, "config_schema", "context_schema", LangGraphDeprecatedSinceV10
        )
        input = _renamed(kwargs, "input", "input_schema", LangGraphDeprecatedSinceV05)
        output = _renamed(kwargs, "output", "output_schema", LangGraphDeprecatedSinceV05)
        super().__init__(
            state_schema,
            context_schema if context_schema is not None else config_schema,
            input_schema=input_schema if input_schema is not None else input,
            output_schema=output_schema if output_schema is not None else output,
        )

    def compile(
        self,
        checkpointer: Any = None,
        *,
        cache: Any = None,
        store: Any = None,
        interrupt_before: Any = None,
        interrupt_after: Any = None,
        debug: bool = False,
        name: str | None = None,
        transformers: Any = None,
    ) -> CompiledStateGraph[StateT, ContextT, InputT, OutputT]:
        """Make the graph runnable."""
        options = {
            "cache": cache,
            "store": store,
            "interrupt_before": interrupt_before,
            "interrupt_after": interrupt_after,
            "name": name,
        }
        compiled: CompiledStateGraph[StateT, ContextT, InputT, OutputT] = super().compile(
            ensure_valid_checkpointer(checkpointer), **options
        )
        compiled.debug = debug
        compiled.stream_transformers = tuple(transformers or ())
        return compiled

    def add_node(
        self,
        node: Any,
        action: Any = None,
        *,
        defer: bool = False,
        metadata: dict[str, Any] | None = None,
        input_schema: Any = None,
        retry_policy: Any = None,
        cache_policy: Any = None,
        error_handler: Any = None,
        destinations: dict[str, str] | tuple[str, ...] | None = None,
        timeout: Any = None,
        trace_policy: Any = None,
        **kwargs: Any,
    ) -> Self:
        """Add a node: a function, callable object, runnable or compiled graph."""
        retry = _renamed(kwargs, "retry", "retry_policy", LangGraphDeprecatedSinceV05)
        input = _renamed(kwargs, "input", "input_schema", LangGraphDeprecatedSinceV05)
        return super().add_node(
            node,
            action,
            defer=defer,
            metadata=metadata,
            input_schema=input if input_schema is None else input_schema,
            retry_policy=retry if retry_policy is None else retry_policy,
            cache_policy=cache_policy,
            error_handler=error_handler,
            destinations=destinations,
            timeout=timeout,
            trace_policy=trace_policy,
            **kwargs,
        )

    def _runs_async(self, action: Any) -> bool:
        from langferry.compat._internal._runnable import coerce_to_runnable
        from langferry.compat.pregel._native_async import has_native_async

        return has_native_async(coerce_to_runnable(action, name=None, trace=False))

    def _node_name(self, action: Any) -> str:
        if is_runnable(action):
            name: str = action.get_name()
            return name
        return _get_node_name(action)

    def _body(self, action: Any, name: str | None) -> bodies.Body:
        if is_plain(action) and not is_generator(action):
            return bodies.make_body(action, name)
        if later.is_a(action, "RunnableCallable") and type(action) is later.RunnableCallable:
            return action.as_body(name)
        if isinstance(action, own.CompiledStateGraph):
            return bodies.make_body(action, name)
        if isinstance(action, dict):
            action = later.RunnableParallel(action)
        elif is_generator(action):
            action = later.RunnableLambda(action, name=name)
        return bodies.make_body(action, name)


def _get_node_name(node: Any) -> str:
    """The name of a node that was given none: its function's, or its class's."""
    name: str = getattr(node, "__name__", node.__class__.__name__)
    return name


def _renamed(kwargs: dict[str, Any], old: str, new: str, category: type[DeprecationWarning]) -> Any:
    value = kwargs.pop(old, _MISSING)
    if value is _MISSING:
        return None
    warnings.warn(
        f"`{old}` is deprecated and will be removed. Please use `{new}` instead.",
        category=category,
        stacklevel=3,
    )
    return value


CompiledStateGraph.__module__ = "langgraph.graph.state"
