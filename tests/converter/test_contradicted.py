"""Which fields are left open because the program itself puts other things into them."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model import types as t
from langferry.model.program import Program
from tests.types_cache import TYPES_CACHE

PROGRAM = """
import operator
from dataclasses import dataclass
from typing import Annotated, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.types import Send
from pydantic import BaseModel

def last(left: str, right: str) -> str:
    return right

{state}

def node(state: State):
    {body}

graph = StateGraph(State).add_node(node).add_edge(START, "node").compile()
"""
TYPED = "class State(TypedDict):\n    text: {kind}\n    other: str"


def _analysed(path: Path, state: str, body: str) -> tuple[Program, dict[str, t.Type]]:
    path.write_text(PROGRAM.format(state=state, body=body))
    program = analyse(path, cache_dir=TYPES_CACHE)
    fields = {x.name: x.type for record in program.records for x in record.fields}
    return program, fields


@pytest.mark.parametrize(
    "body",
    [
        "return {'text': 1}",
        "return {'text': None, 'other': state['other']}",
        "found = state['text']\n    return {'other': found.page_content}",
        "for part in state.get('text'):\n        print(part.name)\n    return state",
        "state['text'] = 1.5\n    return state",
    ],
)
def test_what_is_put_there_may_be_anything(body: str, tmp_path: Path) -> None:
    program, fields = _analysed(tmp_path / "program.py", TYPED.format(kind="list[str]"), body)
    node = next(x for x in program.functions if x.name == "node")
    assert node.disposition == "native", node.reasons
    assert fields == {"text": t.AnyType(), "other": t.StrType()}


@pytest.mark.parametrize(
    ("state", "body"),
    [
        (TYPED.format(kind="Annotated[list[str], operator.add]"), "return {'text': 1}"),
        (TYPED.format(kind="Annotated[str, last]"), "return {'text': 1}"),
        ("class State(BaseModel):\n    text: str = ''\n    other: str = ''", "return {'text': 1}"),
        (TYPED.format(kind="Annotated[\n        str, 'x'\n    ]"), "return {'text': 1}"),
        (TYPED.format(kind="str"), "return {'text': 1, 'other': eval('x')}"),
    ],
)
def test_what_gains_nothing_or_is_not_certain_stays_as_declared(
    state: str, body: str, tmp_path: Path
) -> None:
    program, fields = _analysed(tmp_path / "program.py", state, body)
    assert {x.name: x.disposition for x in program.functions}["node"] == "bridged"
    assert not any(isinstance(kind, t.AnyType) for kind in fields.values())


def test_a_dataclass_may_hold_anything(tmp_path: Path) -> None:
    state = "@dataclass\nclass State:\n    text: str\n    other: str = ''"
    program, fields = _analysed(tmp_path / "program.py", state, "return {'text': 1}")
    assert [x.disposition for x in program.functions] == ["native"]
    assert fields == {"text": t.AnyType(), "other": t.StrType()}


def test_only_what_is_sent_is_left_open(tmp_path: Path) -> None:
    state = (
        "class Sent(TypedDict):\n    at: str\n\nclass State(TypedDict):\n    text: str\n\n"
        "def work(state: Sent):\n    return {'text': f\"{state['at']}\"}\n\n"
        "def route(state: 'State'):\n    return [Send('work', {'at': len(state['text'])})]"
    )
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(state=state, body="return state"))
    text = path.read_text().replace(
        ".compile()", ".add_node(work).add_conditional_edges('node', route, ['work']).compile()"
    )
    path.write_text(text)
    program = analyse(path, cache_dir=TYPES_CACHE)
    assert all(x.disposition == "native" for x in program.functions)
    fields = {x.name: x.type for record in program.records for x in record.fields}
    assert fields == {"at": t.AnyType(), "text": t.StrType()}
