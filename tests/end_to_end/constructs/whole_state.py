"""Nodes that set keys of the dict they are given, and give it back whole."""

import operator
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, HumanMessage
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages


class State(TypedDict, total=False):
    text: str
    count: int
    log: Annotated[list[str], operator.add]
    first: str
    second: str
    ratio: float
    notes: dict[str, int]
    words: list[str]
    messages: Annotated[list[Any], add_messages]


def measure(state: State) -> State:
    state["count"] = len(state["text"])
    state["second"] = "before"
    state["first"] = "after"
    return state


def shout(state: State):
    return {**state, "text": state["text"].upper(), "ratio": 1}


def grow(state: State):
    """What is not returned stays the node's own."""
    state["count"] += 10
    state["text"] = "lost"
    if state["count"] > 13:
        state["first"] = f"big {state['count']}"
    return {"count": state["count"], "first": state.get("first", "none")}


def careful(state: State):
    try:
        state["second"] = "trying"
        state["count"] = 100 // len(state["notes"])
        state["first"] = "tried"
    except KeyError as error:
        state["first"] = f"no {error}"
    except ZeroDivisionError:
        state["first"] = "nothing noted"
    if "ratio" in state:
        state["notes"] = {"length": len(state["text"])}
    return state


def same(state: State) -> State:
    if state["count"] == 7:
        return {**state}
    return state


def collect(state: State) -> State:
    """The channel's own objects are changed, and written to it."""
    if not state.get("notes"):
        return {"notes": {}}
    state["notes"]["length"] = len(state["text"])
    state["notes"]["length"] += state["count"]
    state["notes"].pop("a", 0)
    state["words"] = state["text"].split("C")
    state["second"] = ",".join(state["words"])
    return state


def extend(state: State) -> State:
    state["words"].append(state["text"])
    state["words"] += [state["second"], "end"]
    state["words"].insert(0, state["words"][-1])
    state["words"][1] = state["words"][1] + "!"
    del state["words"][2]
    if len(state["words"]) > 20:
        state["words"].clear()
    return {**state, "ratio": len(state["words"]) / 2}


def told(state: State):
    print("count is", state["count"], state.get("first"))
    return


def borrow(state: State):
    """The channel's own list, under another name; what is no channel is left out."""
    before = state.get("words", [])
    seen = f"{len(before)} {before}"
    words = state.get("words", [])
    words.append("borrowed")
    words += [state["text"], seen]
    return {"words": words, "unknown": len(words)}


def describe(state: State):
    """The state as the dict it is."""
    parts = [f"{key}={value}" for key, value in state.items()]
    keys = ["text", "count", "missing"]
    found = [str(state.get(key, "none")) for key in keys if key in state or key == "missing"]
    chosen = "first" if "first" in state else "text"
    whole = {**state, "extra": state[chosen]}
    names = list(state)
    return {"text": f"{'; '.join(parts)} {found} {whole} {names} {dict(state) == whole}"}


def copy(state: State):
    copied = state.copy()
    copied["second"] = f"copied {copied['count'] + 1}"
    copied["log"] = []
    copied.update({"ratio": 0.5})
    return copied


def copy_again(state: State):
    again = dict(state)
    again["log"] = ["again"]
    again["count"] += 1
    return again


def speak(state: State) -> State:
    """New messages in the channel's own list, which its reducer finds twice."""
    state["messages"].append(HumanMessage(content=state["text"][:3]))
    state["messages"].extend([AIMessage(content="yes"), HumanMessage("so")])
    state["messages"] += [AIMessage(content=f"{len(state['messages'])} before")]
    for word in state["words"]:
        state["messages"].append(HumanMessage(word[:1]))
    return state


graph = StateGraph(State)
for node in (
    *(measure, shout, grow, careful, same, collect, extend, told, borrow),
    *(describe, copy, copy_again, speak),
):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "measure")
graph.add_edge("measure", "shout")
graph.add_edge("shout", "grow")
graph.add_edge("grow", "careful")
graph.add_edge("careful", "same")
graph.add_edge("same", "collect")
graph.add_edge("collect", "extend")
graph.add_edge("extend", "told")
graph.add_edge("told", "borrow")
graph.add_edge("borrow", "describe")
graph.add_edge("describe", "copy")
graph.add_edge("copy", "copy_again")
graph.add_edge("copy_again", "speak")
graph.add_edge("speak", END)
app = graph.compile()
