"""What surrounds the run of a node: how often it is tried, and how long an attempt may take."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Final

from langferry.graph.bodies import Body
from langferry.graph.retrying import retried
from langferry.graph.timing import TimeoutPolicy, timed

Check = Callable[[Any], object]


@dataclasses.dataclass(frozen=True, slots=True)
class Policies:
    """The policies of one node or task, which have the fields of LangGraph's.

    Attributes:
        retry: When to try again; the first that applies to an exception decides.
        timeout: How long an attempt may take, its times in seconds; `None`: any time.
        cache: By which key a result is kept. The driver of a run sees to that, not the body.
    """

    retry: Sequence[Any] | None = None
    timeout: TimeoutPolicy | None = None
    cache: Any = None


NO_POLICIES: Final = Policies()


def with_policies(body: Body, policies: Policies, check: Check | None = None) -> Body:
    """A body that keeps to the policies; the body itself, if there are none.

    `check` raises for what the body must not return, so that this counts as a failed attempt.
    """
    if policies.timeout is not None:
        body = timed(body, policies.timeout)
    if policies.retry:
        body = retried(body, policies.retry, check)
    return body


def as_policies(given: Any) -> Sequence[Any] | None:
    """One retry policy (a named tuple) or several, as several; `None` if none is given."""
    if given is None:
        return None
    return (given,) if hasattr(given, "retry_on") else tuple(given)
