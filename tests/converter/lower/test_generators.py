"""What fails in a generator does so after the loop has run for what comes before: a loop over one is Python's."""

from pathlib import Path

import pytest

from langferry.converter import analyse

_PROGRAM = """
from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict):
    xs: list[int]


def node(state: State):
    got = []
    {body}
    return {{"xs": got}}


g = StateGraph(State)
g.add_node(node)
g.add_edge(START, "node")
app = g.compile()
"""


@pytest.mark.parametrize(
    ("body", "is_native"),
    [
        ("for x in (1 // x for x in state['xs']):\n        got.append(x)", False),
        ("for i, x in enumerate(1 // x for x in state['xs']):\n        got.append(x)", False),
        ("for x in map(lambda x: 1 // x, state['xs']):\n        got.append(x)", False),
        ("for x in filter(lambda x: 1 // x, state['xs']):\n        got.append(x)", False),
        ("got = [a for a, b in zip(map(lambda x: 1 // x, state['xs']), [])]", False),
        ("got = [any(x > 3 for x in map(lambda x: 1 // x, state['xs']))]", False),
        ("got = [x for x in (1 // x for x in state['xs']) if x]", False),
        ("got = [any(map(lambda x: 1 // x, state['xs']))]", True),
        ("got = list(map(lambda x: 1 // x, state['xs']))", True),
        ("got = [a for a, b, c in zip((1 // x for x in state['xs']), [1], [])]", False),
        ("for x in [1 // x for x in state['xs']]:\n        got.append(x)", True),
        ("got = [sum(1 // x for x in state['xs'])]", True),
        (
            "for i, x in enumerate(sorted(1 // x for x in state['xs'])):\n        got.append(x)",
            True,
        ),
    ],
)
def test_loops(tmp_path: Path, types_cache: Path, body: str, is_native: bool) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(body=body))
    (node,) = analyse(path, cache_dir=types_cache).functions
    assert (node.disposition == "native") is is_native, node.reasons
