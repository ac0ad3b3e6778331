"""What passes nothing on."""

import ast

import pytest

from langferry.converter.lower.empty_rest import empty_rest, without_rest


def _function(text: str) -> ast.FunctionDef:
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    return function


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f(state): return g(state)", set()),
        ("def f(state, *args, **kw): return g(state, *args, **kw)", {"args", "kw"}),
        ("def f(state, **kw): return g(**{}, **kw)", {"kw"}),
        ("def f(state, *args): pass", {"args"}),
        ("def f(state, *args): return len(args)", None),
        ("def f(state, *args): return [*args]", None),
        ("def f(state, **kw): return g(kw)", None),
        ("def f(state, **kw): return g(a=kw)", None),
        ("def f(state, **kw): return {**kw}", None),
        ("def f(state, *args):\n    args = (1,)\n    return g(*args)", None),
        ("def f(state, *args): return lambda: g(*args)", None),
        ("def f(state, *args): return lambda *args: g(*args)", None),
    ],
)
def test_what_is_only_passed_on(text: str, found: set[str] | None) -> None:
    assert empty_rest(_function(text)) == found


def test_calls_without_it() -> None:
    call = ast.parse("f(a, *args, *other, k=1, **kw, **more)", mode="eval").body
    assert isinstance(call, ast.Call)
    left = without_rest(call, frozenset({"args", "kw"}))
    assert ast.unparse(left) == "f(a, *other, k=1, **more)"
    assert without_rest(call, frozenset()) is call


def test_calls_with_the_only_one_there_is() -> None:
    call = ast.parse("f(*args, a, *other, **kw)", mode="eval").body
    assert isinstance(call, ast.Call)
    given = without_rest(call, frozenset({"kw"}), frozenset({"args"}))
    assert ast.unparse(given) == "f(args, a, *other)"
