"""Chains that are nodes: which are native, and what the wiring knows of what they are made of."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model.program import Function

HEAD = """
from typing import Any, TypedDict
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel, field_validator, model_validator


class Word(BaseModel):
    text: str

    @field_validator("text")
    def is_short(cls, value):
        return value[:4]

    @model_validator(mode="after")
    def is_any(self):
        return self


llm = ChatOpenAI(model="gpt-4o")
bound = llm.bind_tools([Word])


def messages(state):
    return state["messages"]


def update(message):
    return {"messages": [message]}


async def waiting(message):
    return {"messages": [message]}


def with_config(message, config):
    return {"messages": [message]}


def filled(config):
    return {"messages": [config]}


def yielding(message):
    yield {"messages": [message]}


def same(message):
    return message


"""


def _node(text: str, tmp_path: Path, types_cache: Path) -> Function:
    path = tmp_path / "program.py"
    ending = """
graph = StateGraph(MessagesState)
graph.add_node("node", made)
graph.add_edge(START, "node")
app = graph.compile()
"""
    path.write_text(HEAD + text + ending)
    functions = analyse(path, cache_dir=types_cache).functions
    return next(x for x in functions if x.roles[0] == "node")


@pytest.mark.parametrize(
    "made",
    [
        "messages | llm | update",
        "messages | bound | (lambda message: {'messages': [message]})",
        "messages | (llm | update)",
        "RunnableLambda(messages) | same | update",
        "messages | llm.with_config(run_name='x') | same | update",
        "(lambda s: {'m': s['messages'][-1].content})"
        " | ChatPromptTemplate.from_template('{m}') | llm | update",
    ],
)
def test_chains_of_what_is_known_are_native(made: str, tmp_path: Path, types_cache: Path) -> None:
    found = _node(f"made = {made}", tmp_path, types_cache)
    assert (found.disposition, found.reasons) == ("native", ())


@pytest.mark.parametrize(
    "made",
    [
        "messages | llm | waiting",
        "messages | llm | with_config",
        "messages | llm | filled",
        "messages | llm | yielding",
        "messages | llm | same | same | update",
        "messages | llm | RunnableLambda(update, waiting)",
        "messages | object() | update",
        "RunnableLambda(messages) | {'messages': same}",
    ],
)
def test_chains_of_what_is_not_known_stay_python(
    made: str, tmp_path: Path, types_cache: Path
) -> None:
    assert _node(f"made = {made}", tmp_path, types_cache).disposition == "bridged"


@pytest.mark.parametrize(
    "chosen",
    [
        "model if isinstance(model, Runnable) else RunnableLambda(model)",
        "model if model is not None else None",
        "model or other",
    ],
)
def test_models_are_known_to_be_there(chosen: str, tmp_path: Path, types_cache: Path) -> None:
    text = f"""
def build(model, other=None):
    chosen = {chosen}
    return messages | chosen | update


made = build(bound)
"""
    assert _node(text, tmp_path, types_cache).disposition == "native"


def test_nodes_that_check_forms_leave_these_as_they_are(tmp_path: Path, types_cache: Path) -> None:
    text = """
from langgraph.prebuilt import ValidationNode

tools = [Word]
checking = ValidationNode(tools)
told = llm.bind_tools(tools)
made = messages | told | update
"""
    assert _node(text, tmp_path, types_cache).disposition == "native"


@pytest.mark.parametrize(
    ("check", "disposition"),
    [
        ('field_validator("text")', "native"),
        ('field_validator("text", mode="before")', "native"),
        ('field_validator("text", mode="wrap")', "bridged"),
        ('field_validator("text", json_schema_input_type=int)', "bridged"),
        ('field_serializer("text")', "bridged"),
    ],
)
def test_models_are_told_of_forms_that_check_themselves(
    check: str, disposition: str, tmp_path: Path, types_cache: Path
) -> None:
    text = f"""
from pydantic import field_serializer


def build(model):
    class Local(BaseModel):
        text: str

        @{check}
        def read(cls, value):
            return value

    return messages | model.bind_tools([Local]) | update


made = build(llm)
"""
    assert _node(text, tmp_path, types_cache).disposition == disposition
