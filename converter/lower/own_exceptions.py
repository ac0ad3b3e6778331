"""Exception classes of the program that add nothing to those they are derived from."""

import ast

from langferry.converter.lower.names import Names
from langferry.converter.lower.signatures import EXCEPTIONS

_READING_ARGUMENTS = frozenset({"UnicodeDecodeError", "json.JSONDecodeError"})
"""Classes that make more of what they are given than `args`."""


def exception_line(names: Names, node: ast.expr) -> tuple[str, ...]:
    """An exception class of the program and what it is derived from, down to the first of Python's own.

    The program's are named with their modules, since two may be called alike. Native exceptions have a
    class and arguments and nothing else: empty for what is no such class, and for one whose body says more.
    """
    line: list[str] = []
    while (found := names.definition(node)) is not None:
        scope, definition = found
        name = scope.qualified_name(definition)
        if (
            not isinstance(definition, ast.ClassDef)
            or not _adds_nothing(definition)
            or name in line
        ):
            return ()
        line.append(name)
        names, node = names.meaning.names_at(scope, definition), definition.bases[0]
    first = (names.resolve(node) or "").removeprefix("builtins.")
    return (*line, first) if line and first in EXCEPTIONS - _READING_ARGUMENTS else ()


def _adds_nothing(definition: ast.ClassDef) -> bool:
    alone = len(definition.bases) == 1 and not definition.keywords and not definition.decorator_list
    return alone and all(
        isinstance(item, ast.Pass)
        or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
        for item in definition.body
    )
