"""Nodes and routers that give back what only a run tells."""

import json
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.types import Command


class State(TypedDict, total=False):
    text: str
    found: Any
    count: int
    names: list[str]


def read(state: State):
    """What is read may be an update, or nothing."""
    return json.loads(state["text"])


def look(state: State):
    found = state.get("found") or {}
    state["found"] = found
    return {"count": state.get("count", 0) + len(found)}


def route(state: State):
    return state["found"].get("next", "look")


def onward(state: State):
    table = {"more": "last", "end": END, "both": ["last", "other"]}
    chosen: Any = json.loads(json.dumps(table))[state["found"].get("then", "more")]
    return chosen


def last(state: State):
    result: Any = {"names": [*state.get("names", []), "last"]}
    return result


def other(state: State):
    return {"count": state.get("count", 0) + 100}


def enough(state: State):
    return len(state.get("names", [])) > 1


def command(state: State):
    """A destination, or a list of them, that only the run tells, computed before the update."""
    goto = json.loads(state["text"])["goto"]
    return Command(goto=goto, update={"names": ["last"], "count": len(goto)})


def commands(state: State):
    chosen, end = state["names"][0], END
    if state.get("count", 0) > 3:
        chosen = end
    return Command(goto=[chosen, "other"], update={"found": {"then": chosen}})


def no_update(state: State):
    """LangGraph refuses what is no dict."""
    if state.get("count", 0) > 1:
        return state["text"]
    found: dict[Any, Any] = {}
    found[state["names"][0]] = 7
    return found


async def later(state: State, twice: bool = False):
    return {"count": 1}


def not_awaited(state: State):
    """LangGraph refuses a coroutine, too."""
    return later(state, twice=True)


graph = StateGraph(State)
graph.add_node("lambda_of_later", lambda state: later(state))
for node in (read, look, last, other, command, commands, no_update, not_awaited):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "read")
ways = ["look", "last", "command", "no_update", "not_awaited", "lambda_of_later", END]
graph.add_conditional_edges("read", route, ways)
graph.add_conditional_edges("look", onward, ["last", "other", END])
graph.add_edge("last", END)
graph.add_conditional_edges("other", enough, {True: END, False: END})
app = graph.compile()
