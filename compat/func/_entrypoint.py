"""Makes graphs of functions."""

import dataclasses
import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Generic, TypeVar, get_args, get_origin

from typing_extensions import Unpack

from langferry.compat import later
from langferry.compat._internal._constants import PREVIOUS
from langferry.compat._internal._typing import MISSING, DeprecatedKwargs
from langferry.compat.channels.ephemeral_value import EphemeralValue
from langferry.compat.channels.last_value import LastValue
from langferry.compat.constants import END, START
from langferry.compat.pregel.main import Pregel
from langferry.compat.types import CachePolicy, RetryPolicy, TimeoutPolicy
from langferry.compat.typing import ContextT
from langferry.compat.warnings import LangGraphDeprecatedSinceV05, LangGraphDeprecatedSinceV10
from langferry.graph.bodies import on_thread
from langferry.graph.functions import is_async

R = TypeVar("R")
S = TypeVar("S")


class entrypoint(Generic[ContextT]):
    """Makes a graph of a function, as a decorator.

    The function takes the input as its first argument, and by name `config`, `runtime`, `previous` (what it
    returned last time on the thread), `store` and `writer`. It calls tasks and other graphs as it likes.

    Args:
        checkpointer: Keeps what the function and its tasks return.
        store: What nodes find as `runtime.store`.
        cache: Keeps results of tasks with a cache policy.
        context_schema: The class of the run's context object.
        cache_policy: By which key results of the function and its tasks are kept.
        retry_policy: When to run the function, or one of its tasks, again.
        timeout: How long an attempt at the function may take, in seconds, if it is async.
    """

    def __init__(
        self,
        checkpointer: "later.BaseCheckpointSaver[Any] | None" = None,
        store: "later.BaseStore | None" = None,
        cache: "later.BaseCache[Any] | None" = None,
        context_schema: type[ContextT] | None = None,
        cache_policy: CachePolicy | None = None,
        retry_policy: RetryPolicy | Sequence[RetryPolicy] | None = None,
        timeout: float | timedelta | TimeoutPolicy | None = None,
        **kwargs: Unpack[DeprecatedKwargs],
    ) -> None:
        if (config_schema := kwargs.get("config_schema", MISSING)) is not MISSING:
            warnings.warn(
                "`config_schema` is deprecated and will be removed. "
                "Please use `context_schema` instead.",
                category=LangGraphDeprecatedSinceV10,
                stacklevel=2,
            )
            context_schema = config_schema if context_schema is None else context_schema  # type: ignore[assignment]
        if (retry := kwargs.get("retry", MISSING)) is not MISSING:
            warnings.warn(
                "`retry` is deprecated and will be removed. Please use `retry_policy` instead.",
                category=LangGraphDeprecatedSinceV05,
                stacklevel=2,
            )
            retry_policy = retry if retry_policy is None else retry_policy  # type: ignore[assignment]
        self.checkpointer = checkpointer
        self.store = store
        self.cache = cache
        self.cache_policy = cache_policy
        self.retry_policy = retry_policy
        self.timeout = TimeoutPolicy.coerce(timeout)
        self.context_schema = context_schema

    @dataclasses.dataclass(kw_only=True, slots=True, frozen=True)
    class final(Generic[R, S]):
        """What a function returns, and what it finds next time as `previous`."""

        value: R
        save: S

    def __call__(self, func: Callable[..., Any]) -> Pregel:
        """Make a graph of a function.

        Raises:
            NotImplementedError: For generators.
            ValueError: For a function without parameters, or a timeout of one that is not async.
            TypeError: For an annotation `entrypoint.final` with one type.
        """
        if inspect.isgeneratorfunction(func) or inspect.isasyncgenfunction(func):
            raise NotImplementedError("Generators are not supported in the Functional API.")
        from langferry.compat.pregel._read import PregelNode
        from langferry.compat.pregel._write import ChannelWrite, ChannelWriteEntry

        takes, gives, saves = self._types(inspect.signature(func))
        node = PregelNode(
            bound=_runnable(func),
            triggers=[START],
            channels=START,
            timeout=self.timeout,
            writers=[
                ChannelWrite(
                    [
                        ChannelWriteEntry(END, mapper=_returned),
                        ChannelWriteEntry(PREVIOUS, mapper=_saved),
                    ]
                )
            ],
        )
        return Pregel(
            nodes={func.__name__: node},
            channels={
                START: EphemeralValue(takes),
                END: LastValue(gives, END),
                PREVIOUS: LastValue(saves, PREVIOUS),
            },
            input_channels=START,
            output_channels=END,
            stream_channels=END,
            stream_mode="updates",
            stream_eager=True,
            checkpointer=self.checkpointer,
            store=self.store,
            cache=self.cache,
            cache_policy=self.cache_policy,
            retry_policy=self.retry_policy or (),
            context_schema=self.context_schema,
        )

    def _types(self, signature: inspect.Signature) -> tuple[Any, Any, Any]:
        """The types of input, output and what is kept for the next time."""
        first = next(iter(signature.parameters.values()), None)
        if first is None:
            raise ValueError("Entrypoint function must have at least one parameter")
        takes = Any if first.annotation is first.empty else first.annotation
        gives = signature.return_annotation
        if gives is signature.empty or gives is entrypoint.final:
            return takes, Any, Any
        if get_origin(gives) is not entrypoint.final:
            return takes, gives, gives
        types = get_args(gives)
        if len(types) != 2:
            raise TypeError(
                "Please an annotation for both the return_ and the save values."
                "For example, `-> entrypoint.final[int, str]` would assign a return_ a type of "
                "`int` and save the type `str`."
            )
        return takes, *types


def _runnable(func: Callable[..., Any]) -> "later.RunnableCallable":
    if is_async(func):
        return later.RunnableCallable(None, func, name=func.__name__, trace=False, recurse=False)
    afunc: Any = functools.partial(on_thread, func)
    return later.RunnableCallable(func, afunc, name=func.__name__, trace=False, recurse=False)


def _returned(value: Any) -> Any:
    return value.value if isinstance(value, entrypoint.final) else value


def _saved(value: Any) -> Any:
    return value.save if isinstance(value, entrypoint.final) else value
