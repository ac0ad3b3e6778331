"""Stands in for `langgraph._internal._runnable`: a runnable made of a function or two."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from functools import partial, wraps
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args

from langferry.compat import later
from langferry.compat._internal._config import ensure_config
from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
from langferry.compat._internal._tracing import atraced, traced
from langferry.compat.late_bases import Runnable, is_runnable
from langferry.compat.policies import TracePolicy
from langferry.graph import bodies, functions
from langferry.graph.runtime import TaskScope, no_writer

__all__ = ("RunnableCallable", "RunnableLike", "RunnableSeq", "coerce_to_runnable")

ASYNCIO_ACCEPTS_CONTEXT = True

if TYPE_CHECKING:
    RunnableLike = later.RunnableLike[Any, Any] | Callable[..., Any]
else:

    def __getattr__(name: str) -> Any:
        if name == "RunnableLike":
            return later.RunnableLike[Any, Any] | Callable[..., Any]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class _OutsideScope:
    """What a function is injected when it is called with a config and not by a graph."""

    def __init__(self, config: "later.RunnableConfig") -> None:
        self.config = config

    @property
    def runtime(self) -> Any:
        return (self.config.get(CONF) or {}).get(CONFIG_KEY_RUNTIME)

    def enter(self) -> None:
        """Leave the context as it is."""


class RunnableCallable(Runnable[Any, Any]):
    """A runnable made of a function, an async function, or one of each."""

    def __init__(
        self,
        func: Callable[..., Any] | None,
        afunc: Callable[..., Awaitable[Any]] | None = None,
        *,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        trace: bool = True,
        recurse: bool = True,
        explode_args: bool = False,
        **kwargs: Any,
    ) -> None:
        shown = func or afunc
        if shown is None:
            raise ValueError("At least one of func or afunc must be provided.")
        own = getattr(shown, "__name__", None)
        self.name = name or (None if func and own == "<lambda>" else own)
        self.func = func
        self.afunc = afunc
        self.tags = tags
        self.trace = trace
        self.recurse = recurse
        self.explode_args = explode_args
        self.kwargs = kwargs
        self._wanted = bodies.injected(shown)

    @property
    def func_accepts(self) -> tuple[str, ...]:
        """The parameters that are injected when the caller does not give them."""
        return tuple(name for name, _ in self._wanted)

    def invoke(
        self, input: Any, config: "later.RunnableConfig | None" = None, **kwargs: Any
    ) -> Any:
        """Call the function.

        Raises:
            TypeError: If there is only an async one.
        """
        if self.func is None:
            raise TypeError(
                f'No synchronous function provided to "{self.name}".'
                "\nEither initialize with a synchronous function or invoke"
                " via the async API (ainvoke, astream, etc.)"
            )
        config = ensure_config() if config is None else config
        args, kwargs = self._arguments(input, config, kwargs)
        if self.trace:
            result = traced(self._name(config), self.tags, input, config, self.func, args, kwargs)
        else:
            result = self.func(*args, **kwargs)
        if self.recurse and is_runnable(result):
            return result.invoke(input, config)
        return result

    async def ainvoke(
        self, input: Any, config: "later.RunnableConfig | None" = None, **kwargs: Any
    ) -> Any:
        """Await the async function, or call the other one in its place."""
        if self.afunc is None:
            return self.invoke(input, config, **kwargs)
        config = ensure_config() if config is None else config
        args, kwargs = self._arguments(input, config, kwargs)
        if self.trace:
            result = await atraced(
                self._name(config), self.tags, input, config, self.afunc, args, kwargs
            )
        else:
            result = await self.afunc(*args, **kwargs)
        if self.recurse and is_runnable(result):
            return await result.ainvoke(input, config)
        return result

    def as_body(self, name: str | None) -> bodies.Body:
        """This runnable as the engine calls it."""

        def run(value: Any, scope: TaskScope) -> Any:
            scope.enter()
            return self.invoke(value, scope.config)  # type: ignore[arg-type]

        async def arun(value: Any, scope: TaskScope) -> Any:
            scope.enter()
            return await self.ainvoke(value, scope.config)  # type: ignore[arg-type]

        return bodies.Body(name or self.name, run, arun, self.func or self.afunc)

    def _name(self, config: "later.RunnableConfig") -> str:
        return config.get("run_name") or self.get_name()

    def _arguments(
        self, input: Any, config: "later.RunnableConfig", kwargs: dict[str, Any]
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        args: Sequence[Any] = (input,)
        if self.explode_args:
            args, exploded = input
            kwargs = {**exploded, **kwargs}
        kwargs = {**self.kwargs, **kwargs}
        scope: Any = _OutsideScope(config)
        for name, get in self._wanted:
            if name not in kwargs:
                known = name == "config" or scope.runtime is not None
                kwargs[name] = get(scope) if known else self._without_runtime(name)
        return args, kwargs

    def _without_runtime(self, name: str) -> Any:
        """What stands in for a parameter when the config holds no runtime."""
        if name == "writer":
            return no_writer
        function: Any = self.func or self.afunc
        annotation = inspect.signature(function).parameters[name].annotation
        if NoneType in get_args(annotation) or str(annotation).startswith("Optional["):
            return None
        key = "N/A" if name == "runtime" else name
        raise ValueError(f"Missing required config key '{key}' for '{self.name}'.")


class RunnableSeq(Runnable[Any, Any]):
    """Runnables one after another, each getting what the one before gave."""

    def __init__(self, *steps: Any, name: str | None = None, **options: Any) -> None:
        if len(steps) < 2:
            raise ValueError(f"RunnableSeq must have at least 2 steps, got {len(steps)}")
        self.name = name
        self.trace_policy: TracePolicy | None = options.get("trace_policy")
        self.steps: list[later.Runnable[Any, Any]] = []
        for step in steps:
            if isinstance(step, RunnableSeq):
                self.steps.extend(step.steps)
            else:
                self.steps.append(coerce_to_runnable(step, name=None, trace=True))

    def invoke(
        self, input: Any, config: "later.RunnableConfig | None" = None, **kwargs: Any
    ) -> Any:
        """Run all steps."""
        config = ensure_config() if config is None else config

        def run() -> Any:
            value = self.steps[0].invoke(input, config, **kwargs)
            for step in self.steps[1:]:
                value = step.invoke(value, config)
            return value

        name = config.get("run_name") or self.get_name()
        return traced(name, None, input, config, run, (), {}, self.trace_policy)

    async def ainvoke(
        self, input: Any, config: "later.RunnableConfig | None" = None, **kwargs: Any
    ) -> Any:
        """As `invoke`, with asyncio."""
        config = ensure_config() if config is None else config

        async def run() -> Any:
            value = await self.steps[0].ainvoke(input, config, **kwargs)
            for step in self.steps[1:]:
                value = await step.ainvoke(value, config)
            return value

        name = config.get("run_name") or self.get_name()
        return await atraced(name, None, input, config, run, (), {}, self.trace_policy)


def coerce_to_runnable(thing: Any, *, name: str | None, trace: bool) -> "later.Runnable[Any, Any]":
    """A runnable of a function, a dict of runnables, or a runnable.

    Raises:
        TypeError: For anything else.
    """
    if is_runnable(thing):
        return thing
    if functions.is_generator(thing):
        return later.RunnableLambda(thing, name=name)
    if callable(thing):
        if is_async_callable(thing):
            return RunnableCallable(None, thing, name=name, trace=trace)
        # the asyncio driver runs what blocks on a thread
        return RunnableCallable(
            thing, wraps(thing)(partial(bodies.on_thread, thing)), name=name, trace=trace
        )
    if isinstance(thing, dict):
        return later.RunnableParallel(thing)
    raise TypeError(
        f"Expected a Runnable, callable or dict.Instead got an unsupported type: {type(thing)}"
    )


def is_async_callable(function: Any) -> bool:
    """Whether calling something gives an awaitable."""
    return functions.is_async(function)


def is_async_generator(function: Any) -> bool:
    """Whether calling something gives an asynchronous generator."""
    return inspect.isasyncgenfunction(function) or inspect.isasyncgenfunction(
        functions.call_method(function)
    )


# langchain shows where a runnable comes from, and drawings hold it
for _shown in (RunnableCallable, RunnableSeq):
    _shown.__module__ = "langgraph._internal._runnable"
