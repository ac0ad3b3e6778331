"""Under which names LangGraph keeps the results of a node in a cache."""

from typing import Any

from langferry.compat._internal._runnable import RunnableCallable, RunnableSeq
from langferry.graph.caching import namespace_of


def cache_namespace(action: Any, node: str) -> tuple[str, ...]:
    """The namespace of a node, which runs a runnable; functions have names, all else has none."""
    if isinstance(action, RunnableSeq):
        action = action.steps[0]
    if isinstance(action, RunnableCallable):
        action = action.func
    return namespace_of(action, node)
