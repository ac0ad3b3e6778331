"""Which binding of a name is seen where it is used."""

import ast

import pytest

from langferry.converter.lower.bound_names import bound_at
from langferry.converter.module_scope import ModuleScope
from langferry.diagnostics import Span


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("X = 1\nuse(X)", 1),
        ("X = 1\ndef f():\n    return use(X)", 1),
        ("X = 1\ny = use(X)\ndef X():\n    pass", 1),
        ("X = 1\nX: int = 2\ny = use(X)\nX = 3", 2),
        ("def X():\n    pass\nX = 1\ny = use(X)", 3),
        ("X = 1\ndef X():\n    pass\ny = use(X)", 2),
        ("X = 1\nX = X + use(X)", 1),
        ("X = 1\nX = 2\ndef f():\n    return use(X)", None),
        ("X = 1\ny = lambda: use(X)\nX = 2", None),
        ("X = 1\nif a:\n    X = 2\ny = use(X)\nX = 3", None),
        ("X = 1\nX += 1\ny = use(X)", None),
        ("X = 1\nfor X in a:\n    pass\ny = use(X)", None),
        ("X = Y = 1\ny = use(X)\nX = 2", None),
        ("X = 1\nfrom a import X\ny = use(X)", None),
        ("y = use(X)\nX = 1\nX = 2", None),
        ("X = 1; y = use(X); X = 2", None),
        ("X = 1\ndel X\nX = 2\ny = use(X)", None),
        ("X = 1\nX = 2\nclass C:\n    y = use(X)", None),
    ],
)
def test_bound_at(text: str, line: int | None) -> None:
    scope = ModuleScope("m.py", "m", text)
    used = next(x for x in ast.walk(scope.tree) if isinstance(x, ast.Call))
    at = Span("m.py", used.lineno, used.col_offset, used.lineno, used.col_offset + 1)
    found = bound_at(scope, "X", at)
    assert (None if found is None else found.lineno) == line  # type: ignore[attr-defined]
