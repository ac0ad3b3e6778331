"""Prompts that a module makes of files beside it, of one kind or the other."""

import os
import re
from typing import TypedDict

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langgraph.graph import END, START, StateGraph


def sections(text: str) -> list[tuple[str, str]]:
    pattern = re.compile(r"^# (System|Human)\n(.*?)(?=\n# |\Z)", re.DOTALL | re.MULTILINE)
    return [(match[0].lower(), match[1].strip()) for match in re.findall(pattern, text)]


def content(text: str) -> str:
    match = re.search(r"(#.*)", text, re.DOTALL)
    if match:
        return match.group(1)
    raise ValueError("nothing in it")


def load(name: str) -> PromptTemplate | ChatPromptTemplate:
    path = f"{os.path.dirname(os.path.abspath(__file__))}/prompts/{name}"
    with open(path) as f:
        text = f.read()
    kind = re.search(r"_type\s*:\s*(\S+)", text)
    if kind:
        if kind.group(1) and kind.group(1).replace('"', "") == "chat":
            return ChatPromptTemplate.from_messages(sections(content(text)))
        return PromptTemplate.from_template(content(text))
    print("of no kind:", name)
    return PromptTemplate.from_template(content(text))


class State(TypedDict):
    given: dict[str, str]
    log: list[str]


chat_prompt = load("chat.md")
text_prompt = load("text.md")
chat_chain = chat_prompt | StrOutputParser()
text_chain = text_prompt | StrOutputParser()


def ask_chat(state: State):
    try:
        return {"log": [chat_chain.invoke(state["given"])]}
    except KeyError as error:
        return {"log": [str(error)]}


def ask_text(state: State):
    try:
        return {"log": [*state["log"], text_chain.invoke(state["given"])]}
    except KeyError as error:
        return {"log": [*state["log"], str(error)]}


builder = StateGraph(State)
builder.add_node("ask_chat", ask_chat)
builder.add_node("ask_text", ask_text)
builder.add_edge(START, "ask_chat")
builder.add_edge("ask_chat", "ask_text")
builder.add_edge("ask_text", END)
graph = builder.compile()
