"""The short way gives what `inspect` and `typing` give."""

import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any, TypedDict

import pytest

from langferry.graph import functions


class State(TypedDict):
    x: int


def plain(state: State, config: dict, *, store: int = 3) -> State: ...  # type: ignore[type-arg, empty-body]
def bare(state): ...  # type: ignore[no-untyped-def]
def nothing() -> None: ...
def stringly(state: "State") -> "list[State]": ...  # type: ignore[empty-body]
def named(state: "State", config: "dict", more: "none_such" = None) -> "None": ...  # type: ignore # noqa: F821
def shadowing(state: "State", config: "list") -> "dict": ...  # type: ignore[empty-body, type-arg]
def generic(state: list[int], *rest: int, last: int | None = None, **more: str) -> None: ...
def positional(state: State, /, config: int) -> None: ...
def starred(*state: State, key: int) -> None: ...
def keyword(*, state: State) -> None: ...


def generator(state: State) -> Any:
    yield state


async def awaited(state: State) -> None: ...


async def agenerator(state: State) -> Any:
    yield state


@functools.wraps(awaited)
def wrapped(*args: Any) -> Any: ...


list = State  # type: ignore[misc, assignment]


class Callables:
    def method(self, state: State) -> None: ...
    def __call__(self, state: State) -> None: ...


class Awaited:
    async def __call__(self, state: State) -> None: ...


class Generating:
    async def __call__(self, state: State) -> Any:
        yield state


def signed(state: State) -> None: ...


signed.__signature__ = inspect.signature(lambda other: None)  # type: ignore[attr-defined]

EVERY: list[Callable[..., Any]] = [
    *(plain, bare, nothing, stringly, named, shadowing, generic, positional, starred, keyword),
    *(generator, awaited, agenerator, wrapped, signed),
    *(Callables().method, Callables(), Awaited(), Generating(), lambda state: state),
    *(functools.partial(plain, config={}), functools.partial(awaited)),
]


def answer(ask: Callable[..., Any], *args: Any) -> Any:
    try:
        return ask(*args)
    except (TypeError, NameError) as error:
        return type(error)


@pytest.mark.parametrize("action", EVERY)
def test_the_short_way_is_as_right_as_the_long_one(action: Callable[..., Any]) -> None:
    method = getattr(action, "__call__", None)  # noqa: B004
    assert functions.is_async(action) == any(map(inspect.iscoroutinefunction, (action, method)))
    assert functions.is_generator(action) == (
        inspect.isgeneratorfunction(action)
        or any(map(inspect.isasyncgenfunction, (action, method)))
    )
    parameters = list(inspect.signature(action).parameters)
    assert set(functions.named_parameters(action)) <= set(parameters)
    named = [p.name for p in inspect.signature(action).parameters.values() if p.kind not in (2, 4)]
    assert set(named) <= set(functions.named_parameters(action))
    assert functions.first_parameter(action) == next(iter(parameters), None)
    assert answer(functions.hints, action) == answer(typing.get_type_hints, action)


def test_only_what_is_nothing_but_a_function_is_plain() -> None:
    assert [a for a in EVERY if functions.is_plain(a)] == [*EVERY[:13], EVERY[19]]
