"""Arguments of the entry that native functions use."""

from pathlib import Path

from langferry.converter import analyse
from langferry.model import ir
from langferry.model import types as t

TEXT = """
from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from langgraph.graph import START, StateGraph
from pydantic import BaseModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel as Model


class State(TypedDict, total=False):
    text: str


class Form(BaseModel):
    answer: str


def reading(llm: Model, tone: "str"):
    try:
        structured, is_structured = llm.with_structured_output(Form), True
    except NotImplementedError:
        structured, is_structured = llm, False

    def read(state: State):
        found = structured.invoke(state["text"] + tone)
        return {"text": found.answer if is_structured else found.content}

    return read


def create(llm: Model, tone: str, count: int, other, bound, share: float, sure: bool):
    with_tools = bound.bind_tools([])

    def asked(state: State):
        return {"text": llm.invoke(f"{state['text']} {count} {share} {sure}").content}

    def told(state: State):
        return {"text": with_tools.invoke("x").content}

    def strange(state: State):
        return {"text": other.invoke("x").content}

    graph = StateGraph(State)
    for name, node in [("read", reading(llm, tone)), ("asked", asked), ("strange", strange)]:
        graph.add_node(name, node)
        graph.add_edge(START, name)
    graph.add_node("told", told)
    graph.add_edge(START, "told")
    return graph.compile()
"""


def test_arguments_are_what_their_annotations_or_their_uses_say(
    tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(TEXT)
    program = analyse(path, cache_dir=types_cache)
    reasons = {x.name: [y.message for y in x.reasons] for x in program.functions}
    strange = ["`other` has no known value"]
    assert reasons == {"read": [], "asked": [], "told": [], "strange": strange}
    given = {
        value.name: value.type
        for value in program.globals
        if isinstance(value.value, ir.Call)
        and value.value.function in ("arguments.given", "langchain.argument")
    }
    assert given == {
        "llm": t.ClassType("langchain.ChatModel"),
        "bound": t.ClassType("langchain.ChatModel"),
        "tone": t.StrType(),
        "count": t.IntType(),
        "share": t.FloatType(),
        "sure": t.BoolType(),
    }
