"""What an object that LangGraph makes of the state has not, as Python finds out when it is asked for."""

from pathlib import Path

import pytest

from langferry.converter import analyse

_PROGRAM = """
from dataclasses import dataclass

from langgraph.graph import START, StateGraph
from pydantic import BaseModel


class Asked:
    {method}


class State(BaseModel):
    text: str = ""
    number: int = 0


@dataclass
class Other:
    values: str = ""


def work(state: {state}):
    {body}
    return {{"text": str(found)}}


graph = StateGraph({state})
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("body", "state", "method", "why"),
    [
        ("found = state.get('text', '')", "State", "pass", ""),
        ("found = [x for x in state.values()]", "State", "pass", ""),
        ("found = state['text']", "State", "pass", ""),
        ("found = state['text']", "Other", "pass", ""),
        ("found = state.get('text')", "Other", "pass", ""),
        # of a class that may be the one whose method it is
        (
            "found = state.get('text')",
            "State",
            "def get(self, name): return name",
            "method `get` of State is not native",
        ),
        (
            "found = state['text']",
            "State",
            "def __getattr__(self, name): return name",
            "subscripts of State are not native",
        ),
        ("found = state.values()", "Other", "pass", "method `values` of Other is not native"),
        ("found = state[str(1)]", "State", "pass", "an index of what has no items"),
        ("found = state.json()", "State", "pass", "method `json` of State is not native"),
    ],
)
def test_what_objects_lack(
    body: str, state: str, method: str, why: str, tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(body=body, state=state, method=method))
    functions = {x.name: x for x in analyse(path, cache_dir=types_cache).functions}
    assert "".join(reason.message for reason in functions["work"].reasons) == why
