"""Which names of modules that functions assign to are kept natively."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

_PROGRAM = """
from typing import TypedDict

from langgraph.graph import START, StateGraph
{others}

HELD = {first}


class State(TypedDict):
    text: str


def work(state: State):
    global HELD
    {assigns}
    return {{"text": "x"}}


def look(state: State):
    return {{"text": str(HELD)}}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_node("look", {look})
graph.add_edge(START, "work")
graph.add_edge("work", "look")
app = graph.compile()
{after}
"""


def _dispositions(tmp_path: Path, **parts: str) -> dict[str, str]:
    given = {"first": "0", "assigns": "HELD = 5", "others": "", "after": "", "look": "look"} | parts
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(**given))
    (tmp_path / "other.py").write_text(
        "from program import HELD\n\n\ndef seen():\n    return HELD\n"
    )
    return {
        x.name: x.disposition
        for x in analyse(path, cache_dir=TYPES_CACHE).functions
        if x.roles[0] == "node"
    }


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"assigns": "HELD += 2"},
        {"first": "None", "assigns": "HELD = state['text']"},
        {"first": "'a'", "assigns": "HELD = None"},
        {"after": "if __name__ == '__main__':\n    work({'text': ''})"},
        # a function that is only defined runs nothing
        {"after": "def run():\n    return work({'text': ''})"},
    ],
)
def test_native(tmp_path: Path, parts: dict[str, str]) -> None:
    assert set(_dispositions(tmp_path, **parts).values()) == {"native"}


@pytest.mark.parametrize(
    "parts",
    [
        # others may hold what is assigned, or change it
        {"first": "[]"},
        {"first": "None", "assigns": "HELD = [state]"},
        {"first": "None", "assigns": "HELD = state"},
        # something else assigns, or takes what it holds at some time
        {"after": "def reset():\n    global HELD\n    HELD = 1"},
        {"after": "work({'text': ''})"},
        {"after": "def run():\n    return work({'text': ''})\n\n\nrun()"},
        {"after": "HELD = 7"},
        {"after": "RESULT = app.invoke({'text': ''})"},
        # what a module makes of it is what it was then
        {"after": "LABEL = look({})"},
        {"after": "class Kept:\n    def __init__(self):\n        self.x = HELD\n\n\nKEPT = Kept()"},
        {"assigns": "globals()['HELD'] = 5\n    HELD = 6"},
        {"assigns": "for HELD in range(3):\n        pass"},
        {"others": "import other", "after": "seen = other.seen"},
        # Python looks at it as well
        {"look": "lambda state: {'text': str(eval('HELD'))}"},
        {"look": "lambda state: {'text': f'{HELD}' + compile('', '', 'exec').co_name}"},
    ],
)
def test_not_native(tmp_path: Path, parts: dict[str, str]) -> None:
    assert _dispositions(tmp_path, **parts)["work"] == "bridged"
