"""A slice runs alone and does what the function does in its program."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from langferry.converter import analyse
from langferry.model.program import Function, Program

HEAD = """
import operator
import re
from functools import partial
from typing import Annotated, TypedDict
from langgraph.graph import StateGraph, START, END
from langgraph.types import Command, interrupt


class S(TypedDict):
    x: int
    log: Annotated[list[str], operator.add]

"""
TAIL = """
g = StateGraph(S)
g.add_node("node", node)
g.add_edge(START, "node")
graph = g.compile()
print("this must never be in a slice")
if __name__ == "__main__":
    graph.invoke({"x": 1})
"""

SLICES: dict[str, str] = {
    "globals-and-helpers": '''
LIMITS = {"a": 1}
LIMITS["b"] = 2
NAMES: list[str] = []
NAMES.append("first")
NAMES += ["second"]
UNUSED = print
PATTERN = re.compile(r"\\d+")


def helper(n):
    return other(n) + LIMITS["b"]


def other(n):
    return n * len(NAMES) + len(PATTERN.findall("1 22 333"))


def unused():
    return UNUSED


# langferry: bridge
def node(state: S) -> dict:
    """Text over
      several lines."""
    return {"x": helper(state["x"]), "log": NAMES}
''',
    "data-changed-by-calls": """
import heapq

ITEMS = [3, 1, 2]
heapq.heapify(ITEMS)


def double(items):
    items.extend(list(items))


double(ITEMS)
print(ITEMS)


def node(state: S) -> dict:  # langferry: bridge
    return {"x": ITEMS[0], "log": [str(item) for item in ITEMS]}
""",
    "closure": '''
def build(count, texts):
    factor = count + 1
    words = {"a": (1, 2.5), "b": {3}}

    def inner(n):
        return n * factor

    class Local:
        size = 7

    def node(state: S) -> dict:  # langferry: bridge
        text = """kept
          as it is"""
        return {"x": inner(state["x"]) + Local.size + sum(words["b"]), "log": [text, *texts]}

    return node


node = build(3, ["t"])
''',
    "partial": """
def work(a, state: S, *, b=1) -> dict:  # langferry: bridge
    return {"x": a + b + state["x"], "log": []}


node = partial(work, 5, b=7)
""",
    "lambda": """
BASE = 40
node = (  # langferry: bridge
    lambda state: {"x": BASE + state["x"], "log": [str(n) for n in range(2)]}
)
""",
    "conditional-definitions": """
try:
    import json
except ImportError:
    json = None
if len("ab") == 2:
    SIZE = 2
else:
    SIZE = 3
from os.path import join, basename; SEPARATOR = "/"


def node(state: S) -> dict:  # langferry: bridge
    return {"x": SIZE, "log": [json.dumps([1]), basename(join("a", "b")), SEPARATOR]}
""",
    "logger-name": """
import logging

logger = logging.getLogger(__name__)


def node(state: S) -> dict:  # langferry: bridge
    logger.debug("x")
    return {"x": 0, "log": [logger.name]}
