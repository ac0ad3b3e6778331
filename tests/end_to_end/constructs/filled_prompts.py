"""Prompts that are filled with all of a dict, beside values by name."""

import re
from typing import Any, TypedDict

from langchain_core.prompts import (
    AIMessagePromptTemplate,
    ChatPromptTemplate,
    HumanMessagePromptTemplate,
    PromptTemplate,
    SystemMessagePromptTemplate,
)
from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    template: str
    name: str
    values: dict[str, Any]
    log: list[str]
    said: list[str]
    whole: list[str]


def written(text: str) -> str:
    """A template whose fields are in angle brackets."""
    text = text.replace("{", "{{").replace("}", "}}")
    return re.sub(r"<<([^>>]+)>>", r"{\1}", text)


def of_dict(state: State) -> dict[str, Any]:
    try:
        prompt = PromptTemplate(input_variables=["x"], template=written(state["template"]))
        return {"log": [prompt.format(x="first", **state["values"])]}
    except (KeyError, ValueError) as error:
        return {"log": [f"{type(error).__name__}: {error}"]}


OTHER = PromptTemplate.from_template("another")


def of_state(state: State) -> dict[str, Any]:
    try:
        prompt = PromptTemplate.from_template(written(state["template"]))
        if not prompt or (not OTHER and prompt):
            return {"log": ["none"]}
        named = OTHER if state["name"] == "me" else None
        written_out = prompt if state["template"] else None
        chosen = (OTHER and (named or written_out)) or OTHER
        return {"log": [*state["log"], chosen.format(x=state["log"], **state)]}
    except (KeyError, ValueError) as error:
        return {"log": [*state["log"], f"{type(error).__name__}: {error}"]}


def of_messages(state: State) -> dict[str, Any]:
    prompt = ChatPromptTemplate.from_messages([("system", "I am {name}."), ("human", "{y}")])
    given = prompt.partial(y="?")
    try:
        said = given.format_messages(**state["values"], **{"name": state["name"]})
        return {"said": [f"{message.type}: {message.content}" for message in said]}
    except (KeyError, ValueError) as error:
        return {"said": [f"{type(error).__name__}: {error}"]}


OF_SYSTEM = SystemMessagePromptTemplate.from_template("I am {name}.")


def of_whole_texts(state: State) -> dict[str, Any]:
    try:
        of_user = HumanMessagePromptTemplate.from_template(template=written(state["template"]))
        of_model = AIMessagePromptTemplate.from_template("I see.")
        prompt = ChatPromptTemplate.from_messages([OF_SYSTEM, of_user, of_model])
        values = {"name": "me", "x": "X", **state["values"]}
        given = prompt.invoke(values)
        return {"whole": [prompt.format(**values), given.to_string()]}
    except (KeyError, ValueError) as error:
        return {"whole": [type(error).__name__]}


builder = StateGraph(State)
builder.add_node("of_dict", of_dict)
builder.add_node("of_state", of_state)
builder.add_node("of_messages", of_messages)
builder.add_edge(START, "of_dict")
builder.add_edge("of_dict", "of_state")
builder.add_edge("of_state", "of_messages")
builder.add_node("of_whole_texts", of_whole_texts)
builder.add_edge("of_messages", "of_whole_texts")
builder.add_edge("of_whole_texts", END)
graph = builder.compile()
