"""A state that is one value."""

from langgraph.graph import END, START, StateGraph


def count(state: dict) -> dict:
    """Changes the state in place."""
    state["words"] = state["text"].split()
    return state


def shout(state: dict) -> dict:
    """Gives a new one, without what was there."""
    return {"text": " ".join(state["words"]).upper(), "again": len(state["words"]) > 3}


def more(state: dict) -> str:
    """Goes round once for a long text."""
    return "trim" if state["again"] else END


def trim(state: dict) -> dict:
    """Leaves three words."""
    return {**state, "text": " ".join(state["text"].split()[:3])}


builder = StateGraph(dict)
builder.add_node("count", count)
builder.add_node("shout", shout)
builder.add_node("trim", trim)
builder.add_edge(START, "count")
builder.add_edge("count", "shout")
builder.add_conditional_edges("shout", more, ["trim", END])
builder.add_edge("trim", "count")
graph = builder.compile()
