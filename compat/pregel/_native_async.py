"""Whether a runnable can be ended before it returns, which takes that it never blocks a thread."""

from functools import partial
from typing import Any

from langchain_core.runnables import (
    Runnable,
    RunnableLambda,
    RunnableParallel,
    RunnableSequence,
)
from langchain_core.runnables.base import RunnableBindingBase

from langferry.compat._internal._runnable import RunnableCallable, RunnableSeq
from langferry.graph import bodies
from langferry.graph.timing import sync_timeout_unsupported


def check_timeout_supported(runnable: Runnable[Any, Any], name: str) -> None:
    """Refuse a timeout of what cannot be ended.

    Raises:
        ValueError: If a part of the node is known to be synchronous.
    """
    if not has_native_async(runnable):
        raise sync_timeout_unsupported(name)


def has_native_async(runnable: Any) -> bool:
    """Whether no part of a runnable is known to be synchronous.

    A class with an `ainvoke` of its own is taken at its word.
    """
    while isinstance(runnable, RunnableBindingBase):
        runnable = runnable.bound
    if isinstance(runnable, RunnableSequence | RunnableSeq):
        return all(has_native_async(step) for step in runnable.steps)
    if isinstance(runnable, RunnableParallel):
        return all(has_native_async(step) for step in runnable.steps__.values())
    if isinstance(runnable, RunnableCallable):
        return runnable.afunc is not None and not _is_on_thread(runnable.afunc)
    if isinstance(runnable, RunnableLambda):
        return bool(getattr(runnable, "afunc", None))
    return getattr(type(runnable), "ainvoke", None) not in (None, Runnable.ainvoke)


def _is_on_thread(function: Any) -> bool:
    return isinstance(function, partial) and function.func is bodies.on_thread
