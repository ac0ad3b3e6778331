"""Runs a node again after it has failed, as its retry policies say."""

import dataclasses
import logging
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from langferry.graph.bodies import Body
from langferry.graph.errors import GraphBubbleUp
from langferry.graph.runtime import TaskScope

logger = logging.getLogger(__name__)

Check = Callable[[Any], object]


def retried(body: Body, policies: Sequence[Any], check: Check | None = None) -> Body:
    """A body that is run again; `check` raises for what a node must not return.

    Sleeping and chance go through `time.sleep`, `asyncio.sleep` and `random.uniform`.
    """

    def run(value: Any, scope: TaskScope) -> Any:
        while True:
            try:
                result = body.run(value, scope)
                if check is not None:
                    check(result)
            except GraphBubbleUp:
                raise
            except Exception as error:
                pause = _pause(policies, error, scope)
                if pause is None:
                    raise
                time.sleep(pause)
                _log(scope, pause, error)
                scope.retry()
            else:
                return result

    async def arun(value: Any, scope: TaskScope) -> Any:
        import asyncio

        while True:
            try:
                result = await body.arun(value, scope)
                if check is not None:
                    check(result)
            except GraphBubbleUp:
                raise
            except Exception as error:
                pause = _pause(policies, error, scope)
                if pause is None:
                    raise
                await asyncio.sleep(pause)
                _log(scope, pause, error)
                scope.retry()
            else:
                return result

    return dataclasses.replace(body, run=run, arun=arun)


class StartOver(Exception):
    """Raised by a router to have its node run again."""


def starting_over(body: Body, policies: Sequence[Any], check: Check) -> Body:
    """A router of a node with retry policies: if it fails, the node is run again.

    `check` raises for what the router must not return.
    """

    def run(value: Any, scope: TaskScope) -> Any:
        try:
            answer = body.run(value, scope)
            check(answer)
        except GraphBubbleUp:
            raise
        except Exception as error:
            pause = _pause(policies, error, scope)
            if pause is None:
                raise
            time.sleep(pause)
            _log(scope, pause, error)
            raise StartOver from error
        return answer

    async def arun(value: Any, scope: TaskScope) -> Any:
        import asyncio

        try:
            answer = await body.arun(value, scope)
            check(answer)
        except GraphBubbleUp:
            raise
        except Exception as error:
            pause = _pause(policies, error, scope)
            if pause is None:
                raise
            await asyncio.sleep(pause)
            _log(scope, pause, error)
            raise StartOver from error
        return answer

    return dataclasses.replace(body, run=run, arun=arun)


def _pause(policies: Sequence[Any], error: Exception, scope: TaskScope) -> float | None:
    policy = _applying(policies, error)
    if policy is None or scope.attempt >= policy.max_attempts:
        return None
    factor = policy.backoff_factor ** (scope.attempt - 1)
    pause: float = min(policy.max_interval, policy.initial_interval * factor)
    return pause + random.uniform(0, 1) if policy.jitter else pause


def _log(scope: TaskScope, pause: float, error: Exception) -> None:
    logger.info(
        f"Retrying task {scope.name} after {pause:.2f} seconds "
        f"(attempt {scope.attempt}) after {error.__class__.__name__} {error}",
        exc_info=error,
    )


def _applying(policies: Sequence[Any], error: Exception) -> Any:
    return next((policy for policy in policies if _applies(policy.retry_on, error)), None)


def _applies(retry_on: Any, error: Exception) -> bool:
    if isinstance(retry_on, Sequence):
        return isinstance(error, tuple(retry_on))
    if isinstance(retry_on, type) and issubclass(retry_on, Exception):
        return isinstance(error, retry_on)
    if callable(retry_on):
        return bool(retry_on(error))
    raise TypeError(
        "retry_on must be an Exception class, a list or tuple of Exception classes, or a callable"
    )
