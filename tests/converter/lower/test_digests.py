"""Which digests of texts are native."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

_PROGRAM = """
import hashlib
from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict):
    text: str


def work(state: State):
    text = state["text"]
    return {{"text": {digest}}}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("digest", "is_native"),
    [
        ("hashlib.md5(text.encode()).hexdigest()", True),
        ("hashlib.sha256(text.strip().encode('utf-8')).hexdigest()[:8]", True),
        ("hashlib.sha256(text.encode('latin-1')).hexdigest()", False),
        ("hashlib.sha256(text.encode(errors='ignore')).hexdigest()", False),
        ("hashlib.blake2b(text.encode()).hexdigest()", False),
        ("hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()", False),
        ("str(hashlib.md5(text.encode()).digest())", False),
        ("hashlib.new('md5', text.encode()).hexdigest()", False),
    ],
)
def test_native_digests(tmp_path: Path, digest: str, is_native: bool) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(digest=digest))
    (work,) = (x for x in analyse(path, cache_dir=TYPES_CACHE).functions if x.name == "work")
    assert (work.disposition == "native") is is_native
