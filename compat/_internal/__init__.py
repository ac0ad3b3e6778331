"""Stands in for those of LangGraph's internals that other packages import."""
