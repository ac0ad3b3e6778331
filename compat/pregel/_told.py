"""Completes what the engine calls for a node or router: callbacks are told, writes are taken along."""

from collections.abc import Callable
from typing import Any

from langferry.compat._internal._ambient import ambient
from langferry.compat._internal._tracing import atraced, traced
from langferry.compat.graph.face import Sent
from langferry.compat.policies import TracePolicy
from langferry.graph.bodies import Body


def told(
    body: Body,
    shown: Callable[[Any], Any] | None = None,
    policy: TracePolicy | None = None,
    *,
    returns: bool = True,
) -> Body:
    """A body whose calls are told to callbacks, when there are any, with the input as it is `shown`.

    Its result includes what it wrote while it ran; that is all, if what it `returns` counts as no output.
    The policy says what tracers record of it.
    """
    plain, aplain = body.run, body.arun

    def run(value: Any, scope: Any) -> Any:
        if scope.run.traces:
            returned = _traced(body, policy, value, scope, shown)
        else:
            returned = plain(value, scope)
        if not returns:
            returned = None
        return Sent(scope.sent, returned) if scope.sent else returned

    async def arun(value: Any, scope: Any) -> Any:
        if scope.run.traces:
            returned = await _atraced(body, policy, value, scope, shown)
        else:
            returned = await aplain(value, scope)
        if not returns:
            returned = None
        return Sent(scope.sent, returned) if scope.sent else returned

    return Body(body.name, run, arun, body.function)


def _traced(body: Body, policy: TracePolicy | None, value: Any, scope: Any, shown: Any) -> Any:
    def inside() -> Any:
        scope.config = ambient.get()
        return body.run(value, scope)

    scope.enter()
    config = scope.config
    given = value if shown is None else shown(value)
    try:
        name = config["run_name"]
        return traced(name, None, given, config, inside, (), {}, policy, sequence=True)
    finally:
        scope.config = config


async def _atraced(
    body: Body, policy: TracePolicy | None, value: Any, scope: Any, shown: Any
) -> Any:
    async def inside() -> Any:
        scope.config = ambient.get()
        return await body.arun(value, scope)

    scope.enter()
    config = scope.config
    given = value if shown is None else shown(value)
    try:
        name = config["run_name"]
        return await atraced(name, None, given, config, inside, (), {}, policy, sequence=True)
    finally:
        scope.config = config
