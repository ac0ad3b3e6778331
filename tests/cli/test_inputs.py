"""Inputs are of the types of the state, and meet what the program compares with."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, find, settings

from langferry.cli.inputs import inputs_of
from langferry.converter import analyse
from langferry.diagnostics import Failure
from langferry.model import Program
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages


class Inner(TypedDict):
    size: float


class State(TypedDict):
    kind: Literal["a", "b"]
    text: str
    count: int
    pair: tuple[int, bool]
    inner: list[Inner]
    maybe: str | None
    table: dict[str, set[int]]
    messages: Annotated[list, add_messages]
    open: NotRequired[Any]
    {more}


def node(state: State):
    return {{"count": 1 if state["text"] == "the password" and state["count"] > 770077 else 2}}


builder = StateGraph(State)
builder.add_node(node)
builder.add_edge(START, "node")
graph = builder.compile()
"""


def program(tmp_path: Path, more: str = "") -> Program:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(more=more))
    return analyse(path, cache_dir=TYPES_CACHE)


def drawn(inputs: Any, wanted: Any) -> Any:
    # the same draws every time: how far hypothesis shrinks what it found is luck otherwise
    chosen = settings(
        database=None,
        derandomize=True,
        max_examples=3000,
        suppress_health_check=list(HealthCheck),
    )
    return find(inputs, wanted, settings=chosen, random=Random(0))


def test_inputs_have_the_types_of_the_state(tmp_path: Path) -> None:
    inputs = inputs_of(program(tmp_path))
    found = drawn(inputs, lambda x: x["inner"] and x["table"] and "open" in x and x["maybe"])
    assert found["kind"] in {"a", "b"}
    assert isinstance(found["inner"][0]["size"], float)
    assert found["pair"]["$type"] == "tuple"
    assert [type(item) for item in found["pair"]["items"]] == [int, bool]
    assert next(iter(found["table"].values()))["$type"] == "set"
    assert found["messages"][0].keys() == {"role", "content"}
    assert "open" not in drawn(inputs, lambda x: "open" not in x)


def test_constants_of_the_program_are_met(tmp_path: Path) -> None:
    inputs = inputs_of(program(tmp_path))
    found = drawn(inputs, lambda x: x["text"] == "the password" and x["count"] > 770077)
    assert found["count"] == 770078


def test_inputs_of_cases_are_drawn_with_changes(tmp_path: Path) -> None:
    base = {"text": "as in a case", "count": 5, "other": 1}
    inputs = inputs_of(program(tmp_path), [base, "no dict"])
    assert drawn(inputs, lambda x: x == base) == base
    found = drawn(inputs, lambda x: x.get("other") and x["count"] != 5)
    assert found["text"] == "as in a case"


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    imported = f"import datetime\n{PROGRAM.format(more='later: datetime.date')}"
    path.write_text(imported)
    with pytest.raises(Failure) as found:
        inputs_of(analyse(path, cache_dir=TYPES_CACHE))
    assert found.value.diagnostic.code == "LF519"
