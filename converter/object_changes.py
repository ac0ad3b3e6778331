"""Where a program changes in place what a name stands for."""

import ast
from collections.abc import Iterable

from langferry.model.mutators import MUTATORS


def changed(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names whose values are changed in place, or that are set from outside of their module.

    Attributes of a method's own object do not count.
    """
    return frozenset(_name(node) for node in changes(nodes, with_set=True) if not _is_own(node))


def changed_in_place(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names whose values are changed in place, by themselves or as an attribute."""
    return frozenset(_name(node) for node in changes(nodes, with_set=False))


def changes(nodes: Iterable[ast.AST], with_set: bool) -> Iterable[ast.Name | ast.Attribute]:
    """What is changed in place, items apart; `with_set`, attributes that are set, too."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attribute)) if attribute in MUTATORS:
                found = _root(value)
            case ast.Subscript(ctx=ast.Store() | ast.Del()):
                found = _root(node)
            case ast.AugAssign(target=target):
                found = target
            case ast.Attribute(ctx=ast.Store() | ast.Del()) if with_set:
                found = node
            case _:
                continue
        if isinstance(found, ast.Name | ast.Attribute):
            yield found


def _name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _is_own(node: ast.Name | ast.Attribute) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node
