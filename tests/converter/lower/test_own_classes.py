"""`dataclasses.asdict`, of which a copy may be another value."""

from pathlib import Path

import pytest

from langferry.converter import analyse

PROGRAM = """
import dataclasses
from dataclasses import InitVar, dataclass
from typing import Any, ClassVar, TypedDict

from langgraph.graph import START, StateGraph
from pydantic import BaseModel


class Model(BaseModel):
    text: str


@dataclass
class Inner:
    text: str


@dataclass
class Outer:
    inner: Inner
    held: HELD


class State(TypedDict):
    outer: Outer
    model: Model
    whole: dict[str, Any]


def node(state: State):
    outer, model = state["outer"], state["model"]
    return {"whole": dataclasses.asdict(GIVEN)}


graph = StateGraph(State)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""


def _disposition(held: str, given: str, tmp_path: Path, types_cache: Path) -> str:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.replace("HELD", held).replace("GIVEN", given))
    functions = analyse(path, cache_dir=types_cache).functions
    return next(x.disposition for x in functions if x.name == "node")


@pytest.mark.parametrize(
    "held", ["str", "int | None", "list[float]", "dict[str, list[bool]]", "Inner"]
)
def test_plain_fields(held: str, tmp_path: Path, types_cache: Path) -> None:
    assert _disposition(held, "outer", tmp_path, types_cache) == "native"


@pytest.mark.parametrize(
    "held",
    ["Any", "set[str]", "list[Inner]", "Inner | None", "Model", "ClassVar[str]", "InitVar[str]"],
)
def test_fields_that_are_copied_otherwise(held: str, tmp_path: Path, types_cache: Path) -> None:
    assert _disposition(held, "outer", tmp_path, types_cache) == "bridged"


@pytest.mark.parametrize("given", ["model", "Outer", "outer, dict_factory=dict", "state"])
def test_what_is_no_object_of_a_dataclass(given: str, tmp_path: Path, types_cache: Path) -> None:
    assert _disposition("str", given, tmp_path, types_cache) == "bridged"
