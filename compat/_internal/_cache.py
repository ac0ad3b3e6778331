"""Stands in for `langgraph._internal._cache`."""

from langferry.compat.policies import default_cache_key

__all__ = ("default_cache_key",)
