"""A graph whose state is a dict of any keys."""

from typing import Any

from langgraph.graph import END, START, StateGraph


def first(state):
    question = state["question"]
    return {**state, "context": question.upper(), "next": "second"}


def second(state: dict[str, Any]) -> dict[str, Any]:
    if state.get("quiet"):
        return None
    words = [str(key) for key in state]
    return {
        "next": END,
        "answer": f"{state['context']} {state.get('missing', 0)} {words}",
        3: "three",
    }


def same(state: dict):
    for key, value in state.items():
        print(key, value)
    return state


def counted(state):
    return {"count": len(state), "next": state["next"], "has": "answer" in state}


graph = StateGraph(dict)
for node in (first, second, same, counted):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "first")
graph.add_conditional_edges("first", lambda s: s["next"], {"second": "second"})
graph.add_edge("second", "same")
graph.add_edge("same", "counted")
graph.add_conditional_edges("counted", lambda s: s["next"], {"second": "second", END: END})
app = graph.compile()
