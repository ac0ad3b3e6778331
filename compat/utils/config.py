"""Stands in for `langgraph.utils.config`."""

from langferry.compat._internal._config import ensure_config, patch_configurable
from langferry.compat.config import get_config, get_store

__all__ = ("ensure_config", "get_config", "get_store", "patch_configurable")
