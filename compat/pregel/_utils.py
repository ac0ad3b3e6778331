"""Stands in for `langgraph.pregel._utils`."""

from langferry.compat.pregel._subgraphs import find_subgraph_pregel, get_function_nonlocals

__all__ = ("find_subgraph_pregel", "get_function_nonlocals")
