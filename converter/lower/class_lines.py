"""Which of the program's classes are derived from which, and what kinds of classes they are."""

import ast
from collections.abc import Iterator

from langferry.converter.lower.names import Names
from langferry.converter.module_scope import ModuleScope

Place = tuple[ModuleScope, ast.ClassDef]
"""A class's definition, and the module it stands in."""

_MODELS = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel"})
_DATACLASS = "dataclasses.dataclass"


def lineage(names: Names, place: Place) -> list[Place] | None:
    """A class behind those of the program it is derived from; None where that is no single line."""
    found = [place]
    while True:
        scope, definition = found[0]
        inside = names.meaning.names_at(scope, definition)
        own = [inside.definition(base) for base in definition.bases]
        classes = [(x[0], x[1]) for x in own if x is not None and isinstance(x[1], ast.ClassDef)]
        if not classes:
            return found
        if len(definition.bases) > 1 or classes[0] in found:
            return None
        found.insert(0, classes[0])


def holds_fields(names: Names, place: Place) -> bool:
    """Whether objects of a class are fields and nothing else: one of pydantic's, or a dataclass."""
    line = lineage(names, place)
    if line is None:
        return False
    scope, first = line[0]
    inside = names.meaning.names_at(scope, first)
    bases = [inside.resolve(base) for base in first.bases]
    if len(bases) == 1 and bases[0] in _MODELS:
        return True
    return not bases and all(_is_dataclass(names, x) for x in line)


def _is_dataclass(names: Names, place: Place) -> bool:
    inside = names.meaning.names_at(*place)
    decorators = place[1].decorator_list
    called = [x.func if isinstance(x, ast.Call) else x for x in decorators]
    return [inside.resolve(x) for x in called] == [_DATACLASS]


def classes_in(scope: ModuleScope) -> Iterator[ast.ClassDef]:
    """All classes that a module defines."""
    return (node for node in scope.nodes if isinstance(node, ast.ClassDef))
