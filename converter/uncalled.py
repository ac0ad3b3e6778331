"""Which functions of a program nothing in it can call, so that what they do never happens in a run."""

import ast
import re
from collections.abc import Iterable, Iterator

from langferry.converter.module_scope import Definition

_FINDING = frozenset(
    [
        *("eval", "exec", "globals", "locals", "vars", "__dict__", "__getattribute__"),
        *("attrgetter", "methodcaller", "getmembers", "getmembers_static", "getattr_static"),
    ]
)
"""What may find a function by a name that is written nowhere, as `getattr` may."""


def uncalled(trees: Iterable[ast.Module], entries: Iterable[str]) -> set[ast.stmt]:
    """The top-level functions whose names are written only in themselves, or in others of which that holds.

    Callers of a program may call them, but the `entries` of its graphs do not. There are none in a program that
    may look for a function by a name that it makes.
    """
    functions: dict[str, list[Definition]] = {}
    pending: list[ast.AST] = []
    for statement in (item for tree in trees for item in tree.body):
        # Python calls `__getattr__` of a module itself
        if (
            isinstance(statement, Definition)
            and not statement.decorator_list
            and not statement.name.startswith("__")
        ):
            functions.setdefault(statement.name, []).append(statement)
            # defaults and annotations are evaluated where the function is made
            pending += [statement.args, *([statement.returns] if statement.returns else [])]
        else:
            pending.append(statement)
    named = {name for entry in entries for name in re.findall(r"\w+", entry)}
    pending += [function for name in named for function in functions.pop(name, ())]
    while pending:
        for name in _names(pending.pop()):
            if name in _FINDING:
                return set()
            pending += functions.pop(name, ())
    return {function for same in functions.values() for function in same}


def _names(node: ast.AST) -> Iterator[str]:
    """Every name that is written in a node, as one, as an attribute or in a text."""
    plain: set[ast.expr] = set()
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Name(id="getattr") as func, args=[_, ast.Constant(), *_]):
                plain.add(func)
            case ast.Name(id="getattr") if part not in plain:
                yield "vars"
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.alias(name=name):
                yield name.rpartition(".")[2]
            case ast.Constant(value=str(text)):
                yield from re.findall(r"\w+", text)
