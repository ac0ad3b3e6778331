"""Which arguments of tools of the web do nothing, so that the tools are native with them."""

from pathlib import Path

import pytest

from langferry.converter import analyse

HEAD = """
import os

from langchain_tavily import TavilySearch
from langgraph.graph import MessagesState, START, StateGraph
from langgraph.prebuilt import ToolNode

KEY = os.getenv("SOME_KEY")


def told():
    print("told")
    return "k"


"""
TAIL = """
graph = StateGraph(MessagesState)
graph.add_node("tools", ToolNode([search]))
graph.add_edge(START, "tools")
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("given", "is_native"),
    [
        # `TavilySearch` has no such field, and takes its key from the environment
        ("api_key=KEY", True),
        ("api_key='k'", True),
        ("tavily_api_key=KEY", True),
        ("api_key=told()", False),
        ("api_key=os.environ['SOME_KEY']", False),
        # which it has
        ("metadata=KEY", False),
        ("handle_tool_error=KEY", False),
    ],
)
def test_what_no_field_takes_is_passed_over(
    given: str, is_native: bool, tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"{HEAD}search = TavilySearch(max_results=1, {given})\n{TAIL}")
    functions = analyse(path, cache_dir=types_cache).functions
    left = [x.name for x in functions if x.disposition != "native"]
    assert (not left) is is_native
