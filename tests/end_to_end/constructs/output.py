"""Nodes that print and log, with logging set up by the module."""

import logging
import sys
from typing import TypedDict

from langgraph.graph import END, START, StateGraph

logging.basicConfig(level=logging.INFO, format="%(levelname)s [%(name)s] {%(message)s}")
logger = logging.getLogger(__name__)
other = logging.getLogger("other.part")


def get_logger(name: str, *, level: int = logging.INFO) -> logging.Logger:
    made = logging.getLogger(name)
    if made.handlers:
        return made
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(name)s | %(levelname)s | %(message)s"))
    made.addHandler(handler)
    made.setLevel(level)
    made.propagate = False
    return made


own = get_logger("own")
again = get_logger("own", level=logging.ERROR)
detailed = get_logger("own.detailed", level=logging.DEBUG)
below = logging.getLogger("own.below")


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
    own.info("to standard output: %s", state["text"])
    again.debug("not shown")
    detailed.debug("%d letters, %.1f%%, %r", len(state["text"]), 2.25, state["text"])
    below.info("as the one above")
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
