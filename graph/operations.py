"""Lets one description of work with a saver be done synchronously and with asyncio.

The description is a generator: it yields what to call and is sent what the call returned.
"""

from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Call(NamedTuple):
    """A method to call; its twin for asyncio has the same name with an `a` in front."""

    target: Any
    method: str
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = {}  # noqa: RUF012 never changed


Steps = Generator[Call, Any, T]


def perform(steps: Steps[T]) -> T:
    """Do the work on this thread."""
    result: Any = None
    while True:
        try:
            call = steps.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value
        result = getattr(call.target, call.method)(*call.arguments, **call.options)
        if call.method == "list":
            # a saver may hold a cursor open while it is iterated
            result = list(result)


async def aperform(steps: Steps[T]) -> T:
    """Do the work with asyncio."""
    result: Any = None
    while True:
        try:
            call = steps.send(result)
        except StopIteration as stop:
            value: T = stop.value
            return value
        method = getattr(call.target, f"a{call.method}")
        if call.method == "list":
            result = [found async for found in method(*call.arguments, **call.options)]
        else:
            result = await method(*call.arguments, **call.options)
