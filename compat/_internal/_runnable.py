"""Stands in for `langgraph._internal._runnable`: a runnable made of a function or two."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
from langferry.compat.missing import refuse
from langferry.graph import bodies
from langferry.graph.runtime import TaskScope

__all__ = ("RunnableCallable",)

__getattr__ = refuse(
    __name__,
    {
        "RunnableSeq": "use langchain_core.runnables.RunnableSequence",
        "coerce_to_runnable": "use langchain_core.runnables.RunnableLambda",
    },
)


class _OutsideScope:
    """What a function is injected when it is called with a config and not by a graph."""

    def __init__(self, config: RunnableConfig) -> None:
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

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:
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
        config = config or {}
        args, kwargs = self._arguments(input, config, kwargs)
        result = self.func(*args, **kwargs)
        if self.recurse and isinstance(result, Runnable):
            return result.invoke(input, config)
        return result

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Any:
        """Await the async function, or call the other one in its place."""
        if self.afunc is None:
            return self.invoke(input, config, **kwargs)
        config = config or {}
        args, kwargs = self._arguments(input, config, kwargs)
        result = await self.afunc(*args, **kwargs)
        if self.recurse and isinstance(result, Runnable):
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

    def _arguments(
        self, input: Any, config: RunnableConfig, kwargs: dict[str, Any]
    ) -> tuple[Sequence[Any], dict[str, Any]]:
        args: Sequence[Any] = (input,)
        if self.explode_args:
            args, exploded = input
            kwargs = {**exploded, **kwargs}
        kwargs = {**self.kwargs, **kwargs}
        scope: Any = _OutsideScope(config)
        for name, get in self._wanted:
            if name not in kwargs:
                kwargs[name] = get(scope)
        return args, kwargs
