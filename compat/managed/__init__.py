"""Stands in for `langgraph.managed`."""

from langferry.graph.managed import IsLastStep, RemainingSteps

__all__ = ("IsLastStep", "RemainingSteps")
