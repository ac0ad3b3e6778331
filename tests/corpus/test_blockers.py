"""All that keeps a function in Python is told, not only what is met first."""

import json
import subprocess
import sys
from pathlib import Path

from tests.end_to_end.conftest import ROOT

_PROGRAM = """
import shelve
import zlib
from typing import TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict):
    text: str


def packed(text: str) -> int:
    return zlib.crc32(text.encode())


def plain(state: State) -> dict:
    return {"text": state["text"] + "!"}


def kept(state: State) -> dict:
    number = packed(state["text"])
    for name in ["a", "b"]:
        book = shelve.open(name)
    text = state["text"].upper()
    return {"text": f"{text}{number}"}


builder = StateGraph(State)
builder.add_node("plain", plain)
builder.add_node("kept", kept)
builder.add_edge(START, "plain")
builder.add_edge("plain", "kept")
builder.add_edge("kept", END)
graph = builder.compile()
"""


def test_lowering_goes_on_behind_what_it_refuses(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(_PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "build_support.blockers", tmp_path, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    (only,) = json.loads(done.stdout)
    assert (only["program"], only["id"], only["role"]) == ("program.py", "kept", "node")
    assert [(code, message) for code, message, _ in only["reasons"]] == [
        ("LF303", "`zlib.crc32` is not native"),
        ("LF303", "`shelve.open` is not native"),
    ]
