"""`isinstance` with classes of the program."""

import re
from pathlib import Path

import msgspec
import pytest

from langferry.converter import analyse
from langferry.model.program import Function

HEAD = """
from dataclasses import dataclass
from typing import Any, TypedDict

from langgraph.graph import START, StateGraph
from pydantic import BaseModel


class Form(BaseModel):
    text: str


class More(Form):
    more: str = ""


@dataclass
class Data:
    text: str


@dataclass
class Texts(dict):
    text: str


class Keys(TypedDict):
    text: str


class State(TypedDict):
    given: Any
    text: str


def node(state: State):
    given = state["given"]
    return {"text": "yes" if isinstance(given, CLASSES) else "no"}


graph = StateGraph(State)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""


def _node(classes: str, tmp_path: Path, types_cache: Path) -> Function:
    path = tmp_path / "program.py"
    path.write_text(HEAD.replace("CLASSES", classes))
    return next(x for x in analyse(path, cache_dir=types_cache).functions if x.name == "node")


@pytest.mark.parametrize(
    ("classes", "names"),
    [
        ("Form", ["program.Form", "program.More"]),
        ("More", ["program.More"]),
        ("(str, Data)", ["program.Data"]),
    ],
)
def test_own_classes_are_asked_for_by_their_names(
    classes: str, names: list[str], tmp_path: Path, types_cache: Path
) -> None:
    node = _node(classes, tmp_path, types_cache)
    assert node.disposition == "native"
    text = msgspec.json.encode(node.body).decode()
    assert re.findall(r'"object:([\w.]+)"', text) == names


@pytest.mark.parametrize("classes", ["Texts", "Keys", "BaseModel"])
def test_what_may_be_more_than_its_fields_is_not(
    classes: str, tmp_path: Path, types_cache: Path
) -> None:
    assert _node(classes, tmp_path, types_cache).disposition == "bridged"
