"""A function that the converter fails at stays Python, and says so; the others are converted."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.converter.lower.statements import Statements
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from typing import TypedDict
from langgraph.graph import START, StateGraph


class State(TypedDict):
    text: str


def good(state: State):
    return {"text": "good"}


def bad(state: State):
    return {"text": "bad"}


graph = StateGraph(State)
graph.add_node(good)
graph.add_node(bad)
graph.add_edge(START, "good")
graph.add_edge("good", "bad")
app = graph.compile()
"""


def test_a_fault_of_the_converter_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower = Statements.body

    def body(self: Statements, nodes: list[object]) -> object:
        if self.function.name == "bad":
            raise KeyError("what nobody thought of")
        return lower(self, nodes)

    monkeypatch.setattr(Statements, "body", body)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    good, bad = analyse(program, cache_dir=TYPES_CACHE).functions
    assert good.disposition == "native"
    assert bad.disposition == "bridged"
    (reason,) = bad.reasons
    assert reason.code == "LF313"
    assert "KeyError: 'what nobody thought of' (test_refusal.py:" in reason.message
