"""Stands in for `langgraph.version`."""

__all__ = ("__version__",)

__version__ = "1.2.22"
