"""`*args` and `**kwargs` of what LangGraph calls: it gives them nothing, so what passes them on passes nothing.

Or it gives `*args` the state alone, which is then what is passed on.
"""

import ast

from langferry.converter.module_scope import Function, own_nodes


def empty_rest(function: Function) -> frozenset[str] | None:
    """The names of what takes the rest of the arguments; None where more is done with it than passing it on."""
    given = function.args
    names = frozenset(item.arg for item in (given.vararg, given.kwarg) if item is not None)
    uses = [x for x in ast.walk(function) if isinstance(x, ast.Name) and x.id in names]
    passed = [part for call in own_nodes(function) for part in _passed(call)]
    inner = [x for x in ast.walk(function) if isinstance(x, ast.arg) and x.arg in names]
    if len(inner) > len(names) or not all(any(use is part for part in passed) for use in uses):
        return None
    return names


def without_rest(
    call: ast.Call, names: frozenset[str], single: frozenset[str] = frozenset()
) -> ast.Call:
    """The same call without what passes nothing on, and with what passes a `single` argument on as that."""
    args = [
        item.value if isinstance(item, ast.Starred) and _is_rest(item, single) else item
        for item in call.args
        if not _is_rest(item, names)
    ]
    keywords = [item for item in call.keywords if item.arg or not _is_named(item.value, names)]
    if args == call.args and len(keywords) == len(call.keywords):
        return call
    return ast.copy_location(ast.Call(call.func, args, keywords), call)


def _passed(node: ast.AST) -> list[ast.expr]:
    if not isinstance(node, ast.Call):
        return []
    starred = [item.value for item in node.args if isinstance(item, ast.Starred)]
    return [*starred, *(item.value for item in node.keywords if item.arg is None)]


def _is_rest(node: ast.expr, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Starred) and _is_named(node.value, names)


def _is_named(node: ast.expr, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names
