from tests.converter.advice.conftest import Mended, Said

PROGRAM = """
import sqlite3
from langgraph.checkpoint.sqlite import SqliteSaver

def a(state: S):
    return {{}}

builder = StateGraph(S)
builder.add_node("a", a)
builder.add_edge(START, "a")
graph = builder.compile(checkpointer=SqliteSaver(sqlite3.connect("x.db")))

async def main():
    {call}
"""


def test_a_graph_that_is_awaited_needs_a_saver_that_can_be(said: Said) -> None:
    assert said(PROGRAM.format(call="await graph.ainvoke({})")) == [("LF806", "SqliteSaver")]


def test_a_graph_that_is_not_awaited_does_not(said: Said) -> None:
    assert said(PROGRAM.format(call="graph.invoke({})")) == []


def test_a_program_with_both_classes_has_a_graph_for_each(said: Said) -> None:
    head = "from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver\n"
    assert said(head + PROGRAM.format(call="await graph.ainvoke({})")) == []


def test_another_saver_is_opened_by_hand(mended: Mended) -> None:
    body = PROGRAM.format(call="await graph.ainvoke({})")
    assert mended(body, unsafe=True) == body
