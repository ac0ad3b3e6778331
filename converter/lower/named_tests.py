"""Tests that bind names: `if answer := ask():` as `answer = ask()` before `if answer:`."""

import ast
import copy


def names_first(test: ast.expr) -> tuple[ast.Assign, ast.expr] | None:
    """The binding a test begins with, and the test after it; None where none comes first.

    Nothing of the test is evaluated before such a binding, so it may as well be a statement before.
    """
    rest = copy.copy(test)
    match test:
        case ast.NamedExpr(target=target, value=value):
            assigned = ast.copy_location(ast.Assign([target], value), test)
            read = ast.Name(target.id, ast.Load())
            return assigned, ast.copy_location(read, target)
        case ast.BoolOp(values=[first, *others]):
            found = names_first(first)
            if found is None:
                return None
            rest.values = [found[1], *others]  # type: ignore[attr-defined]
            return found[0], rest
    for field in _FIRST.get(type(test), ()):
        found = names_first(getattr(test, field))
        if found is not None:
            setattr(rest, field, found[1])
            return found[0], rest
    return None


_FIRST: dict[type[ast.expr], tuple[str, ...]] = {
    ast.Attribute: ("value",),
    ast.BinOp: ("left",),
    ast.Call: ("func",),
    ast.Compare: ("left",),
    ast.Subscript: ("value",),
    ast.UnaryOp: ("operand",),
}
"""The part of an expression that is evaluated before all others."""


def with_name_bound(node: ast.If) -> list[ast.stmt]:
    """`if` with what its test binds first as a statement of its own; alone where it binds nothing."""
    found = names_first(node.test)
    if found is None:
        return [node]
    return [found[0], ast.copy_location(ast.If(found[1], node.body, node.orelse), node)]


def loop_with_name_bound(node: ast.While) -> ast.While:
    """`while` whose test binds a name, with the test as the first statements of its body."""
    found = names_first(node.test)
    if found is None:
        return node
    assigned, test = found
    ends = ast.copy_location(ast.Break(), test)
    failed = ast.copy_location(ast.UnaryOp(ast.Not(), test), test)
    stop = ast.copy_location(ast.If(failed, [ends], []), test)
    always = ast.copy_location(ast.Constant(True), test)
    body = [assigned, stop, *node.body]
    return ast.copy_location(ast.While(always, body, node.orelse), node)
