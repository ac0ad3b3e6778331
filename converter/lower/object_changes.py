"""Where a program changes in place what a name stands for."""

import ast

from langferry.model.mutators import MUTATORS


def changes(node: ast.AST, name: str) -> bool:
    """Whether a node changes what a module calls `name`, or sets it from outside."""
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return node.attr == name
    return changes_in_place(node, name)


def changes_in_place(node: ast.AST, name: str) -> bool:
    """Whether a node changes the object that is called `name`, by itself or as an attribute."""

    def names(item: ast.AST) -> bool:
        return (isinstance(item, ast.Name) and item.id == name) or (
            isinstance(item, ast.Attribute) and item.attr == name
        )

    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attribute)):
            return names(_root(value)) and attribute in MUTATORS
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            return names(_root(node))
        case ast.AugAssign(target=target):
            return names(target)
    return False


def _root(node: ast.AST) -> ast.AST:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node
