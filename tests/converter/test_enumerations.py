"""An enum is known where its body alone says what its members are and do."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model import ir
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from enum import Enum, IntEnum, IntFlag, StrEnum, auto, unique
from typing import TypedDict

from langgraph.graph import START, StateGraph

{enum}

class State(TypedDict):
    x: int

builder = StateGraph(State)
builder.add_node("a", lambda state: {{}})
builder.add_edge(START, "a")
graph = builder.compile()
"""


def enums(tmp_path: Path, text: str) -> list[tuple[str, str, ir.Expr]]:
    """The names of the enums that are told to the runtime, what kind each is, and its members' values."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(enum=text))
    found = []
    for item in analyse(path, cache_dir=TYPES_CACHE).globals:
        if isinstance(item.value, ir.Call) and item.value.function.startswith("enums.define_"):
            name, _, values = item.value.args
            assert isinstance(name, ir.StrLit)
            found.append((name.value, item.value.function.removeprefix("enums.define_"), values))
    return found


@pytest.mark.parametrize(
    ("head", "body", "kind"),
    [
        ("Enum", "A = 'a'; B = 2", "plain"),
        ("str, Enum", "A = 'a'; B = 'b'", "text"),
        ("StrEnum", "A = 'a'; B = 'b'", "shown"),
    ],
)
def test_members_of_each_kind(tmp_path: Path, head: str, body: str, kind: str) -> None:
    more = "\n    def more(self): return 1"
    ((name, found, values),) = enums(tmp_path, f"class E({head}):\n    {body}{more}")
    assert (name, found) == ("program.E", kind)
    assert isinstance(values, ir.ListLit)
    literals = [item.value for item in values.items if isinstance(item, ir.Convert)]
    assert [type(x).__name__ for x in literals] == ["StrLit", "IntLit" if "2" in body else "StrLit"]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Enum", "A = 1; B = 1"),
        ("Enum", "A = auto()"),
        ("Enum", "A = (1, 2)"),
        ("Enum", "A = True"),
        ("str, Enum", "A = '\\ud800'"),
        ("int, Enum", "A = 1"),
        ("IntEnum", "A = 1"),
        ("str, Enum", "A = 'a'\n    def __str__(self): return 'b'"),
        ("Enum", "A = 'a'\n    @classmethod\n    def _missing_(cls, value): return cls.A"),
        ("Enum", "A = 1\n    @property\n    def value(self): return 2"),
        ("Enum", "_ignore_ = 'B'; A = 1"),
        ("IntFlag", "A = 1; B = 2"),
        ("float, Enum", "A = 1.5"),
        ("Enum, metaclass=type(Enum)", "pass"),
    ],
)
def test_what_else_has_a_say_is_not_known(tmp_path: Path, head: str, body: str) -> None:
    assert enums(tmp_path, f"class E({head}):\n    {body}") == []


def test_derived_and_local_enums_are_not_known(tmp_path: Path) -> None:
    base = "class Base(str, Enum):\n    def more(self): return 1\n\nclass E(Base):\n    A = 'a'\n"
    assert enums(tmp_path, base) == []
    assert (
        enums(tmp_path, "def f():\n    class E(Enum):\n        A = 1\n    return E\nE = f()") == []
    )
