"""Runs a node again after it has failed, as its retry policies say."""

import dataclasses
import logging
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from langferry.graph.bodies import Body
from langferry.graph.errors import GraphBubbleUp, Unsupported
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
                _again(scope, pause, error)
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
                _again(scope, pause, error)
            else:
                return result

    return dataclasses.replace(body, run=run, arun=arun)


def not_retried(body: Body, policies: Sequence[Any]) -> Body:
    """A router of a node with retry policies: LangGraph would run the node again if it fails.

    Here it does not, so a failure that the policies are for is refused.
    """

    def refuse(error: Exception) -> None:
        if _applying(policies, error) is not None:
            raise Unsupported(
                "LF402",
                f"the router {body.name!r} failed; a node is not run again for its router yet",
            ) from error

    def run(value: Any, scope: TaskScope) -> Any:
        try:
            return body.run(value, scope)
        except GraphBubbleUp:
            raise
        except Exception as error:
            refuse(error)
            raise

    async def arun(value: Any, scope: TaskScope) -> Any:
        try:
            return await body.arun(value, scope)
        except GraphBubbleUp:
            raise
        except Exception as error:
            refuse(error)
            raise

    return dataclasses.replace(body, run=run, arun=arun)


def _pause(policies: Sequence[Any], error: Exception, scope: TaskScope) -> float | None:
    policy = _applying(policies, error)
    if policy is None or scope.attempt >= policy.max_attempts:
        return None
    factor = policy.backoff_factor ** (scope.attempt - 1)
    pause: float = min(policy.max_interval, policy.initial_interval * factor)
    return pause + random.uniform(0, 1) if policy.jitter else pause


def _again(scope: TaskScope, pause: float, error: Exception) -> None:
    logger.info(
        f"Retrying task {scope.name} after {pause:.2f} seconds "
        f"(attempt {scope.attempt}) after {error.__class__.__name__} {error}",
        exc_info=error,
    )
    scope.retry()


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
