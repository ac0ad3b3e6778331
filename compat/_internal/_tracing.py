"""Tells callbacks that something runs, and gives what runs in it the config to tell them, too."""

import collections
import contextvars
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
    told = manager.on_chain_start(None, input, name=name, run_id=run_id)
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
    told.on_chain_end(result)
    return result


async def atraced(
    name: str,
    tags: Sequence[str] | None,
    input: Any,
    config: "later.RunnableConfig",
    function: Callable[..., Awaitable[Any]],
    args: Sequence[Any],
    kwargs: dict[str, Any],
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
    told = await manager.on_chain_start(None, input, name=name, run_id=run_id)
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
    await told.on_chain_end(result)
    return result


def _taps(told: Any) -> list[Any]:
    """The handlers that listen to what runs give as a stream."""
    from langchain_core.tracers._streaming import _StreamingCallbackHandler

    return [h for h in told.handlers if isinstance(h, _StreamingCallbackHandler)]


async def _once(value: T) -> AsyncIterator[T]:
    yield value


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
