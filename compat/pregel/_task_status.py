"""Stands in for `langgraph.pregel._task_status`."""

from langferry.graph.statuses import CONTROL_WRITES, TaskStatus, read_task_statuses

__all__ = ("CONTROL_WRITES", "TaskStatus", "read_task_statuses")
