"""TypedDicts as the dicts they are."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from typing import TypedDict
from langgraph.graph import START, StateGraph

class State(TypedDict):
    first: str
    second: str

def node(state: State):
    seen = ""
    for word in state["first"].split():
        seen += str({{**state}})
        {body}
    return {{"second": seen}}

graph = StateGraph(State).add_node(node).add_edge(START, "node").compile()
"""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("state['second'] = word", None),
        ("state['other'] = word", "LF305"),
        ("state['second'] = word; state['first'] = word", "LF305"),
        ("state['first'] = word; state['other'] = word", "LF305"),
    ],
)
def test_keys_that_are_added_where_the_whole_is_read(
    body: str, code: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(body=body))
    (node,) = analyse(path, cache_dir=TYPES_CACHE).functions
    codes = [reason.code for reason in node.reasons if reason.code != "LF306"]
    assert codes == ([code] if code else []), node.reasons