""",
}


@pytest.mark.parametrize("name", SLICES)
def test_a_slice_behaves_like_its_function(name: str, tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + SLICES[name] + TAIL)
    function = _function(analyse(path, cache_dir=types_cache))
    assert function.disposition == "bridged", function.reasons
    assert function.bridge is not None
    assert "never be in a slice" not in function.bridge.source
    assert "StateGraph(" not in function.bridge.source
    for state in ({"x": 1, "log": []}, {"x": -3, "log": ["a"]}):
        ours = _run(function.bridge.source)[function.bridge.entry](dict(state))
        assert ours == _load(path).node(dict(state))


@pytest.mark.parametrize("name", SLICES)
def test_each_line_of_a_slice_is_a_line_of_the_program(
    name: str, tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + SLICES[name] + TAIL)
    function = _function(analyse(path, cache_dir=types_cache))
    assert function.bridge is not None
    original = path.read_text().split("\n")
    lines = function.bridge.source.split("\n")
    assert function.bridge.lines
    for line, file, place in function.bridge.lines:
        assert file == "program.py"
        assert lines[line - 1].strip() in original[place - 1]


def test_helpers_of_other_modules_take_the_place_of_their_imports(
    tmp_path: Path, types_cache: Path
) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text("OFFSET = 10\n\n\ndef shift(n):\n    return n + OFFSET\n")
    (package / "more.py").write_text(
        "from .base import shift\n\n\ndef twice(n):\n    return shift(shift(n))\n"
    )
    path = package / "main.py"
    path.write_text(
        HEAD + "from .base import OFFSET\nfrom pkg.more import twice\n"
        "def node(state: S) -> dict:  # langferry: bridge\n"
        "    return {'x': twice(state['x']) + OFFSET, 'log': []}\n" + TAIL
    )
    function = _function(analyse(path, cache_dir=types_cache))
    assert function.bridge is not None
    assert "from ." not in function.bridge.source
    ours = _run(function.bridge.source)[function.bridge.entry]({"x": 1, "log": []})
    assert ours == {"x": 31, "log": []}


REFUSED: dict[str, tuple[str, str]] = {
    "interrupt": (
        "def node(state: S) -> dict:  # langferry: bridge\n    return {'x': interrupt(1)}\n",
        "interrupt",
    ),
    "runtime": (
        "from langgraph.config import get_stream_writer\n"
        "def node(state: S) -> dict:  # langferry: bridge\n"
        "    get_stream_writer()(1)\n    return {}\n",
        "get_stream_writer",
    ),
    "graph": (
        "sub = [StateGraph(S).add_sequence([('l', lambda s: s)]).set_entry_point('l').compile()][0]\n"
        "def node(state: S) -> dict:  # langferry: bridge\n    return sub.invoke(state)\n",
        "'sub'",
    ),
    "file": (
        "def node(state: S) -> dict:  # langferry: bridge\n    return {'log': [__file__]}\n",
        "__file__",
    ),
    "rebound": (
        "def build():\n    n = 0\n    def node(state: S) -> dict:  # langferry: bridge\n"
        "        nonlocal n\n        n += 1\n        return {'x': n}\n    return node\n"
        "node = build()\n",
        "'n'",
    ),
    "two-meanings": (
        "def make(k):\n    def inner(n):\n        return n + k\n    return inner\n"
        "def build(k, first):\n    def node(state: S) -> dict:  # langferry: bridge\n"
        "        return {'x': first(k)}\n    return node\n"
        "node = build(1, make(2))\n",
        "",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_cut_out_is_refused(name: str, tmp_path: Path, types_cache: Path) -> None:
    body, word = REFUSED[name]
    path = tmp_path / "program.py"
    path.write_text(HEAD + body + TAIL)
    program = analyse(path, "graph", cache_dir=types_cache)
    function = _function(program)
    assert function.disposition == "refused"
    assert function.reasons[-1].code == "LF232"
    assert word in function.reasons[-1].message
    assert any(item.code == "LF230" and item.span == function.span for item in program.diagnostics)


def test_two_bridged_functions_must_not_share_what_they_change(
    tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        HEAD + "CACHE = []\n"
        "def node(state: S) -> dict:  # langferry: bridge\n    CACHE.append(1)\n    return {}\n"
        "def after(state: S) -> dict:  # langferry: bridge\n    return {'x': len(CACHE)}\n"
        "g = StateGraph(S)\ng.add_sequence([node, after])\ng.add_edge(START, 'node')\n"
        "graph = g.compile()\n"
    )
    program = analyse(path, cache_dir=types_cache)
    assert [item.disposition for item in program.functions] == ["refused", "refused"]
    assert all("CACHE" in item.reasons[-1].message for item in program.functions)


def _function(program: Program) -> Function:
    return next(item for item in program.functions if "node" in item.roles)


def _run(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "sliced"}
    exec(compile(source, "slice", "exec"), names)
    return names


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("program", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["program"] = module
    spec.loader.exec_module(module)
    return module
