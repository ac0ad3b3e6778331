"""Members of enums as defaults of states that are objects."""

from pathlib import Path

import pytest

from langferry.converter import analyse

PROGRAM = """
from dataclasses import dataclass
from enum import Enum, StrEnum

from langgraph.graph import START, StateGraph


class Status({bases}):
    OPEN = {value}
    {more}


@dataclass
class State:
    text: str
    status: Status = Status.OPEN


def node(state: State):
    return {{"text": {read}}}


graph = StateGraph(State)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""


def _is_native(path: Path, types_cache: Path, bases: str, value: str, more: str, read: str) -> bool:
    path.write_text(PROGRAM.format(bases=bases, value=value, more=more, read=read))
    functions = analyse(path, cache_dir=types_cache).functions
    return next(x.disposition for x in functions if x.name == "node") == "native"


@pytest.mark.parametrize(
    ("bases", "value"), [("Enum", "1"), ("str, Enum", "'open'"), ("StrEnum", "'open'")]
)
def test_members_are_read(bases: str, value: str, tmp_path: Path, types_cache: Path) -> None:
    asked = (bases, value, "pass", "state.status.name")
    assert _is_native(tmp_path / "program.py", types_cache, *asked)


@pytest.mark.parametrize(
    ("bases", "value", "more"),
    [
        ("int, Enum", "1", "pass"),
        ("Enum", "[1]", "pass"),
        ("Enum", "1", "SAME = 1"),
        ("str, Enum", "'open'", "def __str__(self): return 'a'"),
    ],
)
def test_enums_that_are_not_known(
    bases: str, value: str, more: str, tmp_path: Path, types_cache: Path
) -> None:
    read = (bases, value, more, "state.status.name")
    assert not _is_native(tmp_path / "program.py", types_cache, *read)


@pytest.mark.parametrize(("bases", "value"), [("int, Enum", "1"), ("Enum", "1")])
def test_what_nobody_reads_need_not_be_known(
    bases: str, value: str, tmp_path: Path, types_cache: Path
) -> None:
    asked = (bases, value, "pass", "state.text")
    assert _is_native(tmp_path / "program.py", types_cache, *asked)
