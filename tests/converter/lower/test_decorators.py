"""Which decorators leave a function what it says."""

import ast

import pytest

from langferry.converter.lower.decorators import is_static, is_undecorated, keeps_result

NAMES = {
    "staticmethod": "builtins.staticmethod",
    "override": "typing.override",
    "traceable": "langsmith.traceable",
    "lru_cache": "functools.lru_cache",
    "retry": "tenacity.retry",
}


def _function(decorators: str) -> ast.FunctionDef:
    (function,) = ast.parse(f"{decorators}\ndef f(): pass").body
    assert isinstance(function, ast.FunctionDef)
    return function


def _resolve(node: ast.expr) -> str | None:
    return NAMES.get(node.id) if isinstance(node, ast.Name) else None


@pytest.mark.parametrize(
    ("decorators", "undecorated", "static", "keeps"),
    [
        ("", True, False, False),
        ("@staticmethod", True, True, False),
        ("@override\n@staticmethod", True, True, False),
        ("@traceable(name='x')", True, False, False),
        ("@lru_cache(maxsize=None)", True, False, True),
        ("@retry", False, False, False),
        ("@traceable\n@retry", False, False, False),
        ("@registry['x']", False, False, False),
    ],
)
def test_decorators(decorators: str, undecorated: bool, static: bool, keeps: bool) -> None:
    function = _function(decorators)
    assert is_undecorated(function, _resolve, lambda decorator: False) is undecorated
    assert is_static(function) is static
    assert keeps_result(function, _resolve) is keeps


def test_what_somebody_else_sees_to_is_no_decorator() -> None:
    def is_retry(decorator: ast.expr) -> bool:
        return _resolve(decorator) == "tenacity.retry"

    assert is_undecorated(_function("@traceable\n@retry"), _resolve, is_retry)
    assert not is_undecorated(_function("@retry\n@registry['x']"), _resolve, is_retry)
