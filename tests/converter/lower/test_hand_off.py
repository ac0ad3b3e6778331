"""The tools of langgraph_swarm that are read are those it makes."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model import ir

_PROGRAM = """
import random
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph_swarm import create_handoff_tool

graph = StateGraph(MessagesState)
graph.add_node("tools", ToolNode([create_handoff_tool({given})]))
graph.add_edge(START, "tools")
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "agent_name=' Big  Bob '",
            ("transfer_to_big_bob", "Ask agent ' Big  Bob ' for help"),
        ),
        (
            "agent_name='a', name='to_a', description='To a.'",
            ("to_a", "To a."),
        ),
        ("agent_name='a', name=None", ("transfer_to_a", "Ask agent 'a' for help")),
    ],
)
def test_known(given: str, told: tuple[str, str], tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.replace("{given}", given))
    program = analyse(path, cache_dir=types_cache)
    tools = [x.value for x in program.globals if isinstance(x.value, ir.ToolLit)]
    assert [(tool.name, tool.description) for tool in tools] == [told]
    assert tools[0].commands
    assert all(function.disposition == "native" for function in program.functions)


@pytest.mark.parametrize("given", ["agent_name=random.choice('ab')", "agent_name='a', of=1"])
def test_not_known(given: str, tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.replace("{given}", given))
    functions = analyse(path, cache_dir=types_cache).functions
    assert [x.disposition for x in functions if x.roles[0] == "node"] == ["bridged"]
