"""Fields of a typed dict that hold something else than they declare, as its functions know."""

from typing import Any, TypedDict

from langchain_core.documents import Document
from langchain_core.messages import AIMessage
from langgraph.graph import END, START, StateGraph


class Given(TypedDict):
    texts: list[str]
    found: list[str]
    top: int
    note: str
    answer: str | None


class State(TypedDict, total=False):
    texts: list[str]
    found: list[str]
    top: int
    note: str
    answer: str | None
    told: list[str]


def find(state: State) -> dict[str, Any]:
    return {
        "found": [Document(page_content=x, metadata={"n": i}) for i, x in enumerate(state["texts"])]
    }


def limit(state: State) -> dict[str, Any]:
    if "top" not in state or state["top"] is None:
        state["top"] = 2
    note = state.get("note", "-")
    return {"top": state["top"] * 1, "note": "none" if note is None else note.upper() + "é"}


def _count(state: State) -> int:
    return 0 if state["note"] is None else len(state["note"])


def pick(state: State) -> dict[str, Any]:
    kept = []
    documents = state["found"]
    for document in documents:
        if len(kept) < state["top"] and document.page_content:
            kept.append(document)
    told = [f"{x.page_content} {x.metadata['n']}" for x in kept]
    return {"found": kept, "told": [*told, str(len(documents)), str(_count(state))]}


def answer(state: State) -> dict[str, Any]:
    first = state["found"][0] if state["found"] else None
    if first is None:
        return {"answer": "nothing"}
    if first.page_content == "plain":
        return {"answer": first.page_content}
    return {"answer": AIMessage(content=f"{first.page_content}!")}


def say(state: State) -> dict[str, Any]:
    answer = state["answer"]
    text = answer if isinstance(answer, str) else answer.content
    return {"told": [*state["told"], f"{text} {state['answer'].content}"]}


def lacks(state: State) -> dict[str, Any]:
    try:
        found = state["missing"]
    except KeyError as error:
        found = repr(error)
    given = state.get("missing", "-")
    return {"told": [*state["told"], found, given, str("missing" in state)]}


def route(state: State) -> str:
    return END if state["answer"] == "nothing" else "say"


builder = StateGraph(State, input_schema=Given)
builder.add_node("find", find)
builder.add_node("limit", limit)
builder.add_node("pick", pick)
builder.add_node("answer", answer)
builder.add_node("say", say)
builder.add_edge(START, "find")
builder.add_edge("find", "limit")
builder.add_edge("limit", "pick")
builder.add_edge("pick", "answer")
builder.add_conditional_edges("answer", route, ["say", END])
builder.add_node("lacks", lacks)
builder.add_edge("say", "lacks")
builder.add_conditional_edges("lacks", lambda state: state["missing"] if state["top"] == 3 else END)
app = builder.compile()
