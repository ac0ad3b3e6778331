"""Stands in for `langgraph.config`."""

from typing import Any

from langferry.compat import later
from langferry.compat._internal._ambient import ambient
from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
from langferry.compat.types import StreamWriter

__all__ = ("get_config", "get_store", "get_stream_writer")


def get_config() -> "later.RunnableConfig":
    """The config of the node that runs in this context.

    Raises:
        RuntimeError: Outside of a node.
    """
    config: later.RunnableConfig | None = ambient.get()
    if not config:
        raise RuntimeError("Called get_config outside of a runnable context")
    return config


def get_store() -> Any:
    """The store the graph was compiled with."""
    return get_config()[CONF][CONFIG_KEY_RUNTIME].store


def get_stream_writer() -> StreamWriter:
    """The writer of custom chunks."""
    writer: StreamWriter = get_config()[CONF][CONFIG_KEY_RUNTIME].stream_writer
    return writer
