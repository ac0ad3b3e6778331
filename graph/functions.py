"""What a function says of itself: how it runs, what it takes, and of which types.

`inspect` and `typing` answer for whatever can be called, slowly. Most nodes are plain functions with plain classes
for annotations, whose code object answers at once.
"""

import builtins
import inspect
import types
import typing
from collections.abc import Sequence
from typing import Any

_BUILTINS = vars(builtins)


def is_plain(action: Any) -> bool:
    """Whether an action is a function, and nothing but: not wrapped, nor marked as something else."""
    return type(action) is types.FunctionType and not action.__dict__


def call_method(action: Any) -> Any:
    """The `__call__` of a callable object, bound; `None` of what cannot be called."""
    return getattr(action, "__call__", None)  # noqa: B004 the method itself is wanted


def is_async(action: Any) -> bool:
    """Whether calling an action gives an awaitable."""
    if is_plain(action):
        return bool(action.__code__.co_flags & inspect.CO_COROUTINE)
    return inspect.iscoroutinefunction(action) or inspect.iscoroutinefunction(call_method(action))


def is_generator(action: Any) -> bool:
    """Whether calling an action gives a generator of either kind."""
    if is_plain(action):
        return bool(action.__code__.co_flags & (inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR))
    return (
        inspect.isgeneratorfunction(action)
        or inspect.isasyncgenfunction(action)
        or inspect.isasyncgenfunction(call_method(action))
    )


def named_parameters(function: Any) -> Sequence[str]:
    """The names of the parameters, without looking further at what they are.

    Raises:
        TypeError: For what cannot be called.
        ValueError: If it is not known what it takes.
    """
    if is_plain(function):
        code = function.__code__
        names: tuple[str, ...] = code.co_varnames
        return names[: code.co_argcount + code.co_kwonlyargcount]
    return list(inspect.signature(function).parameters)


def first_parameter(function: Any) -> str | None:
    """The name of the parameter that a function's input goes to, if it takes any.

    Raises:
        As `named_parameters`.
    """
    if is_plain(function) and function.__code__.co_argcount:
        first: str = function.__code__.co_varnames[0]
        return first
    return next(iter(inspect.signature(function).parameters), None)


def hints(function: Any) -> dict[str, Any]:
    """What `typing.get_type_hints` gives.

    Raises:
        NameError: If an annotation names what there is not.
        TypeError: For what has no annotations.
    """
    if is_plain(function):
        found = {}
        for name, annotation in function.__annotations__.items():
            if isinstance(annotation, str):
                # a name is what `from __future__ import annotations` leaves of most
                annotation = function.__globals__.get(annotation, _BUILTINS.get(annotation))
            if not isinstance(annotation, type):
                break
            found[name] = annotation
        else:
            return found
    return typing.get_type_hints(function)
