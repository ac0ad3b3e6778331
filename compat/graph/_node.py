"""Stands in for `langgraph.graph._node`: a node as `StateGraph.nodes` shows it."""

from functools import cached_property
from typing import Any

from langferry.compat import later
from langferry.graph.state_graph import Node

__all__ = ("StateNodeSpec",)


class StateNodeSpec(Node):
    """A node as it was added, under the names that LangGraph gives its parts."""

    @cached_property
    def runnable(self) -> "later.Runnable[Any, Any]":
        """What the node does, callable on its own."""
        from langferry.compat._internal._runnable import coerce_to_runnable

        return coerce_to_runnable(self.action, name=self.body.name, trace=False)

    @property
    def retry_policy(self) -> Any:
        """When the node is run again after a failure."""
        return self.policies.retry or None

    @property
    def timeout(self) -> Any:
        """How long an attempt may take."""
        return self.policies.timeout
