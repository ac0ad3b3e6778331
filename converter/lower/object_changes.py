"""Where a program changes in place what a name stands for."""

import ast

from langferry.model.mutators import MUTATORS


def changes(node: ast.AST, name: str) -> bool:
    """Whether a node changes what a module calls `name`, or sets it from outside."""
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return node.attr == name and not _is_own(node)
    return changes_in_place(node, name, is_own=False)


def changes_in_place(node: ast.AST, name: str, is_own: bool = True) -> bool:
    """Whether a node changes the object that is called `name`, by itself or as an attribute.

    Unless `is_own`, attributes of a method's own object do not count.
    """

    def names(item: ast.AST) -> bool:
        if isinstance(item, ast.Attribute):
            return item.attr == name and (is_own or not _is_own(item))
        return isinstance(item, ast.Name) and item.id == name

    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attribute)):
            return names(_root(value)) and attribute in MUTATORS
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            return names(_root(node))
        case ast.AugAssign(target=target):
            return names(target)
    return False


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node
