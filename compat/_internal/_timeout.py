"""Stands in for `langgraph._internal._timeout`."""

from datetime import timedelta

from langferry.graph.timing import TimeoutPolicy, sync_timeout_unsupported

__all__ = ("coerce_timeout_policy", "sync_timeout_unsupported")


def coerce_timeout_policy(
    value: float | timedelta | TimeoutPolicy | None,
) -> TimeoutPolicy | None:
    """The policy a `timeout=` means."""
    return TimeoutPolicy.coerce(value)
