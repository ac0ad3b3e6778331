"""Nodes of a dataclass that put other things into it than its fields are declared as."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from langchain_core.documents import Document
from langgraph.graph import END, START, StateGraph


def replaced(left: list[Document] | None, right: list[Document] | str) -> list[Document]:
    if right == "delete":
        return []
    before = left or []
    if isinstance(right, str):
        return [*before, Document(page_content=right)]
    return before + right


@dataclass
class State:
    text: str
    documents: Annotated[list[Document], replaced] = field(default_factory=list)
    best: str = ""
    count: int = 0


def plan(state: State) -> dict[str, Any]:
    return {"documents": "delete" if state.count else "planned", "best": None}


def collect(state: State) -> dict[str, Any]:
    found = [Document(page_content=word) for word in state.text.split()]
    state.best = found[0] if found else None
    return {"documents": found, "best": state.best, "count": state.count + len(found)}


def tell(state: State) -> dict[str, Any]:
    words = [f"<{document.page_content}>" for document in state.documents]
    best = state.best.page_content if state.best else "nothing"
    return {"text": f"{best} of {len(words)}: {' '.join(words)}"}


def more(state: State) -> str:
    return "plan" if state.count < 3 and state.best else END


graph = StateGraph(State)
for node in (plan, collect, tell):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "plan")
graph.add_edge("plan", "collect")
graph.add_edge("collect", "tell")
graph.add_conditional_edges("tell", more, ["plan", END])
app = graph.compile()
