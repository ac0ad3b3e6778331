"""Stands in for `langgraph.pregel._call`: functions that nodes call as tasks of their superstep."""

import functools
import inspect
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, Generic, TypeVar

from typing_extensions import ParamSpec

from langferry.compat._internal._constants import CONFIG_KEY_CALL
from langferry.compat.config import get_config
from langferry.compat.pregel._told import told
from langferry.compat.types import CachePolicy, RetryPolicy, TimeoutPolicy
from langferry.graph.calling import Arguments, Task, task_body
from langferry.graph.functions import is_async
from langferry.graph.policies import Policies
from langferry.graph.runtime import current
from langferry.graph.timing import sync_timeout_unsupported

P = ParamSpec("P")
T = TypeVar("T")


class SyncAsyncFuture(Future[T], Generic[T]):
    """The type of what calling a task gives: a future to block on, or to await with asyncio."""

    def __await__(self) -> Generator[T, None, T]:
        raise TypeError("a task that was called synchronously cannot be awaited")
        yield


def call(
    func: Callable[..., Any],
    *args: Any,
    retry_policy: Sequence[RetryPolicy] | None = None,
    cache_policy: CachePolicy | None = None,
    timeout: float | timedelta | TimeoutPolicy | None = None,
    **kwargs: Any,
) -> Any:
    """Call a function as a task.

    Raises:
        RuntimeError: Outside of a node.
    """
    made = make_task(func, retry_policy or (), TimeoutPolicy.coerce(timeout), cache_policy)
    return start(made, args, kwargs)


def start(task: Task, args: Any, kwargs: Any) -> Any:
    """Call a task and give its future.

    Raises:
        RuntimeError: Outside of a node.
    """
    scope = current.get(None)
    if scope is None:
        get_config()
        raise KeyError(CONFIG_KEY_CALL)
    return scope.run.call(scope, task, args, kwargs)


def make_task(
    func: Callable[..., Any],
    retry_policy: Sequence[RetryPolicy] = (),
    timeout: TimeoutPolicy | None = None,
    cache_policy: CachePolicy | None = None,
) -> Task:
    """A function as a task.

    Raises:
        ValueError: For a timeout of a function that is not async.
    """
    name = name_of(func)
    if timeout is not None and not is_async(func):
        raise sync_timeout_unsupported(name, kind="Task")
    body = told(task_body(func, name), functools.partial(_arguments, func))
    return Task(name, body, Policies(retry_policy, timeout, cache_policy))


def name_of(func: Any) -> str:
    """What a function is called by as a task."""
    inner = func if hasattr(func, "__name__") else getattr(func, "func", None)
    name: str = getattr(inner, "__name__", None) or type(func).__name__
    return name


def _arguments(func: Callable[..., Any], given: Arguments) -> dict[str, Any]:
    """Arguments by name, as traces show them."""
    signature = inspect.signature(func)
    bound = signature.bind_partial(*given[0], **given[1])
    bound.apply_defaults()
    shown = {key: value for key, value in bound.arguments.items() if key not in ("self", "cls")}
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD and name in shown:
            shown.update(shown.pop(name))
    return shown
