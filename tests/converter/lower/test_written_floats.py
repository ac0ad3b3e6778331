"""Which parameters are given floats alone, and by the text."""

import ast

import pytest

from langferry.converter.lower.written_floats import are_written_floats


@pytest.mark.parametrize(
    ("definition", "uses", "found"),
    [
        ("def f(a, b=0.0): pass", "f(1)\nf('x', 0.5)\nm.f(1, b=2.0)", True),
        ("def f(a, *, b=0.0): pass", "f(1, b=0.5)\nf(0)", True),
        ("def f(a, b): pass", "f(1, 0.5)", True),
        ("def f(a, b=0): pass", "f(1, 0.5)", False),
        ("def f(a, b=0.0): pass", "f(1, 0)", False),
        ("def f(a, b=0.0): pass", "f(1, -0.0)", False),
        ("def f(a, b=0.0): pass", "f(1, b=x)", False),
        ("def f(a, b=0.0): pass", "f(*given)", False),
        ("def f(a, b=0.0): pass", "f(1, **given)", False),
        ("def f(a, b=0.0): pass", "g = f\nf(1)", False),
        ("def f(a, b=0.0): pass", "call(f, 1, 0)", False),
        ("def f(a, b=0.0): pass", "getattr(m, 'f')(1, 0)", False),
        ("def f(a, b=0.0): pass", "from m import f as g\ng(1, 0)", False),
    ],
)
def test_what_a_parameter_is_given(definition: str, uses: str, found: bool) -> None:
    (function,) = ast.parse(definition).body
    assert isinstance(function, ast.FunctionDef)
    (parameter,) = [x for x in (*function.args.args, *function.args.kwonlyargs) if x.arg == "b"]
    defaults = [*function.args.defaults, *function.args.kw_defaults]
    default = defaults[0] if defaults else None
    assert are_written_floats([ast.parse(uses)], function, parameter, default) is found
