"""Names of a module that stand for one thing after the other, each used while it stands for it."""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    word: str
    told: list[str]


words = ["a", "b"]
joined = "-".join(words)
words = ["ü"]  # type: ignore[no-redef]
other = [*words, joined]
limit = 2
limit = limit + 1
doubled = limit * 2


def words(state: State) -> State:  # type: ignore[no-redef]
    """A node of that name."""
    return {"told": [joined, *other, str(doubled), state.get("word", "")]}


def limit(state: State) -> str:  # type: ignore[no-redef]
    """A router of that name."""
    return END if len(state["told"]) > doubled else "more"


def more(state: State) -> State:
    return {"told": [*state["told"], *other]}


builder = StateGraph(State)
builder.add_node("words", words)
builder.add_node("more", more)
builder.add_edge(START, "words")
builder.add_conditional_edges("words", limit, ["more", END])
builder.add_conditional_edges("more", limit, ["more", END])
app = builder.compile()
