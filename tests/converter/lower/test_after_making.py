"""What `__post_init__` may do for objects to be made natively."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from dataclasses import dataclass
from typing import TypedDict

from langgraph.graph import START, StateGraph

class State(TypedDict):
    text: str

SEEN = []

{decorator}
class Config{bases}:
    text: str = "a"
    count: int = 0

    def __post_init__({parameters}):
        {body}

    def told(self):
        return self.text

def node(state: State):
    return {{"text": Config(state["text"]).text}}

graph = StateGraph(State).add_node(node).add_edge(START, "node").compile()
"""


def _is_native(path: Path, **parts: str) -> bool:
    given = {"decorator": "@dataclass", "bases": "", "parameters": "self", "body": "pass"} | parts
    path.write_text(PROGRAM.format(**given))
    functions = analyse(path, cache_dir=TYPES_CACHE).functions
    return {x.name: x.disposition for x in functions}["node"] == "native"


@pytest.mark.parametrize(
    "body",
    [
        "self.text = self.text.upper()",
        "if self.count:\n            return\n        self.text = f'{self.count}'",
        "for word in self.text.split():\n            self.count = self.count + len(word)",
        "raise ValueError(self.text)",
    ],
)
def test_what_sets_fields_is_native(body: str, tmp_path: Path) -> None:
    assert _is_native(tmp_path / "program.py", body=body)


@pytest.mark.parametrize(
    "body",
    [
        "self.count += 1",
        "self.other = 1",
        "del self.text",
        "SEEN.append(self)",
        "self.text = self.told()",
        "self.text, self.count = 'a', 1",
        "self.text = self.count = 1",
        "object.__setattr__(self, 'text', 'b')",
        "other = Config('b')\n        self.text = other.text",
        "self.text = (lambda: self.text)()",
        "made = 1\n        self.count = made",
    ],
)
def test_what_does_more_is_not(body: str, tmp_path: Path) -> None:
    assert not _is_native(tmp_path / "program.py", body=body)


@pytest.mark.parametrize(
    "parts",
    [
        {"decorator": "@dataclass(frozen=True)"},
        {"parameters": "self, other=1"},
        {"bases": "(Exception)"},
    ],
)
def test_other_classes_are_left_alone(parts: dict[str, str], tmp_path: Path) -> None:
    assert _is_native(tmp_path / "program.py", body="self.text = 'b'")
    assert not _is_native(tmp_path / "program.py", body="self.text = 'b'", **parts)
