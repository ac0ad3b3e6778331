"""Dicts of what objects hold: which are certain."""

import time
from pathlib import Path

import pytest

from langferry.converter import analyse

HEAD = """
from typing import Any, TypedDict

from langchain_core.output_parsers import PydanticOutputParser
from langgraph.graph import START, StateGraph
from pydantic import BaseModel, Field, field_serializer, field_validator


class Plain(BaseModel):
    text: str
    parts: list[str] = []


class Priced(Plain):
    price: float = 0.0


class Owner(BaseModel):
    plain: Plain


class Shown(BaseModel):
    text: str

    @field_serializer("text")
    def shown(self, text):
        return text.upper()


class State(TypedDict):
    text: str
    anything: Any


def node(state: State):
    parser = PydanticOutputParser(pydantic_object=CLASS)
    again = parser.parse(state["text"])
    again = again.text
    return {"anything": WHAT}


graph = StateGraph(State)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""


@pytest.mark.parametrize(
    ("of", "what", "is_native"),
    [
        ("Priced", "parser.parse(state['text']).model_dump()", True),
        ("Priced", "parser.invoke(state['text']).model_dump(mode='json')", True),
        ("Priced", "parser.invoke(state['text']).model_dump_json()", False),
        ("Priced", "parser.invoke(state['text']).model_dump(exclude_none=True)", False),
        ("Priced", "parser.invoke(state['text']).model_dump(mode=state['text'])", False),
        # from which another class is derived
        ("Owner", "parser.invoke(state['text']).model_dump()", False),
        ("Shown", "parser.invoke(state['text']).model_dump()", False),
        ("Priced", "[x.model_dump() for x in parser.invoke(state['text']).parts]", True),
        ("Priced", "again.model_dump()", False),
        # which may be a message
        ("Priced", "state['anything'].model_dump()", False),
    ],
)
def test_what_is_certain(
    of: str, what: str, is_native: bool, tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD.replace("CLASS", of).replace("WHAT", what))
    (function,) = analyse(path, cache_dir=types_cache).functions
    assert (function.disposition == "native") is is_native, function.reasons


def test_what_is_given_its_own_dump_is_not_known(tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    body = """    again = again.text
    if again:
        again = again.model_dump()
"""
    text = HEAD.replace("CLASS", "Plain").replace("WHAT", "again")
    path.write_text(text.replace("    again = again.text\n", body))
    (function,) = analyse(path, cache_dir=types_cache).functions
    assert [reason.code for reason in function.reasons] == ["LF303"]


def test_what_the_programs_own_model_dump_gives_may_be_held(
    tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text("""
from dataclasses import dataclass, field
from langgraph.graph import START, StateGraph

@dataclass
class State:
    text: str = ""
    data: dict[str, int] = field(default_factory=dict)

    def model_dump(self) -> dict[str, int]:
        return self.data

def node(state: State):
    found = state.model_dump()
    found["x"] = 1
    return {"text": str(state.data)}

graph = StateGraph(State).add_node(node).add_edge(START, "node").compile()
""")
    (function, *_) = analyse(path, cache_dir=types_cache).functions
    assert function.disposition == "bridged"


def test_many_dumps_of_one_name_are_looked_at_once(tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    body = "    again = again.text\n" + "    if again:\n        again = again.model_dump()\n" * 9
    text = HEAD.replace("CLASS", "Plain").replace("WHAT", "again")
    path.write_text(text.replace("    again = again.text\n", body))
    started = time.process_time()
    analyse(path, cache_dir=types_cache)
    assert time.process_time() - started < 20
