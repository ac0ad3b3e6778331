"""Stands in for `langgraph._internal._timeout`."""

from datetime import timedelta

from langferry.compat.policies import TimeoutPolicy

__all__ = ("coerce_timeout_policy",)


def coerce_timeout_policy(
    value: float | timedelta | TimeoutPolicy | None,
) -> TimeoutPolicy | None:
    """The policy a `timeout=` means."""
    return TimeoutPolicy.coerce(value)
