"""One call of a graph: what it was asked for, and whom to tell."""

import warnings
from typing import Any, Final, NamedTuple

from langferry.compat import later
from langferry.compat._internal._config import (
    ensure_config,
    get_async_callback_manager_for_config,
    get_callback_manager_for_config,
)
from langferry.compat._internal._constants import (
    CONF,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_STREAM_MESSAGES_V2,
    CONFIG_KEY_TASK_ID,
    NS_SEP,
)
from langferry.compat._internal._listeners import may_listen
from langferry.compat.warnings import LangGraphDeprecatedSinceV10
from langferry.graph.sink import Sink

LIVE_MODES: Final = frozenset(("custom", "messages", "tools"))
"""The modes that nodes themselves tell, while they run."""
_TOLD_BY_CALLBACKS: Final = frozenset(("messages", "tools"))


class RunConfig(dict[str, Any]):
    """A complete config, with what its run alone has to know."""

    manager: Any = None
    """Tells callbacks about the run; `None` if nobody listens."""
    lifecycle: Any = None
    """Tells graph callbacks about the run; `None` if there are none."""


class Call(NamedTuple):
    """What a caller asked for, completed."""

    config: RunConfig
    stream_mode: Any
    modes: frozenset[str]
    """The modes that are given out or printed."""
    subgraphs: bool
    version: str
    sink: Sink | None
    """Takes what nodes tell while they run, if anyone listens."""
    listened: bool
    """Whether callbacks are to be told about the run."""

    @property
    def namespace(self) -> tuple[str, ...]:
        """The run's place among the runs of the graph around it."""
        conf = self.config[CONF]
        if CONFIG_KEY_TASK_ID not in conf:
            return ()
        namespace = conf.get(CONFIG_KEY_CHECKPOINT_NS) or ""
        return tuple(namespace.split(NS_SEP)) if namespace else ()


def begin(
    graph: Any,
    config: Any,
    *,
    stream_mode: Any,
    print_mode: Any,
    subgraphs: bool,
    version: str,
) -> Call:
    """Complete what a caller asked for, short of telling callbacks."""
    nested = config is not None and CONFIG_KEY_TASK_ID in config.get(CONF, {})
    if stream_mode is None:
        stream_mode = "values" if nested else graph.stream_mode
    full = RunConfig(ensure_config(graph.config, config))
    if full["recursion_limit"] < 1:
        raise ValueError("recursion_limit must be at least 1")
    graph._place(full[CONF])
    modes = _set_of(stream_mode) | _set_of(print_mode) if print_mode else _set_of(stream_mode)
    alive = subgraphs or graph.stream_eager or modes & LIVE_MODES
    sink = Sink(modes) if alive else None
    return Call(full, stream_mode, modes, subgraphs, version, sink, _listens(full, modes))


def _set_of(modes: Any) -> frozenset[str]:
    return frozenset((modes,) if isinstance(modes, str) else modes)


def _listens(config: RunConfig, modes: frozenset[str]) -> bool:
    callbacks = config["callbacks"]
    return may_listen(callbacks) or not modes.isdisjoint(_TOLD_BY_CALLBACKS)


def manager_for(call: Call, *, asynchronous: bool) -> Any:
    """The manager that tells a run's callbacks, without handlers that are not the run's."""
    get = get_async_callback_manager_for_config if asynchronous else get_callback_manager_for_config
    manager = get(call.config)  # type: ignore[arg-type]
    drops: list[Any] = []
    if "messages" in call.modes and call.version != "v2":
        drops.append(lambda handler: later.is_a(handler, "StreamMessagesHandlerV2"))
    if CONFIG_KEY_TASK_ID not in call.config[CONF]:
        drops.append(_streams_its_graph_only)
    for drop in drops:
        manager.handlers = [h for h in manager.handlers if not drop(h)]
        manager.inheritable_handlers = [h for h in manager.inheritable_handlers if not drop(h)]
    if "ls_integration" not in manager.metadata:
        manager.add_metadata({"ls_integration": "langgraph"})
    return manager


def attach_streams(call: Call, told: Any) -> None:
    """Listen to the run's own callbacks for the modes that are made of them."""
    if call.sink is None:
        return
    parent = call.namespace
    if "messages" in call.modes:
        v2 = call.version == "v2" and call.config[CONF].get(CONFIG_KEY_STREAM_MESSAGES_V2)
        kind = later.StreamMessagesHandlerV2 if v2 else later.StreamMessagesHandler
        handler = kind(call.sink.put, call.subgraphs, parent_ns=parent)
        told.inheritable_handlers.append(handler)
    if "tools" in call.modes:
        told.inheritable_handlers.append(
            later.StreamToolCallHandler(call.sink.put, call.subgraphs, parent_ns=parent)
        )


def tell_graph_callbacks(call: Call, told: Any, *, asynchronous: bool) -> None:
    """Have the run tell those callbacks that want to know when it pauses and goes on."""
    callbacks = call.config.get("callbacks")
    handlers = callbacks if isinstance(callbacks, list) else getattr(callbacks, "handlers", ())
    if any(later.is_a(handler, "GraphCallbackHandler") for handler in handlers or ()):
        from langferry.compat.pregel._lifecycle import lifecycle_of

        call.config.lifecycle = lifecycle_of(call.config, told.run_id, asynchronous=asynchronous)


def _streams_its_graph_only(handler: Any) -> bool:
    streams = later.is_a(handler, "StreamMessagesHandler") or later.is_a(
        handler, "StreamToolCallHandler"
    )
    return streams and not handler.subgraphs


def durability_of(durability: str | None, kwargs: dict[str, Any]) -> str | None:
    """When to store checkpoints, by its present option or its old one.

    Raises:
        ValueError: If both are given.
    """
    during = kwargs.pop("checkpoint_during", None)
    if during is None:
        return durability
    warnings.warn(
        "`checkpoint_during` is deprecated and will be removed. Please use `durability` instead.",
        category=LangGraphDeprecatedSinceV10,
        stacklevel=3,
    )
    if durability is not None:
        raise ValueError(
            "Cannot use both `checkpoint_during` and `durability` parameters. "
            "Please use `durability` instead."
        )
    return "async" if during else "exit"
