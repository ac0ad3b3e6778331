"""Makes one calling convention of everything a program may use as a node or router."""

import contextvars
import dataclasses
import functools
import inspect
import types
import typing
import warnings
from collections.abc import Awaitable, Callable
from typing import Any, Final

from langferry.graph.callables import RunnableCallable
from langferry.graph.config import NODE_ERROR
from langferry.graph.errors import Unsupported
from langferry.graph.functions import is_async, is_generator, is_plain, named_parameters
from langferry.graph.runtime import StreamWriter, TaskScope


# not frozen, which would take three times as long to make
@dataclasses.dataclass(slots=True, eq=False)
class Body:
    """Something that runs with an input and the task it runs for.

    `run` is used by the synchronous driver, `arun` by the asyncio driver; both must be called
    in a context of their own. `function` is what annotations are read from, when there is one.
    """

    name: str | None
    run: Callable[[Any, TaskScope], Any]
    arun: Callable[[Any, TaskScope], Awaitable[Any]]
    function: Any = None


def make_body(action: Any, name: str | None) -> Body:
    """Adapt a function, callable object or runnable.

    Raises:
        TypeError: If `action` cannot be called at all.
        Unsupported: LF414 for generators and dicts of runnables.
    """
    if not is_plain(action):
        if isinstance(action, RunnableCallable):
            return function_body(action.func, action.afunc, name or action.name)
        if is_runnable(action):
            return _runnable_body(action, name)
        if isinstance(action, dict):
            raise Unsupported("LF414", f"{name or action!r} is a dict of runnables; use a function")
        if not callable(action):
            raise TypeError(
                "Expected a Runnable, callable or dict."
                f"Instead got an unsupported type: {type(action)}"
            )
    if is_generator(action):
        raise Unsupported("LF414", f"{name or action!r} is a generator; return a value instead")
    if is_async(action):
        return function_body(None, action, name)
    return function_body(action, None, name)


def function_body(
    function: Callable[..., Any] | None,
    afunction: Callable[..., Awaitable[Any]] | None,
    name: str | None,
) -> Body:
    """Adapt a pair of functions, at least one of them given."""
    shown = function or afunction
    name = name or _own_name(shown)
    wanted = injected(shown)

    def run(value: Any, scope: TaskScope) -> Any:
        if function is None:
            raise TypeError(
                f'No synchronous function provided to "{name}".'
                "\nEither initialize with a synchronous function or invoke"
                " via the async API (ainvoke, astream, etc.)"
            )
        scope.enter()
        if wanted:
            result = function(value, **{key: get(scope) for key, get in wanted})
        else:
            result = function(value)
        if type(result) is not dict and is_runnable(result):
            return result.invoke(value, scope.config)
        return result

    async def arun(value: Any, scope: TaskScope) -> Any:
        scope.enter()
        extra = {key: get(scope) for key, get in wanted} if wanted else {}
        if afunction is not None:
            result = await afunction(value, **extra)
        else:
            assert function is not None
            call = functools.partial(function, value, **extra)
            scope.on_thread = True
            result = await in_executor(call)
        if type(result) is not dict and is_runnable(result):
            return await result.ainvoke(value, scope.config)
        return result

    return Body(name, run, arun, shown)


async def in_executor(call: Callable[[], Any]) -> Any:
    """Run blocking code on a thread, in a copy of this context."""
    import asyncio

    def guarded() -> Any:
        try:
            return call()
        except StopIteration as stop:
            # a future refuses StopIteration
            raise RuntimeError from stop

    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(None, context.run, guarded)


async def on_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function that may block, on a thread."""
    return await in_executor(functools.partial(function, *args, **kwargs))


_NO_RUNNABLES: Final = (type, types.FunctionType, dict, list, str, types.NoneType)


def is_runnable(value: Any) -> bool:
    """Whether a value has the two methods that make it a runnable."""
    if isinstance(value, _NO_RUNNABLES):
        return False
    # of the class: a mock has whatever it is asked for
    cls = type(value)
    return callable(getattr(cls, "invoke", None)) and callable(getattr(cls, "ainvoke", None))


def _runnable_body(runnable: Any, name: str | None) -> Body:
    def run(value: Any, scope: TaskScope) -> Any:
        scope.enter()
        return runnable.invoke(value, scope.config)

    async def arun(value: Any, scope: TaskScope) -> Any:
        scope.enter()
        return await runnable.ainvoke(value, scope.config)

    get_name = getattr(runnable, "get_name", None)
    return Body(name or (get_name() if callable(get_name) else None), run, arun)


def _own_name(function: Any) -> str | None:
    name = getattr(function, "__name__", None)
    return None if name == "<lambda>" else name


def runs_async(action: Any) -> bool:
    """Whether an action suspends rather than blocks, as far as that can be seen."""
    if isinstance(action, RunnableCallable):
        return action.afunc is not None
    return is_runnable(action) or is_async(action)


_INJECTABLE: Final[dict[str, Callable[[TaskScope], Any]]] = {
    "config": lambda scope: scope.config,
    "writer": lambda scope: scope.runtime.stream_writer,
    "store": lambda scope: scope.runtime.store,
    "previous": lambda scope: scope.runtime.previous,
    "runtime": lambda scope: scope.runtime,
    "error": lambda scope: (scope.config.get("configurable") or {}).get(NODE_ERROR),
}


def injected(function: Any) -> list[tuple[str, Callable[[TaskScope], Any]]]:
    """The parameters a function takes besides its input."""
    if _INJECTABLE.keys().isdisjoint(named_parameters(function)):
        return []
    wanted = []
    for name, parameter in inspect.signature(function).parameters.items():
        get = _INJECTABLE.get(name)
        if get is None or parameter.kind not in (
            parameter.POSITIONAL_OR_KEYWORD,
            parameter.KEYWORD_ONLY,
        ):
            continue
        if _annotation_fits(name, parameter.annotation):
            wanted.append((name, get))
        elif name == "config":
            warnings.warn(
                "The 'config' parameter should be typed as 'RunnableConfig' or "
                f"'RunnableConfig | None', not '{parameter.annotation}'. ",
                UserWarning,
                stacklevel=5,
            )
    return wanted


_CLASS_NAMES: Final = {"config": "RunnableConfig", "store": "BaseStore"}


def _annotation_fits(name: str, annotation: Any) -> bool:
    if name in ("previous", "runtime") or annotation is inspect.Parameter.empty:
        return True
    if name == "error":
        return getattr(annotation, "__name__", annotation) == "NodeError"
    if name == "writer":
        return annotation == StreamWriter or annotation == "StreamWriter"
    expected = _CLASS_NAMES[name]
    if isinstance(annotation, str):
        return annotation in (expected, f"Optional[{expected}]")
    options = typing.get_args(annotation) or (annotation,)
    named = [o for o in options if o is not type(None)]
    return len(named) == 1 and getattr(named[0], "__name__", None) == expected
