"""Changes of the state in place are found, wherever they hide; changes of copies are not."""

import ast

import pytest

from langferry.converter.lower.state_changes import state_changes
from langferry.converter.module_scope import ModuleScope


def _lines(body: str) -> list[int]:
    text = "def node(state):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    scope = ModuleScope("m.py", "m", text)
    function = scope.function_at(1, 0)
    assert function is not None

    def resolve(node: ast.expr) -> str | None:
        return f"builtins.{node.id}" if isinstance(node, ast.Name) else None

    found = state_changes(function, resolve, lambda node: False)
    return sorted({node.lineno - 1 for node in found})


@pytest.mark.parametrize(
    "body",
    [
        'state["xs"].append(1)',
        'xs = state["xs"]\nxs.append(1)',
        'xs = state.get("xs", [])\nxs += [1]',
        'for row in state["rows"]:\n    row["seen"] = True',
        'rows = list(state["rows"])\nrows[0]["seen"] = True',
        'a, b = state["pair"]\nb.clear()',
        'xs = state["a"] or state["b"]\ndel xs[0]',
        'xs = helper(state["a"])\nxs.sort()',
        '[row.update(x=1) for row in state["rows"]]',
        'state["message"].content = "x"',
    ],
)
def test_found(body: str) -> None:
    assert _lines(body) == [len(body.splitlines())]


@pytest.mark.parametrize(
    "body",
    [
        'state["xs"] = [1]',
        'xs = list(state["xs"])\nxs.append(1)',
        'xs = state["xs"] + [1]\nxs.append(2)',
        'xs = state["xs"][:]\nxs.sort()',
        'table = dict(state["table"])\ntable["a"] = 1',
        'xs = [x for x in state["xs"]]\nxs.append(1)',
        "counts = {}\nfor word in state['words']:\n    counts[word] = 1",
        'n = len(state["xs"])\nn += 1',
    ],
)
def test_copies_may_change(body: str) -> None:
    assert _lines(body) == []
