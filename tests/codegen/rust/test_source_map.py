"""Marked stretches are found again after rustfmt has moved everything."""

import json

import pytest

from langferry.codegen.rust.formatting import formatted
from langferry.codegen.rust.layout import Layout
from langferry.codegen.rust.marks import Marks
from langferry.codegen.rust.source_map import entries, lines_after, python_entries, rendered
from langferry.diagnostics import Failure, Span
from langferry.model.program import Reducer
from tests.codegen import programs as p

SPAN = Span("program.py", 4, 0, 5, 7)


def test_lines_after_rustfmt() -> None:
    marks = Marks()
    call = marks.wrap(".second_of_the_names(\n2)", SPAN, "write", "f", "second")
    body = marks.wrap(
        f"fn f() {{ thing().first_of_the_names(1,){call}.third_of_the_names(3).fourth(4); }}",
        SPAN,
        "node",
        "f",
    )
    before, found = marks.strip(f"use b::b; use a::a;\n\n\n{body} fn g() {{}}")
    after = formatted({"src/lib.rs": before, "src/main.rs": "fn main() {}"})["src/lib.rs"]
    lines = after.split("\n")
    (node, first, last), (write, at, until) = lines_after(before, after, found)
    assert (node.kind, lines[first - 1], lines[last - 1]) == (
        "node",
        "fn f() {",
        "        .fourth(4);",
    )
    assert (write.channel, at, until) == ("second", until, at)
    assert lines[at - 1].strip() == ".second_of_the_names(2)"


def test_text_that_is_not_the_same_code_is_refused() -> None:
    marks = Marks()
    before, found = marks.strip(marks.wrap("a + b", SPAN, "node", "f"))
    with pytest.raises(Failure) as raised:
        lines_after(before, "a - b", found)
    assert raised.value.diagnostic.code == "LF609"


def test_a_function_of_two_nodes_has_an_entry_for_each() -> None:
    state = p.record("State", p.field("log", reducer=Reducer("function", "merge")))
    nodes = [p.node("one", "say"), p.node("two", "say")]
    functions = [
        p.writer("say", {"log": "x"}),
        p.chooser("route", "one"),
        p.bridged("merge", "def merge(a, b): ...\n", "reducer"),
    ]
    graph = p.graph(nodes, [], [p.branch("one", "route"), p.branch("two", "route")])
    layout = Layout(p.program([state], functions, graph))
    marks = Marks()
    text = (
        marks.wrap("a", SPAN, "write", "say", "log")
        + marks.wrap("b", SPAN, "router", "route")
        + marks.wrap("c", SPAN, "reducer", "merge")
        + marks.wrap("d", SPAN, "field", "State", "log")
        + marks.wrap("e", SPAN, "edge", "__start__")
    )
    plain, found = marks.strip(text)
    rows = list(entries("src/x.rs", lines_after(plain, plain, found), layout))
    assert [(r["kind"], r["name"], r["channel"], r.get("nodes")) for r in rows] == [
        ("write", "one", "log", None),
        ("write", "two", "log", None),
        ("router", "route", None, ["one", "two"]),
        ("reducer", "merge", "log", None),
        ("field", "State", "log", None),
        ("edge", "__start__", None, None),
    ]
    first = json.loads(rendered(rows).splitlines()[0])
    assert first["rust"] == {"file": "src/x.rs", "line": 1, "end_line": 1}
    assert first["python"] == {
        **{"file": "program.py", "line": 4, "column": 0},
        **{"end_line": 5, "end_column": 7},
    }


def test_python_that_was_kept_maps_line_by_line() -> None:
    kept = p.bridged("greet", "def greet(state): ...\n")
    program = p.program([p.record("State", p.field("text"))], [kept], p.chain(p.node("n", "greet")))
    (row,) = python_entries(Layout(program))
    assert row["rust"] == {"file": "python/program.py", "line": 1, "end_line": 1}
    assert row["python"] == {
        **{"file": "program.py", "line": 1, "column": 0},
        **{"end_line": 2, "end_column": 0},
    }
    assert row["name"] == "n"
