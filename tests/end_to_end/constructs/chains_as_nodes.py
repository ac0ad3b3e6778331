"""Nodes that are chains: functions and what LangChain has between them, put together by `|`."""

import json
from typing import Annotated, Any, TypedDict

from langchain_core.output_parsers import JsonOutputParser, StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import interrupt


def kept(left: list, right: list) -> list:
    return [*left, *right]


class State(TypedDict, total=False):
    text: str
    count: int | None
    seen: Annotated[list, kept]
    asked: str
    answered: bool


def text_of(state: State) -> str:
    return state["text"]


def halved(text: str) -> str:
    return text[: len(text) // 2]


def update(text: str) -> dict[str, Any]:
    if text == "bad":
        raise ValueError(f"no {text!r}")
    return {"text": text, "count": len(text)}


def as_json(state: State) -> str:
    if state["text"].startswith("{"):
        return state["text"]
    return json.dumps({"count": len(state["text"]), "seen": [state["text"]]})


def asked(state: State) -> dict[str, Any]:
    return {"text": state["text"], "count": state.get("count")}


def question(text: str) -> str:
    return interrupt({"about": text})


def told(answer: str) -> dict[str, Any]:
    return {"answered": answer == "yes", "seen": [answer]}


def build(mark: str) -> Any:
    def marked(text: str) -> str:
        return f"{mark}{text}"

    return RunnableLambda(text_of) | marked | (lambda text: {"seen": [text]})


prompt = ChatPromptTemplate.from_messages([("system", "Count {count}."), ("user", "{text}")])
shorten = RunnableLambda(text_of) | halved | update
shown = asked | prompt | (lambda value: {"asked": value.to_messages()[-1].content})
read = as_json | (StrOutputParser() | JsonOutputParser())

builder = StateGraph(State)
builder.add_node("shorten", shorten)
builder.add_node("first", build("1 "))
builder.add_node("second", build("2 "))
builder.add_node("read", read)
builder.add_node("shown", shown)
builder.add_node("ask", RunnableLambda(text_of) | question | told)
builder.add_edge(START, "shorten")
builder.add_edge("shorten", "first")
builder.add_edge("shorten", "second")
builder.add_edge("first", "read")
builder.add_edge("second", "read")
builder.add_edge("read", "shown")
builder.add_conditional_edges(
    "shown", lambda state: "ask" if state.get("count") else END, ["ask", END]
)
builder.add_edge("ask", END)
app = builder.compile(checkpointer=InMemorySaver())
