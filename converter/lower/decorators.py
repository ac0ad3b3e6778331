"""What decorators make of functions."""

import ast
from collections.abc import Callable

from langferry.converter.module_scope import Function

_KEEPING = frozenset({"functools.cache", "functools.cached_property", "functools.lru_cache"})

_LEAVING = frozenset(
    [
        *("builtins.property", "builtins.staticmethod", "builtins.classmethod"),
        "abc.abstractmethod",
        *("typing.override", "typing_extensions.override", "pydantic.computed_field"),
        "pydantic.field_validator",
        *("langsmith.traceable", "langsmith.run_helpers.traceable"),
        "functools.wraps",
        *_KEEPING,
    ]
)
"""Decorators after which a function does what it says; who calls it how is another matter."""


def is_undecorated(
    function: Function,
    resolve: Callable[[ast.expr], str | None],
    is_seen_to: Callable[[ast.expr], bool],
) -> bool:
    """Whether a call of the function gives what its body gives, but for decorators that are seen to."""
    others = [x for x in getattr(function, "decorator_list", []) if not is_seen_to(x)]
    return all(resolve(_called(item)) in _LEAVING for item in others)


def keeps_result(function: Function, resolve: Callable[[ast.expr], str | None]) -> bool:
    """Whether the function's body is not run again for what it was asked before."""
    return any(resolve(item) in _KEEPING for item in _decorators(function))


def is_static(function: Function) -> bool:
    """Whether it is a method that gets no object."""
    decorators = getattr(function, "decorator_list", [])
    return any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in decorators)


def _decorators(function: Function) -> list[ast.expr]:
    return [_called(item) for item in getattr(function, "decorator_list", [])]


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator
