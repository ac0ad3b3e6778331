"""The faults a graph's wiring can have."""

from langferry.diagnostics import Span
from langferry.model import types as t
from langferry.model.constants import Constant
from langferry.model.program import Branch, Edge, Field, Graph, Node, PathMapEntry, Reducer
from langferry.mutation.wiring import changes

SPAN = Span("program.py", 1, 0, 1, 5)


def _graph(*edges: Edge) -> Graph:
    nodes = tuple(Node(name, name, None, "State", False, False, SPAN) for name in ("a", "b"))
    return Graph("g", "g", "State", "State", "State", nodes, edges, (), None, (), (), SPAN)


def test_edges_are_dropped_and_moved() -> None:
    edge = Edge(("__start__",), "a", False, SPAN)
    dropped, moved = changes(_graph(edge))
    assert dropped.new.edges == ()
    assert moved.new.edges[0].target == "b"
    assert moved.what == "the edge __start__ -> a leads to 'b'"


def test_an_edge_to_the_end_is_not_dropped_for_it_says_nothing() -> None:
    (moved,) = changes(_graph(Edge(("b",), "__end__", False, SPAN)))
    assert moved.new.edges[0].target == "a"


def test_a_join_need_not_wait() -> None:
    _, _, change = changes(_graph(Edge(("a", "b"), "c", True, SPAN)))
    assert [(edge.sources, edge.target, edge.joined) for edge in change.new.edges] == [
        (("a",), "c", False),
        (("b",), "c", False),
    ]


def test_a_path_map_leads_elsewhere() -> None:
    path_map = (PathMapEntry(Constant('"x"'), "a"), PathMapEntry(Constant('"y"'), "b"))
    branch = Branch("a", "r", "r", "State", path_map, ("a", "b"), False, SPAN)
    assert [[entry.target for entry in change.new.path_map] for change in changes(branch)] == [
        ["b", "b"],
        ["a", "a"],
    ]


def test_a_reducer_is_forgotten() -> None:
    field = Field("k", t.IntType(), True, Reducer("operator.add"), None, None, SPAN)
    (change,) = changes(field)
    assert change.new.reducer is None
    assert list(changes(change.new)) == []
