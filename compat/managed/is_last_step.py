"""Stands in for `langgraph.managed.is_last_step`."""

from langferry.graph.managed import IsLastStep, RemainingSteps

__all__ = ("IsLastStep", "RemainingSteps")
