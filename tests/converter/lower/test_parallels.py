"""Values of a chain's dict are made of what the chain is given, and of nothing else of that name."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from typing import TypedDict
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnablePassthrough
from langgraph.graph import START, StateGraph

class S(TypedDict):
    text: str
    items: list[str]

PROMPT = ChatPromptTemplate.from_template("{{a}} {{b}}")

def node(state: S):
    x = state["text"]
    chain = {{"a": {value}, "b": RunnablePassthrough()}} | PROMPT
    return {{"text": chain.invoke(x).to_messages()[0].content}}

graph = StateGraph(S).add_node(node).add_edge(START, "node").compile()
"""


@pytest.mark.parametrize(
    ("value", "is_native"),
    [
        ("lambda d: d.upper()", True),
        ("lambda d: ', '.join([y + d for y in state['items']])", True),
        ("lambda d: ', '.join([x + d for x in state['items']])", False),
        ("lambda d: ', '.join(sorted(d, key=lambda d: len(d)))", False),
    ],
)
def test_a_name_has_one_meaning(value: str, is_native: bool, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(value=value))
    (node,) = analyse(path, cache_dir=TYPES_CACHE).functions
    assert (node.disposition == "native") is is_native, node.reasons
