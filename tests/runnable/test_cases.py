"""The case of a graph that nobody calls."""

from pathlib import Path

import pytest

from build_support.runnable.cases import case_of_types
from langferry.converter import analyse
from langferry.model.program import Program
from langferry.validator.cases import Run
from tests.types_cache import TYPES_CACHE

SOURCE = """
from typing import Annotated, TypedDict
from langgraph.graph import StateGraph, START
from langgraph.graph.message import add_messages

class State(TypedDict):
    messages: Annotated[list, add_messages]
    name: str
    count: int
    parts: list[str]

def node(state: State):
    return {"count": 1}

builder = StateGraph(State)
builder.add_node("node", node)
builder.add_edge(START, "node")
graph = builder.compile()
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    path = tmp_path_factory.mktemp("program") / "program.py"
    Path(path).write_text(SOURCE)
    return analyse(path, cache_dir=TYPES_CACHE)


def test_every_channel_that_must_be_given_gets_something(program: Program) -> None:
    case = case_of_types(program, program.entry_graph)
    assert case.runs == [
        Run(
            "input",
            {
                "messages": [{"role": "user", "content": "hello"}],
                "name": "hello",
                "count": 1,
                "parts": [],
            },
        )
    ]
