"""What functions within functions read of those around them."""

import ast

import pytest

from langferry.converter.lower.local_functions import is_plain_definition, read_from_around
from langferry.converter.module_scope import ModuleScope

_TEXT = """
outside = 1

def around(a, b):
    c = 1
    def first(x, y=2):
        b = x
        return a + b + outside
    def second():
        return first(c) + [d for d in c]
    return second()
"""


def test_read_from_around() -> None:
    scope = ModuleScope("m.py", "m", _TEXT)
    found = {
        node.name: read_from_around(scope, node)
        for node in scope.nodes
        if isinstance(node, ast.FunctionDef)
    }
    assert found == {"around": [], "first": ["a"], "second": ["first", "c", "a"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(x, y=1, *, z=None): pass", True),
        ("async def f(): pass", True),
        ("def f(x=[]): pass", False),
        ("def f(*, x=g()): pass", False),
        ("@g\ndef f(): pass", False),
        ("class f: pass", False),
    ],
)
def test_is_plain_definition(text: str, expected: bool) -> None:
    assert is_plain_definition(ast.parse(text).body[0]) is expected
