"""Stands in for `langgraph.pregel`."""

from typing import TYPE_CHECKING

from langferry.compat import later

# the graphs of states come first: they and these need each other
from langferry.compat.graph import state as _state  # noqa: F401
from langferry.compat.pregel.main import Pregel

if TYPE_CHECKING:
    NodeBuilder = later.NodeBuilder
else:
    __getattr__ = later.reexported(__name__, "NodeBuilder")

__all__ = ("NodeBuilder", "Pregel")
