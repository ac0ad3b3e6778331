"""Stands in for `langgraph.pregel`."""

# the graphs of states come first: they and these need each other
from langferry.compat.graph import state as _state  # noqa: F401
from langferry.compat.pregel._builder import NodeBuilder
from langferry.compat.pregel.main import Pregel

__all__ = ("NodeBuilder", "Pregel")
