"""Tool nodes that are added without a name have the one that LangGraph gives them."""

import importlib.util
from pathlib import Path

import pytest

from langferry.converter import analyse

PROGRAM = """
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition


def look(text: str) -> str:
    '''Looks.'''
    return text


def first(state: MessagesState):
    return {{}}


graph = StateGraph(MessagesState)
graph.add_node(first)
graph.{added}
graph.add_edge(START, "first")
graph.add_conditional_edges("first", tools_condition, {{"tools": "{name}", "__end__": "__end__"}})
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("added", "name"),
    [
        ("add_node(ToolNode([look]))", "tools"),
        ("add_node(ToolNode([look], name='others'))", "others"),
        ("add_sequence([ToolNode([look])])", "ToolNode"),
    ],
)
def test_has_its_name(added: str, name: str, tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "unnamed.py"
    path.write_text(PROGRAM.format(added=added, name=name))
    program = analyse(path, cache_dir=types_cache)
    assert not any(function.reasons for function in program.functions)
    spec = importlib.util.spec_from_file_location("unnamed", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert {node.name for node in program.graphs[0].nodes} == set(module.graph.nodes)


def test_whose_name_is_not_known_is_not_read(tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "unnamed.py"
    added = "add_node(ToolNode([look], name=input()))"
    path.write_text(PROGRAM.format(added=added, name="tools"))
    assert "LF224" in {x.code for x in analyse(path, cache_dir=types_cache).diagnostics}
