"""What may have no value raises where it is read, and only where that is certain to be all that happens."""

import ast

import pytest

from langferry.converter.lower.unbound import raising_where_unbound, read_first


def _read(text: str) -> str | None:
    found = read_first(ast.parse(text).body[0], lambda name: name != "x")
    return None if found is None else found.id


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "y = x",
        "y: int = x",
        "x += f()",
        "state['a'] = x",
        "x.append(f())",
        "y = [a, x, f()]",
        "y = {'a': 1, 'b': x}",
        "print(1, x)",
        "f(a=x)",
        "y = a + x",
        "y = f'a {x}'",
        "y = table[x]",
        "if not x: f()",
        "for y in x: f()",
    ],
)
def test_read_first(text: str) -> None:
    assert _read(text) == "x"


@pytest.mark.parametrize(
    "text",
    [
        "f()[x] = 1",
        "y = f() + x",
        "a.f(x)",
        "a.b[x]",
        "y = f'{a}{x}'",
        "y = [f(), x]",
        "y = {**a, 'b': x}",
        "y = a and x",
        "y = [x for _ in a]",
        "while x: f()",
        "return",
        "y = lambda: x",
    ],
)
def test_something_else_may_come_first(text: str) -> None:
    assert _read(text) is None


def _raising(text: str) -> str | None:
    (node,) = ast.parse(text).body
    assert isinstance(node, ast.If)
    found = raising_where_unbound(node, ast.Name("x"))
    if found is None:
        return None
    told = "cannot access local variable 'x' where it is not associated with a value"
    return ast.unparse(found).replace(f'raise UnboundLocalError("{told}")', "no_x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if a:\n    x = 1", "if a:\n    x = 1\nelse:\n    no_x"),
        ("if a:\n    x = 1\nelse:\n    b()", "if a:\n    x = 1\nelse:\n    b()\n    no_x"),
        (
            "if a:\n    if b:\n        x = 1\nelse:\n    x = 2",
            "if a:\n    if b:\n        x = 1\n    else:\n        no_x\nelse:\n    x = 2",
        ),
        (
            "if a:\n    raise b\nelif c:\n    x = 1",
            "if a:\n    raise b\nelif c:\n    x = 1\nelse:\n    no_x",
        ),
    ],
)
def test_ends_in_what_the_read_raises(text: str, expected: str) -> None:
    assert _raising(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    x = 1\nelse:\n    x = 2",
        "if (x := f()):\n    b()",
        "if a:\n    for x in b: c()",
        "if a:\n    with b as x: c()",
        "if a:\n    if b:\n        x = 1\n    c()",
        "if a:\n    try:\n        x = f()\n    except E: c()",
    ],
)
def test_uncertain_ends_stay(text: str) -> None:
    assert _raising(text) is None
