"""What a test binds first may be bound before it, and nothing else may."""

import ast

import pytest

from langferry.converter.lower.named_tests import loop_with_name_bound, names_first, with_name_bound


def _first(test: str) -> tuple[str, str] | None:
    found = names_first(ast.parse(test, mode="eval").body)
    return None if found is None else (ast.unparse(found[0]), ast.unparse(found[1]))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("(a := f())", ("a = f()", "a")),
        ("(a := f()) > g()", ("a = f()", "a > g()")),
        ("not (a := f())", ("a = f()", "not a")),
        ("(a := f()) and b", ("a = f()", "a and b")),
        ("(a := f())['x'] == 1", ("a = f()", "a['x'] == 1")),
        ("(a := f()).ready(b)", ("a = f()", "a.ready(b)")),
        ("g() > (a := f())", None),
        ("b and (a := f())", None),
        ("g(a := f())", None),
        ("a", None),
    ],
)
def test_names_first(test: str, expected: tuple[str, str] | None) -> None:
    assert _first(test) == expected


def test_statements() -> None:
    (test,) = ast.parse("if a := f():\n    b()\nelse:\n    c()").body
    assert isinstance(test, ast.If)
    assert [ast.unparse(part) for part in with_name_bound(test)] == [
        "a = f()",
        "if a:\n    b()\nelse:\n    c()",
    ]
    (loop,) = ast.parse("while a := f():\n    b()").body
    assert isinstance(loop, ast.While)
    expected = "while True:\n    a = f()\n    if not a:\n        break\n    b()"
    assert ast.unparse(loop_with_name_bound(loop)) == expected
