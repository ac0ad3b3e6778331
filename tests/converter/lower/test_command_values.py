"""Which commands are values that native code makes."""

from pathlib import Path

import pytest

from langferry.converter import analyse

_PROGRAM = """
from typing import TypedDict
from langgraph.graph import START, StateGraph
from langgraph.types import Command, Send


class State(TypedDict):
    text: str


def place() -> str:
    return "work"


def made(text: str) -> Command:
    return {made}


def work(state: State):
    return made(state["text"])


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("Command()", ""),
        ("Command(update={'text': text}, goto=['work', text])", ""),
        ("Command(goto=text, update={'text': place()}, graph=None)", ""),
        ("Command(graph=Command.PARENT, goto=place())", ""),
        ("Command(goto=place(), update={'text': text})", "`goto` computed before `update`"),
        ("Command(graph=text)", "a command to a graph by its name is not native"),
        ("Command(resume=text)", "this form of `Command` is not native"),
        ("Command(goto=Send('work', {'text': text}))", "langgraph.types.Send where Any"),
    ],
)
def test_commands(made: str, why: str, tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.replace("{made}", made))
    functions = {x.name: x for x in analyse(path, cache_dir=types_cache).functions}
    found = "".join(reason.message for reason in functions["work"].reasons)
    assert (why in found) if why else not found
