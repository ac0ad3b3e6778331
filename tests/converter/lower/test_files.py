"""Files are read natively only where it is certain which file a name means, and how far it was read."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from typing import TypedDict
from langgraph.graph import START, StateGraph

class S(TypedDict):
    path: str
    found: list[str]

def node(state: S):
    found: list[str] = []
    with open(state["path"]) as f:
        {body}
    return {"found": found}

graph = StateGraph(S).add_node(node).add_edge(START, "node").compile()
"""


@pytest.mark.parametrize(
    ("body", "is_native"),
    [
        ("for line in f:\n            found.append(line)", True),
        ("found.extend([x.strip() for x in f])", True),
        # the second time it goes on where it was left
        ("for n in range(2):\n            for x in f:\n                break", False),
        ("found.extend([x for n in range(2) for x in f])", False),
        ("with open('a') as g:\n            found.append(f.read() + g.read())", True),
        # after the inner statement the name means a file that is closed
        (
            "with open('a') as f:\n            found.append(f.read())\n        found.append(f.read())",
            False,
        ),
    ],
)
def test_which_files_are_read(body: str, is_native: bool, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.replace("{body}", body))
    (node,) = (x for x in analyse(path, cache_dir=TYPES_CACHE).functions if "node" in x.roles)
    assert (node.disposition == "native") is is_native, node.reasons
