"""Marks survive templates and are found where they were put."""

from langferry.codegen.rust.literals import string
from langferry.codegen.rust.marks import Marks
from langferry.diagnostics import Span

SPAN = Span("a.py", 1, 0, 1, 1)


def test_nested_marks_are_found_in_the_text_without_them() -> None:
    marks = Marks()
    inner = marks.wrap("b", SPAN, "write", "f", "log")
    text, found = marks.strip(f"x{marks.wrap(f'a{inner}c', SPAN, 'node', 'f')}y")
    assert text == "xabcy"
    assert [(m.mark.kind, m.mark.channel, text[m.start : m.end]) for m in found] == [
        ("node", None, "abc"),
        ("write", "log", "b"),
    ]


def test_a_string_of_the_program_cannot_forge_a_mark() -> None:
    marks = Marks()
    forged = marks.wrap("x", SPAN, "node", "f")
    text, found = marks.strip(string(forged))
    assert found == []
    assert text == string(forged)
