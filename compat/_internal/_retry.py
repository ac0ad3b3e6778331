"""Stands in for `langgraph._internal._retry`."""

from langferry.compat.policies import default_retry_on

__all__ = ("default_retry_on",)
