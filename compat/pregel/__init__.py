"""Stands in for `langgraph.pregel`."""

from langferry.compat.missing import refuse

__all__: tuple[str, ...] = ()

__getattr__ = refuse(
    __name__,
    {
        "Pregel": "build the graph with StateGraph",
        "NodeBuilder": "build the graph with StateGraph",
        "Channel": "build the graph with StateGraph",
    },
)
