"""Nodes that read documents, among texts and messages, and make some."""

from typing import Any

from langchain_core.documents import Document
from langchain_core.messages import BaseMessage
from langgraph.graph import END, START, MessagesState, StateGraph


class State(MessagesState):
    """What was found, and what is said of it."""

    found: list[Any]
    said: list[str]


def text_of(item: Document | str) -> str:
    return item.page_content if isinstance(item, Document) else str(item)


def say(state: State) -> dict:
    sources = [x.metadata["source"] for x in state["found"] if isinstance(x, Document)]
    kinds = [isinstance(x, (Document, BaseMessage)) for x in [*state["found"], *state["messages"]]]
    return {"said": [text_of(x) for x in state["found"]] + sources + [str(kinds)]}


def collect(state: State) -> dict:
    made = [
        Document(page_content=text, metadata={"place": place, "of": [place]})
        for place, text in enumerate(state["said"])
    ]
    last = Document("end", id="last")
    try:
        Document(page_content=len(made))
        said = "made"
    except ValueError as error:
        said = str(error)
    told = [x.page_content for x in made if x.metadata["place"] != 1]
    return {"found": [*made, last], "said": [*told, said, str(last.id), str(last.metadata)]}


builder = StateGraph(State)
builder.add_node("say", say)
builder.add_node("collect", collect)
builder.add_edge(START, "say")
builder.add_edge("say", "collect")
builder.add_edge("collect", END)
app = builder.compile()
