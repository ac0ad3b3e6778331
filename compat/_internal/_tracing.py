"""Tells callbacks that something runs, and gives what runs in it the config to tell them, too."""

import collections
import contextvars
import copy
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from langferry.compat import later
from langferry.compat._internal._ambient import ambient
from langferry.compat._internal._config import (
    get_async_callback_manager_for_config,
    get_callback_manager_for_config,
    patch_config,
)
from langferry.compat._internal._listeners import may_listen
from langferry.compat.policies import TracePolicy

logger = logging.getLogger(__name__)

T = TypeVar("T")

_STEP: Final = "seq:step:1"


@contextmanager
def set_config_context(
    config: "later.RunnableConfig", run: Any = None
) -> Generator[contextvars.Context, None, None]:
    """A copy of the context in which runnables find a config."""
    context = contextvars.copy_context()
    context.run(_enter, config, run)
    yield context


def _enter(config: "later.RunnableConfig", run: Any) -> None:
    ambient.set(config)
    if run is not None:
        from langsmith.run_helpers import _set_tracing_context

        _set_tracing_context({"parent": run})


def traced(
    name: str,
    tags: Sequence[str] | None,
    input: Any,
    config: "later.RunnableConfig",
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: dict[str, Any],
    policy: TracePolicy | None = None,
    *,
    sequence: bool = False,
) -> Any:
    """Call a function as a run of its own, or as the first step of a `sequence`.

    What a sequence gives is told as its stream, too.
    """
    manager = may_listen(config.get("callbacks")) and get_callback_manager_for_config(config, tags)
    if not (manager and manager.handlers):
        return _in_config(config).run(function, *args, **kwargs)
    run_id = config.pop("run_id", None)
    recorded = _recorded(input, policy.process_inputs if policy else None)
    if recorded is input:
        told = manager.on_chain_start(None, input, name=name, run_id=run_id)
    else:
        others, tracers = _split(manager)
        told = others.on_chain_start(None, input, name=name, run_id=run_id)
        tracers.on_chain_start(None, recorded, name=name, run_id=told.run_id)
        told.handlers = manager.handlers
    try:
        child = patch_config(config, callbacks=told.get_child(_STEP if sequence else None))
        with set_config_context(child, _traced_run(told)) as context:
            result = context.run(function, *args, **kwargs)
        if sequence:
            for handler in _taps(told):
                collections.deque(handler.tap_output_iter(told.run_id, iter((result,))), maxlen=0)
    except BaseException as error:
        told.on_chain_error(error)
        raise
    recorded = _recorded(result, policy.process_outputs if policy else None)
    if recorded is result:
        told.on_chain_end(result)
    else:
        others, tracers = _split(told)
        tracers.on_chain_end(recorded)
        others.on_chain_end(result)
    return result


async def atraced(
    name: str,
    tags: Sequence[str] | None,
    input: Any,
    config: "later.RunnableConfig",
    function: Callable[..., Awaitable[Any]],
    args: Sequence[Any],
    kwargs: dict[str, Any],
    policy: TracePolicy | None = None,
    *,
    sequence: bool = False,
) -> Any:
    """As `traced`, with asyncio."""
    import asyncio

    callbacks = config.get("callbacks")
    manager = may_listen(callbacks) and get_async_callback_manager_for_config(config, tags)
    if not (manager and manager.handlers):
        return await asyncio.create_task(_await(function, args, kwargs), context=_in_config(config))
    run_id = config.pop("run_id", None)
    recorded = _recorded(input, policy.process_inputs if policy else None)
    if recorded is input:
        told = await manager.on_chain_start(None, input, name=name, run_id=run_id)
    else:
        others, tracers = _split(manager)
        told = await others.on_chain_start(None, input, name=name, run_id=run_id)
        # last, so that a cancellation before it leaves no run of theirs without an end
        await tracers.on_chain_start(None, recorded, name=name, run_id=told.run_id)
        told.handlers = manager.handlers
    try:
        child = patch_config(config, callbacks=told.get_child(_STEP if sequence else None))
        with set_config_context(child, _traced_run(told)) as context:
            result = await asyncio.create_task(_await(function, args, kwargs), context=context)
        if sequence:
            for handler in _taps(told):
                async for _ in handler.tap_output_aiter(told.run_id, _once(result)):
                    pass
    except BaseException as error:
        await told.on_chain_error(error)
        raise
    recorded = _recorded(result, policy.process_outputs if policy else None)
    if recorded is result:
        await told.on_chain_end(result)
    else:
        others, tracers = _split(told)
        # first, for the same reason
        await tracers.on_chain_end(recorded)
        await others.on_chain_end(result)
    return result


def _taps(told: Any) -> list[Any]:
    """The handlers that listen to what runs give as a stream."""
    from langchain_core.tracers._streaming import _StreamingCallbackHandler

    # the protocol would also take a handler that happens to have methods of these names
    return [h for h in told.handlers if _StreamingCallbackHandler in type(h).__mro__]


async def _once(value: T) -> AsyncIterator[T]:
    yield value


def _recorded(value: Any, process: Callable[[Any], Any] | None) -> Any:
    """What tracers record of a value; the value itself if that cannot be told."""
    if process is None:
        return value
    try:
        return process(value)
    except Exception:
        logger.exception("trace input/output processor raised; recording untransformed payload")
        return value


def _split(manager: Any) -> tuple[Any, Any]:
    """A manager of the handlers that are given real values, and one of those that record them."""
    others, tracers = copy.copy(manager), copy.copy(manager)
    tracers.handlers = [handler for handler in manager.handlers if _records(handler)]
    others.handlers = [handler for handler in manager.handlers if not _records(handler)]
    return others, tracers


def _records(handler: Any) -> bool:
    from langchain_core.tracers._streaming import _StreamingCallbackHandler
    from langchain_core.tracers.base import BaseTracer

    # some tracers only feed the stream of the caller
    streams = _StreamingCallbackHandler in type(handler).__mro__
    return isinstance(handler, BaseTracer) and not streams


async def _await(
    function: Callable[..., Awaitable[Any]], args: Sequence[Any], kwargs: dict[str, Any]
) -> Any:
    return await function(*args, **kwargs)


def _in_config(config: "later.RunnableConfig") -> contextvars.Context:
    context = contextvars.copy_context()
    context.run(ambient.set, config)
    return context


def _traced_run(told: Any) -> Any:
    """The run as LangSmith's tracer knows it, if it is on."""
    for handler in told.handlers:
        run_map = getattr(handler, "run_map", None)
        if run_map is not None and type(handler).__name__ == "LangChainTracer":
            return run_map.get(str(told.run_id))
    return None
