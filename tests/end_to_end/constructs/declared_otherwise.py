"""Functions that ask for what the state's types and keys do not say."""

from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    text: str
    count: int
    ratio: float
    words: list[str] | None
    scores: dict[str, float]
    log: list[str]


def shown(values: list[Any]) -> list[str]:
    return [f"{type(value).__name__} {value!r}" for value in values]


def undeclared(state: State) -> dict[str, Any]:
    """A key that is no channel's is never there."""
    found = state.get("missing", "none")
    again = state.get("missing")
    log = [str(found), str(again), str("missing" in state)]
    try:
        log.append(str(state["missing"]))
    except KeyError as error:
        log.append(f"no {error}")
    return {"log": log}


def compared(state: State) -> dict[str, Any]:
    """What is never None is compared with it."""
    text = "none" if state["text"] is None else "text"
    log = [*state["log"], text]
    if state["count"] is not None:
        log.append("counted")
    if "ratio" not in state or state["ratio"] is None:
        return {"log": log, "ratio": 0.5}
    try:
        if state["scores"] is None:
            log.append("no scores")
    except KeyError as error:
        log.append(f"no {error}")
    return {"log": log}


def defaults(state: State) -> dict[str, Any]:
    """Defaults of other types than the keys'."""
    words = state.get("words", [])
    ratio = state.get("ratio", "unknown")
    count = state.get("count", "")
    scores = state.get("scores", {})
    best = scores.get("best", "N/A")
    worst = scores.get("wörst", "")
    log = [*shown([words, ratio, count, best, worst])]
    if not words:
        log.append("no words")
    return {"log": [*state["log"], *log]}


def route(state: State) -> str:
    if state.get("next"):
        return "undeclared"
    try:
        return state["next"]
    except KeyError:
        return "end"


graph = StateGraph(State)
for node in (undeclared, compared, defaults):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "undeclared")
graph.add_edge("undeclared", "compared")
graph.add_edge("compared", "defaults")
graph.add_conditional_edges("defaults", route, {"end": END, "undeclared": "undeclared"})
app = graph.compile()
