"""What a node may do with a state that is a dict of any keys."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from langgraph.graph import START, StateGraph
from langgraph.types import Command

def put(values, key):
    values[key] = 1

def node(state):
    {body}

graph = StateGraph(dict).add_node(node).add_edge(START, "node").compile()
"""


@pytest.mark.parametrize(
    ("body", "is_native"),
    [
        ("return {**state, 'a': 1}", True),
        ("return state", True),
        ("return", True),
        ("state_value = 1; return {'a': state_value, **state}", True),
        ("state['a'] = 1; return state", False),
        ("state['a'] = 1; return {'b': 2}", False),
        ("del state['a']; return state", False),
        ("put(state, 'a'); return state", False),
        ("state['a'].append(1); return state", False),
        ("return state['a']", False),
        ("return [Command(update={'a': 1})]", False),
        ("return Command(update={'a': 1})", False),
        ("return 'text'", False),
    ],
)
def test_what_is_native(body: str, is_native: bool, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(body=body))
    (node,) = [x for x in analyse(path, cache_dir=TYPES_CACHE).functions if x.name == "node"]
    assert (node.disposition == "native") is is_native, node.reasons
