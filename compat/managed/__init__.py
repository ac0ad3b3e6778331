"""Stands in for `langgraph.managed`."""

from langferry.compat.managed.is_last_step import IsLastStep, RemainingSteps

__all__ = ("IsLastStep", "RemainingSteps")
