"""What a program may ask the run's config for."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

_PROGRAM = """
from typing import TypedDict

from langchain_core.runnables import RunnableConfig
from langgraph.graph import START, StateGraph

KEY = "user_id"


class State(TypedDict):
    text: str


def work(state: State, config: RunnableConfig):
    held = ["a"]
    found = {asked}
    return {{"text": str(found)}}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("asked", "is_native"),
    [
        ("config.get('user_id')", True),
        ("config.get('user_id', 'nobody')", True),
        ("config.get('user_id', state['text'])", True),
        ("config.get('configurables', {})", True),
        # the very list that is given back may be changed
        ("config.get('user_id', held)", False),
        ("config.get(KEY, 'nobody')", False),
        ("config.get('tags')", False),
        ("config.get('run_name', 'x')", False),
        ("config['user_id']", False),
    ],
)
def test_keys_of_the_config(tmp_path: Path, asked: str, is_native: bool) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(asked=asked))
    (work,) = (x for x in analyse(path, cache_dir=TYPES_CACHE).functions if x.name == "work")
    assert (work.disposition == "native") is is_native
