"""Arguments that are always written as a float: Python finds a kept result of `0` by `0.0`, too, and of `False`."""

import ast
from collections.abc import Iterable

from langferry.converter.module_scope import Definition


def are_written_floats(
    trees: Iterable[ast.AST], definition: Definition, parameter: ast.arg, default: ast.expr | None
) -> bool:
    """Whether all that a parameter is ever given, by what the modules say, stands there as a float."""
    position = definition.args.args.index(parameter) if parameter in definition.args.args else None
    if default is not None and not _is_float(default):
        return False
    for tree in trees:
        called: set[ast.expr] = set()
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=func) if _names(func, definition.name):
                    called.add(func)
                    if not _gives_float(node, position, parameter.arg):
                        return False
                case ast.alias(name=definition.name, asname=str()):
                    return False
                case ast.Constant(value=definition.name):
                    return False
        if any(_names(node, definition.name) and node not in called for node in ast.walk(tree)):
            return False
    return True


def _gives_float(call: ast.Call, position: int | None, name: str) -> bool:
    if any(isinstance(x, ast.Starred) for x in call.args) or not all(x.arg for x in call.keywords):
        return False
    given = [x.value for x in call.keywords if x.arg == name]
    if position is not None:
        given += call.args[position : position + 1]
    return all(map(_is_float, given))


def _is_float(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is float


def _names(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=found) | ast.Attribute(attr=found):
            return found == name
    return False
