"""Stands in for `langgraph.func`."""

from langferry.compat.func._entrypoint import entrypoint
from langferry.compat.func._task import _TaskFunction as _TaskFunction
from langferry.compat.func._task import task

__all__ = ["entrypoint", "task"]
