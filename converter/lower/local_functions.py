"""Functions that a function defines for itself, and what these read of it.

Such a function is lowered as one of its own, which is given the locals it reads when it is called: that
is when Python looks at them, too.
"""

import ast

from langferry.converter.module_scope import Definition, ModuleScope


def is_plain_definition(node: ast.stmt) -> bool:
    """Whether defining the function does nothing but that."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.decorator_list:
        return False
    defaults = [*node.args.defaults, *(x for x in node.args.kw_defaults if x is not None)]
    return all(isinstance(item, ast.Constant) for item in defaults)


def read_from_around(scope: ModuleScope, definition: Definition) -> list[str]:
    """The names of functions around `definition` that it may look at when it runs, in a fixed order."""
    found: dict[str, None] = {}
    seen: set[ast.AST] = set()
    pending: list[Definition] = [definition]
    while pending:
        function = pending.pop()
        if function in seen:
            continue
        seen.add(function)
        around = [scope.bound_in(item) for item in scope.enclosing_functions(function)]
        own = scope.bound_in(function)
        for name in _loaded(function):
            bound = next((names[name] for names in around if name in names), None)
            if name in own or bound is None:
                continue
            found[name] = None
            pending.extend(
                x for x in bound if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef)
            )
    return list(found)


def _loaded(function: Definition) -> list[str]:
    return [
        part.id
        for item in function.body
        for part in ast.walk(item)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    ]
