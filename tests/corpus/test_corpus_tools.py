"""Which native functions run tools that stay Python."""

from pathlib import Path

import pytest

from build_support.corpus_tools import runs_tools_in_python
from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

_PROGRAM = """
import zlib

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode


@tool
def packed(text: str) -> int:
    'The sum of a text.'
    return zlib.crc32(text.encode())


@tool
def shouted(text: str) -> str:
    'The text in capitals.'
    return text.upper()


model = ChatOpenAI(model="gpt-4o").bind_tools(TOOLS)


def ask(state: MessagesState) -> dict:
    return {"messages": [model.invoke(state["messages"])]}


builder = StateGraph(MessagesState)
builder.add_node("ask", ask)
builder.add_node("tools", ToolNode(TOOLS))
builder.add_edge(START, "ask")
builder.add_edge("ask", "tools")
builder.add_edge("tools", END)
graph = builder.compile()
"""


@pytest.mark.parametrize(
    ("tools", "expected"),
    [("[shouted]", set()), ("[shouted, packed]", {"tools"})],
)
def test_tools_in_python_are_told_of(tools: str, expected: set[str], tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.replace("TOOLS", tools))
    program = analyse(path, cache_dir=TYPES_CACHE)
    native = [item for item in program.functions if item.disposition == "native"]
    assert {"ask", "tools"} <= {item.id for item in native}
    assert {item.id for item in native if runs_tools_in_python(item, program)} == expected
