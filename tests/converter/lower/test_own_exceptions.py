"""Exception classes of other modules of the program, and those that are left to Python."""

from pathlib import Path

import pytest

from langferry.converter import analyse

PROGRAM = """
from typing import TypedDict

from langgraph.graph import START, StateGraph
from pydantic import ValidationError

import errors
from errors import Refused


class State(TypedDict):
    text: str


def node(state: State):
    try:
        if state["text"]:
            raise Refused("no")
        raise errors.Wrong
    except (errors.Refused, ValidationError) as error:
        return {"text": str(error)}


graph = StateGraph(State)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""


def _disposition(errors: str, tmp_path: Path, types_cache: Path) -> str:
    (tmp_path / "errors.py").write_text(errors)
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    functions = analyse(path, cache_dir=types_cache).functions
    return next(x.disposition for x in functions if x.name == "node")


def test_classes_of_another_module(tmp_path: Path, types_cache: Path) -> None:
    errors = "class Wrong(Exception):\n    'told'\nclass Refused(Wrong): ...\n"
    assert _disposition(errors, tmp_path, types_cache) == "native"


@pytest.mark.parametrize(
    "wrong",
    [
        "class Wrong(Exception):\n    def __str__(self): return 'wrong'",
        "class Wrong(Exception):\n    args = ()",
        "class Wrong(ValueError, KeyError): pass",
        "class Wrong(Exception, metaclass=type): pass",
        "class Wrong(UnicodeDecodeError): pass",
        "from asyncio import QueueEmpty\nclass Wrong(QueueEmpty): pass",
        "import functools\n@functools.lru_cache\nclass Wrong(Exception): pass",
        "class Wrong(Exception): pass\nclass Wrong(ValueError): pass",
        "class Refused(Wrong): pass\nclass Wrong(Refused): pass",
    ],
)
def test_classes_that_say_more(wrong: str, tmp_path: Path, types_cache: Path) -> None:
    errors = f"{wrong}\nclass Refused(Wrong): ...\n"
    assert _disposition(errors, tmp_path, types_cache) == "bridged"
