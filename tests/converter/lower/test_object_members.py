"""Which properties and methods of objects are native where only the running program knows the class."""

from pathlib import Path

import pytest

from langferry.converter import analyse

PROGRAM = """
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypedDict

from langgraph.graph import START, StateGraph
from pydantic import BaseModel


class Analyst(BaseModel):
    name: str
    tags: list[str] = []

    {member}


class Senior(Analyst):
    {derived}


class Keys(TypedDict):
    persona: str


class State(TypedDict):
    analyst: Analyst
    whole: Any

{more}

def node(state: State):
    return {{"whole": {asked}}}


graph = StateGraph(State)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""

PROPERTY = "@property\n    def persona(self): return self.name"
METHOD = "def told(self, mark='-'): return self.name + mark"


def _is_native(path: Path, types_cache: Path, **parts: str) -> bool:
    given = {"member": PROPERTY, "derived": "pass", "more": "", "asked": "state['analyst'].persona"}
    path.write_text(PROGRAM.format(**given | parts))
    functions = analyse(path, cache_dir=types_cache).functions
    return {x.name: x.disposition for x in functions}["node"] == "native"


@pytest.mark.parametrize(
    ("member", "asked"),
    [
        (PROPERTY, "state['analyst'].persona"),
        (METHOD, "state['analyst'].told()"),
        (METHOD, "state['whole'].told(mark='+')"),
    ],
)
def test_what_one_class_has(member: str, asked: str, tmp_path: Path, types_cache: Path) -> None:
    assert _is_native(tmp_path / "program.py", types_cache, member=member, asked=asked)


@pytest.mark.parametrize(
    "parts",
    [
        {"member": PROPERTY.replace("property", "cached_property")},
        {"member": "@property\n    def persona(self): return self._name"},
        {"member": "@property\n    def persona(self): return self.__class__.__name__"},
        {"member": "@property\n    def persona(self): self.tags.append('a'); return self.tags"},
        {"derived": "def persona(self): return 'senior'"},
        {"derived": "def __getattribute__(self, name): return name"},
        {"more": "Analyst.persona = property(lambda self: 'other')"},
        {"more": "class Other(BaseModel):\n    persona: str"},
        {"more": "class Other:\n    def persona(self): return 1"},
        {"more": "@dataclass\nclass Odd(Analyst, list):\n    pass"},
        {"member": METHOD, "asked": "state['analyst'].told"},
        {"member": METHOD, "asked": "state['analyst'].told(*['+'])"},
        {"member": "async def told(self): return 1", "asked": "state['analyst'].told()"},
        {
            "member": "def told(self, mark): self.name = mark; return mark",
            "asked": "state['analyst'].told('a')",
        },
    ],
)
def test_what_may_mean_something_else(
    parts: dict[str, str], tmp_path: Path, types_cache: Path
) -> None:
    assert not _is_native(tmp_path / "program.py", types_cache, **parts)
