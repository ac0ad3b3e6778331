"""Stands in for `langgraph.graph.state`."""

import warnings
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda, RunnableParallel
from langchain_core.runnables.config import var_child_runnable_config

from langferry import graph as own
from langferry.compat._internal._runnable import RunnableCallable
from langferry.compat.graph.face import LangGraphFace, LangGraphHost, merge_configs
from langferry.compat.missing import refuse
from langferry.compat.runtime import Runtime
from langferry.compat.warnings import LangGraphDeprecatedSinceV05, LangGraphDeprecatedSinceV10
from langferry.graph import bodies
from langferry.graph.errors import Unsupported

__all__ = ("CompiledStateGraph", "StateGraph")

StateT = TypeVar("StateT")
_MISSING = object()
_NOT_YET = "it is not there yet"


class CompiledStateGraph(own.CompiledStateGraph, Runnable[Any, Any]):
    """A graph that can be invoked and streamed."""

    face: ClassVar[LangGraphFace] = LangGraphFace()
    host_type: ClassVar[type[LangGraphHost]] = LangGraphHost
    name: str
    config: RunnableConfig | None = None

    def get_name(self, suffix: str | None = None, *, name: str | None = None) -> str:
        """The graph's name."""
        return Runnable.get_name(self, suffix, name=name)

    def with_config(self, config: RunnableConfig | None = None, **kwargs: Any) -> Self:
        """A copy with a config that every run starts from."""
        bound = self.__class__.__new__(self.__class__)
        bound.__dict__.update(self.__dict__)
        bound.config = merge_configs(self.config, config, kwargs)
        return bound

    def invoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:
        """Run to the end, or to an interrupt, and return the output keys of the state."""
        return own.CompiledStateGraph.invoke(self, input, config, **kwargs)

    async def ainvoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:
        """As `invoke`, with asyncio."""
        return await own.CompiledStateGraph.ainvoke(self, input, config, **kwargs)

    def stream(self, input: Any, config: Any = None, **kwargs: Any) -> Iterator[Any]:
        """Run, and give chunks as they come."""
        return own.CompiledStateGraph.stream(self, input, config, **kwargs)

    def astream(self, input: Any, config: Any = None, **kwargs: Any) -> AsyncIterator[Any]:
        """As `stream`, with asyncio."""
        return own.CompiledStateGraph.astream(self, input, config, **kwargs)

    def _ambient_config(self) -> Mapping[str, Any] | None:
        return var_child_runnable_config.get()

    def _config(self, config: Mapping[str, Any] | None) -> dict[str, Any]:
        if self.config:
            config = merge_configs(self.config, config)
        return super()._config(config)

    def _runtime(self, context: Any, config: dict[str, Any]) -> Any:
        around = config["configurable"].get("__pregel_runtime")
        runtime: Runtime[Any] = Runtime(
            context=self._context(context) or (around.context if around else None),
            store=self.store or (around.store if around else None),
        )
        return runtime


def _unsupported(method: str) -> Any:
    def refused(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise Unsupported("LF411", f"{method}() is not supported yet")

    refused.__name__ = method
    return refused


for _method in (
    "aget_graph",
    "aget_state_history",
    "aget_subgraphs",
    "astream_events",
    "astream_log",
    "aupdate_state",
    "abulk_update_state",
    "bulk_update_state",
    "clear_cache",
    "get_graph",
    "get_state_history",
    "get_subgraphs",
    "stream_events",
    "update_state",
):
    setattr(CompiledStateGraph, _method, _unsupported(_method))


class StateGraph(own.StateGraph[StateT]):
    """A graph under construction; `compile()` makes it runnable."""

    compiled_type: ClassVar[type[own.CompiledStateGraph]] = CompiledStateGraph

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

    def add_node(self, node: Any, action: Any = None, **kwargs: Any) -> Self:
        """Add a node: a function, callable object, runnable or compiled graph."""
        retry = _renamed(kwargs, "retry", "retry_policy", LangGraphDeprecatedSinceV05)
        input = _renamed(kwargs, "input", "input_schema", LangGraphDeprecatedSinceV05)
        if retry is not None:
            kwargs.setdefault("retry_policy", retry)
        if input is not None:
            kwargs.setdefault("input_schema", input)
        return super().add_node(node, action, **kwargs)

    def _node_name(self, action: Any) -> str:
        if isinstance(action, Runnable):
            return action.get_name()
        return super()._node_name(action)

    def _body(self, action: Any, name: str | None) -> bodies.Body:
        if type(action) is RunnableCallable:
            return action.as_body(name)
        if isinstance(action, own.CompiledStateGraph):
            return bodies.make_body(action, name)
        if isinstance(action, dict):
            action = RunnableParallel(action)
        elif bodies.is_generator(action):
            action = RunnableLambda(action, name=name)
        return bodies.make_body(action, name)


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


__getattr__ = refuse(__name__, {"StateNodeSpec": _NOT_YET, "coerce_to_runnable": _NOT_YET})
