"""Functions that put other things into the state than its fields are declared as."""

from typing import Annotated, Any, TypedDict

from langchain_core.documents import Document
from langchain_core.messages import AIMessage
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send


def replaced(left: list[str], right: list[str] | str) -> list[str]:
    if right == "delete":
        return []
    if isinstance(right, str):
        return [*left, right]
    return left + right


class State(TypedDict, total=False):
    text: str
    output: str | None
    documents: list[str]
    notes: Annotated[list[str], replaced]
    count: int
    ids: list[str]


class Sent(TypedDict):
    id: str
    text: str


def retrieve(state: State) -> dict[str, Any]:
    texts = state["text"].split()
    documents = [Document(page_content=text, metadata={"at": 1}) for text in texts]
    return {"documents": documents, "notes": "retrieved", "count": len(documents) or None}


def read(state: State) -> dict[str, Any]:
    documents = state["documents"]
    shown = [f"{document.page_content}!" for document in documents]
    output = AIMessage(content=" ".join(shown)) if shown else None
    return {"output": output, "notes": ["read", *shown]}


def answer(state: State) -> dict[str, Any]:
    try:
        content = f"{state['output'].content} ({state['count']})"
    except AttributeError as error:
        content = str(error)
    if "x" in content:
        return {"notes": "delete", "output": content}
    return {"notes": [content], "output": content}


def send(state: State) -> list[Send]:
    count = state["count"] or 0
    return [Send("work", {"id": count + i, "text": "sent"}) for i in range(2)]


def work(state: Sent) -> dict[str, Any]:
    found = state["id"]
    return {"notes": f"{type(found).__name__} {found} {state['text']}"}


graph = StateGraph(State)
for node in (retrieve, read, answer, work):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "retrieve")
graph.add_edge("retrieve", "read")
graph.add_edge("read", "answer")
graph.add_conditional_edges("answer", send, ["work"])
graph.add_edge("work", END)
app = graph.compile()
