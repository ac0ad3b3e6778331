"""What a method may rely on of the object it is called on: methods, and attributes that stay."""

import ast
from collections.abc import Iterator, Mapping

from langferry.converter.functions import as_constant
from langferry.converter.lower.requests import Receiver
from langferry.converter.project import SourceModule
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.values import ClassValue, FunctionValue, InstanceValue, Value
from langferry.model.constants import Constant

_HIDDEN = frozenset({"setattr", "delattr", "vars", "__dict__", "__setattr__", "__getattr__"})
"""Ways to change or make up an attribute that no assignment shows."""


class Receivers:
    """The receivers of one program, one an instance."""

    def __init__(self, modules: Mapping[str, SourceModule]) -> None:
        self._modules = modules
        self._made: dict[int, Receiver] = {}
        self._stored: dict[str, list[tuple[str, int]]] | None = None

    def of(self, instance: InstanceValue) -> Receiver:
        """The receiver that `instance` is."""
        if id(instance) not in self._made:
            self._made[id(instance)] = self._receiver(instance)
        return self._made[id(instance)]

    def _receiver(self, instance: InstanceValue) -> Receiver:
        methods: dict[str, tuple[str, int, int]] = {}
        members: dict[str, Constant] = {}
        for owner in reversed(lineage(instance.cls)):
            for name, value in owner.scope.names.items():
                members.pop(name, None)
                methods.pop(name, None)
                constant = _scalar(value)
                if isinstance(value, FunctionValue) and value.unknown is None:
                    if value.binding in ("method", "static"):
                        at = value.node
                        methods[name] = (value.module.file, at.lineno, at.col_offset)
                elif constant is not None:
                    members[name] = constant
        for name, value in instance.names.items():
            methods.pop(name, None)
            members.pop(name, None)
            constant = _scalar(value)
            if constant is not None:
                members[name] = constant
        steady = {
            name: constant
            for name, constant in members.items()
            if self._is_steady(name, instance.cls)
        }
        return Receiver(instance.cls.name, methods, steady)

    def _is_steady(self, name: str, cls: ClassValue) -> bool:
        """Whether nothing sets the attribute once an object of the class has been made."""
        makers = {
            (owner.module.file, start.node.lineno)
            for owner in lineage(cls)
            if isinstance(start := owner.scope.names.get("__init__"), FunctionValue)
        }
        stored = self._stores()
        return "*" not in stored and all(place in makers for place in stored.get(name, ()))

    def _stores(self) -> dict[str, list[tuple[str, int]]]:
        """Where attributes are set, by name: the file, and the line of the function it happens in."""
        if self._stored is None:
            self._stored = {}
            for module in self._modules.values():
                for name, line in _stores(module.tree, 0):
                    self._stored.setdefault(name, []).append((module.file, line))
        return self._stored


def _scalar(value: Value) -> Constant | None:
    """The constant of what nothing can change in place."""
    constant = as_constant(value)
    return None if constant is None or constant.data.startswith(("[", "{")) else constant


def _stores(node: ast.AST, line: int) -> Iterator[tuple[str, int]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _stores(child, child.lineno)
                continue
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                yield name, line
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in _HIDDEN:
                yield "*", line
        yield from _stores(child, line)
