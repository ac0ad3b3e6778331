"""Lets one description of work with a saver be done synchronously and with asyncio.

The description is a generator: it yields what to call and is sent what the call returned, or thrown
what it raised.
"""

from collections.abc import Generator
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Call(NamedTuple):
    """A method to call; its twin for asyncio has the same name with an `a` in front.

    `twin`: the arguments of the twin, if they are others.
    """

    target: Any
    method: str
    arguments: tuple[Any, ...] = ()
    options: dict[str, Any] = {}  # noqa: RUF012 never changed
    twin: tuple[Any, ...] | None = None


Steps = Generator[Call, Any, T]


def perform(steps: Steps[T]) -> T:
    """Do the work on this thread."""
    try:
        call = steps.send(None)
    except StopIteration as stop:
        # most work needs no saver, or one whose work is done at once
        value: T = stop.value
        return value
    result: Any = None
    raised: Exception | None = None
    while True:
        result = raised = None
        try:
            result = getattr(call.target, call.method)(*call.arguments, **call.options)
            if call.method == "list":
                # a saver may hold a cursor open while it is iterated
                result = list(result)
        except Exception as error:
            raised = error
        try:
            call = steps.send(result) if raised is None else steps.throw(raised)
        except StopIteration as stop:
            last: T = stop.value
            return last


async def aperform(steps: Steps[T]) -> T:
    """Do the work with asyncio."""
    result: Any = None
    raised: Exception | None = None
    while True:
        try:
            call = steps.send(result) if raised is None else steps.throw(raised)
        except StopIteration as stop:
            value: T = stop.value
            return value
        result = raised = None
        method = getattr(call.target, f"a{call.method}")
        arguments = call.arguments if call.twin is None else call.twin
        try:
            if call.method == "list":
                result = [found async for found in method(*arguments, **call.options)]
            else:
                result = await method(*arguments, **call.options)
        except Exception as error:
            raised = error
