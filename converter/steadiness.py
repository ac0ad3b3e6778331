"""Which values stay what they are while the graph runs."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from langferry.converter.project import SourceModule
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.values import (
    ClassValue,
    DictValue,
    FunctionValue,
    ListValue,
    SetValue,
    Unknown,
    Value,
    is_plain,
)

_HIDDEN = frozenset({"setattr", "delattr", "vars", "__dict__", "__setattr__", "__getattr__"})
"""Ways to change or make up an attribute that no assignment shows."""


class Steadiness:
    """What the text of a program says about changes."""

    def __init__(self, modules: Mapping[str, SourceModule]) -> None:
        self._modules = modules
        self._stored: dict[str, list[_Store]] | None = None

    def is_changed(self, value: Value, name: str) -> bool:
        """Whether something may change in place what `name` stands for."""
        if not isinstance(value, ListValue | DictValue | SetValue | Unknown):
            return False
        return any(name in module.scope.changed_in_place for module in self._modules.values())

    def is_attribute_kept(self, name: str, value: Value, cls: ClassValue) -> bool:
        """Whether an attribute of an object of `cls` stays what it is once the object is made."""
        if isinstance(value, ListValue | DictValue | SetValue) and is_plain(value):
            # it may have other names, by which it is changed
            return False
        return self._is_steady(name, cls) and not self.is_changed(value, name)

    def _is_steady(self, name: str, cls: ClassValue) -> bool:
        """Whether nothing sets the attribute once an object of the class has been made."""
        owners = {(owner.module.file, owner.span.line) for owner in lineage(cls)}
        makers = {
            (owner.module.file, start.node.lineno)
            for owner in lineage(cls)
            if isinstance(start := owner.scope.names.get("__init__"), FunctionValue)
        }
        stored = self._stores()
        return "*" not in stored and all(
            (place.file, place.function) in makers
            or (place.owner is not None and (place.file, place.owner) not in owners)
            for place in stored.get(name, ())
        )

    def _stores(self) -> "dict[str, list[_Store]]":
        """Where attributes are set, by name."""
        if self._stored is None:
            self._stored = {}
            for module in self._modules.values():
                for name, place in _stores(module.tree, _Store(module.file, 0, None, None)):
                    self._stored.setdefault(name, []).append(place)
        return self._stored


@dataclass(frozen=True)
class _Store:
    """A place where an attribute is set, by the lines of what stands around it."""

    file: str
    function: int
    owner: int | None
    """The class whose method sets an attribute of its own object."""
    receiver: str | None
    """What the method calls that object."""


def _stores(node: ast.AST, place: _Store) -> Iterator[tuple[str, _Store]]:
    for child in ast.iter_child_nodes(node):
        inner = place
        match child:
            case ast.ClassDef():
                inner = replace(place, owner=child.lineno, receiver=None)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inner = replace(place, function=child.lineno, receiver=None)
                if isinstance(node, ast.ClassDef) and child.args.args:
                    inner = replace(inner, receiver=child.args.args[0].arg)
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                own = isinstance(child.value, ast.Name) and child.value.id == place.receiver
                yield name, place if own else replace(place, owner=None)
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in _HIDDEN:
                yield "*", place
        yield from _stores(child, inner)
