"""Where commands may go, and what a node may return."""

from pathlib import Path

import pytest

from langferry.converter import analyse

_PROGRAM = """
import json
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.types import Command


class State(TypedDict, total=False):
    text: str


def chosen(text: str) -> str:
    return text.strip()


def work(state: State):
    known, found = state["text"], json.loads(state["text"])
    return {given}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""


def _reasons(given: str, tmp_path: Path, types_cache: Path) -> str:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(given=given))
    functions = {x.name: x for x in analyse(path, cache_dir=types_cache).functions}
    return "".join(reason.message for reason in functions["work"].reasons)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("goto=known, update={'text': chosen(known)}", ""),
        ("goto=[known, 'work', END], update={'text': chosen(known)}", ""),
        ("update={'text': known}, goto=chosen(known)", ""),
        ("goto=found", ""),
        ("goto=[found, 'work']", ""),
        (
            "goto=chosen(known), update={'text': chosen(known)}",
            "`goto` computed before `update` is not native",
        ),
        (
            "goto=[known, found['a']], update={'text': known}",
            "`goto` computed before `update` is not native",
        ),
        ("goto=1.5", "going to float"),
    ],
)
def test_where_commands_go(given: str, why: str, tmp_path: Path, types_cache: Path) -> None:
    assert _reasons(f"Command({given})", tmp_path, types_cache) == why


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("known", ""),
        ("1.5", ""),
        ("{found: 1}", ""),
        ("[known]", "an update of list[str]"),
        ("Command(update=known)", "an update of str"),
    ],
)
def test_what_is_no_update(given: str, why: str, tmp_path: Path, types_cache: Path) -> None:
    assert _reasons(given, tmp_path, types_cache) == why
