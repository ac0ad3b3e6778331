"""Paths are native where only their text and UTF-8 files are asked of them."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from pathlib import Path
from typing import Any, TypedDict
from langgraph.graph import START, StateGraph

class S(TypedDict):
    name: str
    found: Any

{module}

def shown(path: Path) -> str:
    return f"{path.stem} in {path.parent}"

def node(state: S):
    path = Path(state["name"])
    return {"found": {given}}

graph = StateGraph(S).add_node(node).add_edge(START, "node").compile()
"""


def _is_native(tmp_path: Path, given: str, module: str = "") -> bool:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.replace("{given}", given).replace("{module}", module))
    (node,) = (x for x in analyse(path, cache_dir=TYPES_CACHE).functions if "node" in x.roles)
    return node.disposition == "native"


@pytest.mark.parametrize(
    ("given", "is_native"),
    [
        ("shown(path / 'b')", True),
        ("str(Path(__file__).resolve().parents[1])", True),
        ("path.read_text(encoding='utf-8', errors='replace')", True),
        ("path.write_text('a', 'utf8')", True),
        ("open(path).read() + path.open('r').read()", True),
        # a value that LangGraph would keep
        ("path", False),
        ("[path]", False),
        ("path.read_text(encoding='latin-1')", False),
        ("path.read_text(newline='')", False),
        ("path.write_text(state['found'])", False),
        ("path.mkdir(0o700)", False),
        ("path.mkdir(exist_ok=state['found'])", False),
        ("path.unlink(True, True)", False),
        ("[x.name for x in path.iterdir()]", False),
        ("'a' / path", False),
        ("path > Path('b')", False),
    ],
)
def test_what_is_asked_of_paths(given: str, is_native: bool, tmp_path: Path) -> None:
    assert _is_native(tmp_path, given) is is_native


@pytest.mark.parametrize(
    ("module", "is_native"),
    [
        ("FOLDER = Path(__file__).parent / 'out'\nFOLDER.mkdir(parents=True, exist_ok=True)", True),
        # a second time it would fail
        ("Path('out').mkdir()", False),
        ("Path('out').touch()", False),
        ("Other().mkdir(exist_ok=True)", False),
    ],
)
def test_files_are_as_modules_leave_them(module: str, is_native: bool, tmp_path: Path) -> None:
    if "Other" in module:
        module = "class Other:\n    def mkdir(self, exist_ok): ...\n" + module
    assert _is_native(tmp_path, "path.exists()", module) is is_native
