"""What is known behind a condition by which a function may have returned before."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model.program import Program

HEAD = """
import os
from typing import TypedDict

from langgraph.graph import START, StateGraph

LEVEL = 1
KEPT = []


class S(TypedDict, total=False):
    x: int


def made(name, step):
    graph = StateGraph(S)
    graph.add_node(name, lambda s: {"x": s["x"] + step})
    graph.add_edge(START, name)
    return graph


def chosen():
    if os.environ.get("A"):
        if os.environ.get("B"):
            return "one"
    return "two"


"""


def _program(body: str, tmp_path: Path, types_cache: Path) -> Program:
    path = tmp_path / "program.py"
    lines = "\n    ".join(body.strip().split("\n"))
    text = f"def main(given):\n    {lines}\n\n\nif __name__ == '__main__':\n    main(1)\n"
    path.write_text(HEAD + text)
    return analyse(path, cache_dir=types_cache)


def _nodes(found: Program) -> list[tuple[str, str]]:
    """The nodes of graphs that are compiled in `main`, each with what becomes of it."""
    functions = {x.id: x.disposition for x in found.functions}
    return [(x.name, functions[x.function or ""]) for graph in found.graphs for x in graph.nodes]


@pytest.mark.parametrize(
    "body",
    [
        "if not os.environ.get('KEY'):\n    print('no')\n    return\napp = made('a', 3).compile()",
        "if not os.environ.get('KEY'):\n    return 1\nelse:\n    pass\nn = 3\nn = 4\n"
        "app = made('a', n).compile()",
        "if not os.environ.get('KEY'):\n    if given:\n        return None\nname = 'a'\n"
        "app = made(name, 3).compile()",
        "if not os.environ.get('KEY'):\n    return\nb = StateGraph(S)\nfor name in ['a']:\n"
        "    b.add_node(name, lambda s: {'x': 1})\nb.add_edge(START, 'a')\napp = b.compile()",
    ],
)
def test_what_is_made_later_is_known(body: str, tmp_path: Path, types_cache: Path) -> None:
    assert _nodes(_program(body, tmp_path, types_cache)) == [("a", "native")]


@pytest.mark.parametrize(
    "body",
    [
        # made before
        "b = made('a', 1)\nif os.environ.get('KEY'):\n    return\n"
        "b.add_node('b', lambda s: {'x': 2})\nb.add_edge('a', 'b')\napp = b.compile()",
        # in another function, which may have left
        "def fill(b):\n    if os.environ.get('KEY'):\n        return\n"
        "    b.add_node('b', lambda s: {'x': 2})\nb = made('a', 1)\nfill(b)\napp = b.compile()",
        # bound before, or for all
        "name = 'a'\nif os.environ.get('KEY'):\n    return\nname = 'b'\n"
        "app = made(name, 1).compile()",
        "global LEVEL\nif os.environ.get('KEY'):\n    return\nLEVEL = 'b'\n"
        "app = made(LEVEL, 1).compile()",
        "names = ['a']\nif os.environ.get('KEY'):\n    return\nnames.append('b')\n"
        "app = made(names[-1], 1).compile()",
        # on one of two ways
        "if os.environ.get('KEY'):\n    return\nif os.environ.get('OTHER'):\n    name = 'a'\n"
        "else:\n    name = 'b'\napp = made(name, 1).compile()",
        # left by what is within
        "app = made(chosen(), 1).compile()",
    ],
)
def test_what_may_be_otherwise_is_not_known(body: str, tmp_path: Path, types_cache: Path) -> None:
    found = _program(body, tmp_path, types_cache)
    assert "native" not in dict(_nodes(found)).values()
