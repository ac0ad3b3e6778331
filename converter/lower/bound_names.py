"""Which binding of a module's name counts where the name is used."""

import ast

from langferry.converter.module_scope import Function, ModuleScope
from langferry.diagnostics import Span


def bound_at(scope: ModuleScope, name: str, at: Span) -> ast.AST | None:
    """What binds `name` for a use of it at `at`; None where that is not certain.

    A module's own statements see the last one before them, what runs later sees the only one.
    """
    bound = scope.bindings.get(name, [])
    if len(bound) == 1:
        return bound[0]
    users = [x for x in scope.tree.body if x.lineno <= at.line <= (x.end_lineno or x.lineno)]
    user = users[0] if len(users) == 1 else None
    if not isinstance(user, ast.Assign | ast.AnnAssign | ast.Expr) or any(
        isinstance(x, Function) for x in ast.walk(user)
    ):
        return None
    found: ast.AST | None = None
    for statement in scope.tree.body[: scope.tree.body.index(user)]:
        of_it = [x for x in bound if x is statement or x in set(ast.walk(statement))]
        if not of_it:
            continue
        match statement:
            case ast.Assign(targets=[ast.Name() as target]) | ast.AnnAssign(target=target):
                found = target
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found = statement
            case _:
                # maybe, or something that is not looked at
                return None
    return found
