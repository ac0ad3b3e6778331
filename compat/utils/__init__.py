"""Stands in for `langgraph.utils`."""
