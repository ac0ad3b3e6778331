"""Stands in for `langgraph.pregel._algo`, which others have been seen to import."""

from langferry.graph.storing import task_path_text as task_path_str

__all__ = ("task_path_str",)
