"""Keys that no schema declares: never there, unless somebody else makes the dict."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from typing import TypedDict

from langgraph.graph import START, StateGraph
{imports}

class State(TypedDict):
    text: str
    {field}

def node(state: State):
    return {{"text": state{read}}}

def route(state: State):
    return state{read}

graph = StateGraph(State).add_node(node).add_edge(START, "node")
graph.add_conditional_edges("node", route, ["node"])
graph = graph.compile()
"""
READS = ["['other']", ".get('other', 'none')"]


def _native(path: Path, **parts: str) -> list[str]:
    given = {"imports": "", "field": ""} | parts
    path.write_text(PROGRAM.format(**given))
    functions = analyse(path, cache_dir=TYPES_CACHE).functions
    return [x.name for x in functions if x.disposition == "native"]


@pytest.mark.parametrize("read", READS)
def test_what_nobody_sends_has_no_other_keys(read: str, tmp_path: Path) -> None:
    assert _native(tmp_path / "program.py", read=read) == ["node", "route"]


@pytest.mark.parametrize("read", READS)
def test_what_may_be_sent_may_have_them(read: str, tmp_path: Path) -> None:
    for sent, native in (
        ("", ["node", "route"]),
        ("sent = [Send('other', {})]", ["node", "route"]),
        ("sent = [Send('node', {})]", ["route"]),
        ("sent = [Send('no' + 'de', {})]", ["route"]),
        ("sent = map(Send, 'ab', 'cd')", ["route"]),
    ):
        imports = f"from langgraph.types import Send\n{sent}"
        assert _native(tmp_path / "program.py", read=read, imports=imports) == native


@pytest.mark.parametrize("read", READS)
def test_what_is_managed_is_no_field(read: str, tmp_path: Path) -> None:
    imports = "from langgraph.managed import IsLastStep"
    field = "other: IsLastStep"
    assert _native(tmp_path / "program.py", read=read, imports=imports, field=field) == []


def test_another_dict_may_have_them(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    _native(path, read="['text']")
    made = "    state = {'text': 'a', 'other': 'b'}\n    return {'text': state['other']}"
    text = path.read_text().replace("    return {\"text\": state['text']}", made)
    assert made in text
    path.write_text(text)
    functions = analyse(path, cache_dir=TYPES_CACHE).functions
    assert [x.name for x in functions if x.disposition == "native"] == ["route"]
