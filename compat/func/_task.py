"""Makes tasks of functions."""

import functools
import warnings
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic

from typing_extensions import Unpack

from langferry.compat._internal._typing import MISSING, DeprecatedKwargs
from langferry.compat.pregel._call import P, SyncAsyncFuture, T, make_task, name_of, start
from langferry.compat.types import CachePolicy, RetryPolicy, TimeoutPolicy
from langferry.compat.warnings import LangGraphDeprecatedSinceV05
from langferry.graph.caching import task_namespace
from langferry.graph.calling import Task
from langferry.graph.functions import is_async
from langferry.graph.timing import sync_timeout_unsupported

if TYPE_CHECKING:
    from langgraph.cache.base import BaseCache

Function = Callable[P, Awaitable[T]] | Callable[P, T]


class _TaskFunction(Generic[P, T]):
    """A function that starts a task when it is called, and gives the task's future."""

    def __init__(
        self,
        func: Function[P, T],
        *,
        retry_policy: Sequence[RetryPolicy],
        cache_policy: CachePolicy[Callable[P, str | bytes]] | None = None,
        timeout: TimeoutPolicy | None = None,
        name: str | None = None,
    ) -> None:
        self.func: Any = func if name is None else _renamed(func, name)
        self.retry_policy = retry_policy
        self.cache_policy = cache_policy
        self.timeout = timeout
        functools.update_wrapper(self, self.func)

    @functools.cached_property
    def _task(self) -> Task:
        return make_task(self.func, self.retry_policy, self.timeout, self.cache_policy)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> SyncAsyncFuture[T]:
        future: SyncAsyncFuture[T] = start(self._task, args, kwargs)
        return future

    def clear_cache(self, cache: "BaseCache[Any]") -> None:
        """Forget the results that a cache keeps of this task."""
        if self.cache_policy is not None:
            cache.clear([task_namespace(self.func)])

    async def aclear_cache(self, cache: "BaseCache[Any]") -> None:
        """As `clear_cache`, with asyncio."""
        if self.cache_policy is not None:
            await cache.aclear([task_namespace(self.func)])


def _renamed(func: Any, name: str) -> Any:
    if hasattr(func, "__func__"):
        # a method is shared by all instances, and each may make tasks of it
        func = functools.partial(func.__func__, func.__self__)
    func.__name__ = name
    return func


def task(
    __func_or_none__: Function[P, T] | None = None,
    *,
    name: str | None = None,
    retry_policy: RetryPolicy | Sequence[RetryPolicy] | None = None,
    cache_policy: CachePolicy[Callable[P, str | bytes]] | None = None,
    timeout: float | timedelta | TimeoutPolicy | None = None,
    **kwargs: Unpack[DeprecatedKwargs],
) -> Any:
    """Make a task of a function; as a decorator, with or without arguments.

    Calling the task inside of an entrypoint, a node or another task starts it and gives a future. What it
    returned is kept with the checkpoint: a run that is resumed does not run it again.

    Args:
        name: What the task is called by, if not by the function's name.
        retry_policy: When to run it again; as the entrypoint says, if it is not given.
        cache_policy: By which key its results are kept.
        timeout: How long an attempt may take, in seconds, for async functions.

    Raises:
        ValueError: For a timeout of a function that is not async.
    """
    retry = kwargs.get("retry", MISSING)
    if retry is not MISSING:
        warnings.warn(
            "`retry` is deprecated and will be removed. Please use `retry_policy` instead.",
            category=LangGraphDeprecatedSinceV05,
            stacklevel=2,
        )
        if retry_policy is None:
            retry_policy = retry  # type: ignore[assignment]
    policy = TimeoutPolicy.coerce(timeout)
    policies = (retry_policy,) if isinstance(retry_policy, RetryPolicy) else retry_policy or ()

    def decorate(func: Function[P, T]) -> _TaskFunction[P, T]:
        if policy is not None and not is_async(func):
            raise sync_timeout_unsupported(name or name_of(func), kind="Task")
        return _TaskFunction(
            func, retry_policy=policies, cache_policy=cache_policy, timeout=policy, name=name
        )

    return decorate if __func_or_none__ is None else decorate(__func_or_none__)
