"""Nodes, routers and what they call write for whoever watches the run."""

from typing import Any, TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime, get_runtime
from langgraph.types import StreamWriter


class State(TypedDict, total=False):
    count: int
    names: list[str]


def tell(write, what: Any, times: int = 1) -> int:
    """A helper that is given a stream writer."""
    for number in range(times):
        write({"what": what, "number": number})
    return times


def count(state: State, writer: StreamWriter):
    writer("counting")
    told = tell(writer, state["names"], times=2)
    return {"count": told}


def asked(state: State):
    write = get_stream_writer()
    if write is not None and state["count"] > 0:
        write([state["count"], None, 1.5])
    get_stream_writer()(state)
    return {"names": [*state["names"], "asked"]}


async def running(state: State, runtime: Runtime):
    runtime.stream_writer(["runtime", state["names"]])
    again = get_runtime()
    write = again.stream_writer
    write({"of": {"again": True}})
    return {"count": tell(write, None)}


def over(state: State, *, writer):
    if writer:
        writer("over")
    return END if "asked" in state["names"] else "asked"


graph = StateGraph(State)
for node in (count, asked, running):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "count")
graph.add_edge("count", "running")
graph.add_conditional_edges("running", over, ["asked", END])
graph.add_edge("asked", "running")
app = graph.compile()
