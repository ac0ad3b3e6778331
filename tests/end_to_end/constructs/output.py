"""Nodes that print and log, with logging set up by the module."""

import logging
import sys
from typing import TypedDict

from langgraph.graph import END, START, StateGraph

logging.basicConfig(level=logging.INFO, format="%(levelname)s [%(name)s] {%(message)s}")
logger = logging.getLogger(__name__)
other = logging.getLogger("other.part")


class State(TypedDict, total=False):
    text: str
    count: int


def node(state: State) -> dict:
    print("node", state["text"], sep=": ", end=" ")
    logger.debug(f"not shown {state['text']}")
    logger.info("plain 100%")
    logger.info(f"text {state['text']!r}")
    other.warning("%s has %s letters", state["text"], len(state["text"]))
    print(f"{state['text']:>8}|", file=sys.stderr)
    logging.error(state["text"])
    return {"count": len(state["text"])}


def last(state: State) -> None:
    print(state["count"], None, [state["text"]], {"a": 1.5})


graph = StateGraph(State)
graph.add_node("node", node)
graph.add_node("last", last)
graph.add_edge(START, "node")
graph.add_edge("node", "last")
graph.add_edge("last", END)
app = graph.compile()
