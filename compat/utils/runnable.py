"""Stands in for `langgraph.utils.runnable`."""

from langferry.compat._internal._runnable import RunnableCallable, RunnableLike

__all__ = ("RunnableCallable", "RunnableLike")
