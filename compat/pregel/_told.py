"""Completes what the engine calls for a node or router: callbacks are told, writes are taken along."""

from collections.abc import Callable
from typing import Any

from langferry.compat._internal._ambient import ambient
from langferry.compat._internal._tracing import atraced, traced
from langferry.compat.graph.face import Sent
from langferry.graph.bodies import Body


def told(body: Body, shown: Callable[[Any], Any] | None = None, *, returns: bool = True) -> Body:
    """A body whose calls are told to callbacks, when there are any, with the input as it is `shown`.

    Its result includes what it wrote while it ran; that is all, if what it `returns` counts as no output.
    """
    plain, aplain = body.run, body.arun

    def run(value: Any, scope: Any) -> Any:
        returned = _traced(body, value, scope, shown) if scope.run.traces else plain(value, scope)
        if not returns:
            returned = None
        return Sent(scope.sent, returned) if scope.sent else returned

    async def arun(value: Any, scope: Any) -> Any:
        if scope.run.traces:
            returned = await _atraced(body, value, scope, shown)
        else:
            returned = await aplain(value, scope)
        if not returns:
            returned = None
        return Sent(scope.sent, returned) if scope.sent else returned

    return Body(body.name, run, arun, body.function)


def _traced(body: Body, value: Any, scope: Any, shown: Any) -> Any:
    def inside() -> Any:
        scope.config = ambient.get()
        return body.run(value, scope)

    scope.enter()
    config = scope.config
    given = value if shown is None else shown(value)
    try:
        return traced(config["run_name"], None, given, config, inside, (), {}, sequence=True)
    finally:
        scope.config = config


async def _atraced(body: Body, value: Any, scope: Any, shown: Any) -> Any:
    async def inside() -> Any:
        scope.config = ambient.get()
        return await body.arun(value, scope)

    scope.enter()
    config = scope.config
    given = value if shown is None else shown(value)
    try:
        return await atraced(config["run_name"], None, given, config, inside, (), {}, sequence=True)
    finally:
        scope.config = config
