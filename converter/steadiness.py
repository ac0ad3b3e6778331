"""Which values stay what they are while the graph runs."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from langferry.converter.module_scope import ModuleScope, bindings, own_nodes
from langferry.converter.only_read import OnlyRead
from langferry.converter.project import SourceModule
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.values import (
    ClassValue,
    DictValue,
    FunctionValue,
    ListValue,
    SetValue,
    TupleValue,
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
        self._only_read = OnlyRead(modules)
        self._found: _Uses | None = None

    def is_changed(self, value: Value, name: str) -> bool:
        """Whether something may change in place what `name` stands for."""
        if not isinstance(value, ListValue | DictValue | SetValue | Unknown):
            return False
        return any(name in module.scope.changed_in_place for module in self._modules.values())

    def is_attribute_kept(self, name: str, value: Value, cls: ClassValue) -> bool:
        """Whether an attribute of an object of `cls` stays what it is once the object is made."""
        if isinstance(value, ListValue | DictValue | SetValue) and is_plain(value):
            # it may have other names, by which it is changed; a model has copied what it was given
            is_model = cls.kind == "pydantic" and not self._only_read.changes_fields()
            is_own = is_model or self._is_made_for(name, cls)
            if not is_own or not self._only_read.is_so(name, _depth(value)):
                return False
        return self._is_steady(name, cls) and not self.is_changed(value, name)

    def _is_made_for(self, name: str, cls: ClassValue) -> bool:
        """Whether what the attribute holds is written where it is bound, so that nothing else has it."""
        if cls.kind != "plain":
            return False
        owners = _owners(cls)
        bound = [x for x in self._uses().set.get(name, ()) if (x.file, x.owner) in owners]
        in_body = any(name in owner.scope.names for owner in lineage(cls))
        return bool(bound) and not in_body and all(place.is_written for place in bound)

    def _is_steady(self, name: str, cls: ClassValue) -> bool:
        """Whether nothing sets the attribute once an object of the class has been made."""
        owners, makers, uses = _owners(cls), self._makers(cls), self._uses()
        return "*" not in uses.set and all(
            (place.file, place.function) in makers
            or place.is_defined
            or (place.owner is not None and (place.file, place.owner) not in owners)
            for place in uses.set.get(name, ())
        )

    def _makers(self, cls: ClassValue) -> set[tuple[str, int]]:
        """The methods that run only while an object of the class is made, by file and line."""
        methods = [
            (name, (owner.module.file, member.node.lineno))
            for owner in lineage(cls)
            for name, member in owner.scope.names.items()
            if isinstance(member, FunctionValue) and _runs_when_called(member.node)
        ]
        makers = {place for name, place in methods if name == "__init__"}
        named = self._uses().named
        while True:
            more = {
                place
                for name, place in methods
                if name in named
                and all(x.is_called and (x.file, x.function) in makers for x in named[name])
            }
            if more <= makers:
                return makers
            makers |= more

    def _uses(self) -> "_Uses":
        if self._found is None:
            self._found = _Uses()
            own = frozenset(name.partition(".")[0] for name in self._modules)
            for module in self._modules.values():
                self._found.look(module.tree, _Place(module.file), module.scope, own)
        return self._found


def _depth(value: Value) -> int:
    """How deep containers that may change are within a container."""
    match value:
        case DictValue(items):
            inner = [*items.values()]
        case ListValue(items) | TupleValue(items):
            inner = items
        case _:
            return 0
    kinds = ListValue | DictValue | SetValue | TupleValue
    return max((1 + _depth(item) for item in inner if isinstance(item, kinds)), default=0)


def _owners(cls: ClassValue) -> set[tuple[str, int | None]]:
    return {(owner.module.file, owner.span.line) for owner in lineage(cls)}


@dataclass(frozen=True)
class _Place:
    """A place where an attribute is set or named, by the lines of what stands around it."""

    file: str
    function: int = 0
    owner: int | None = None
    """The class whose method does so with an attribute of its own object."""
    receiver: str | None = None
    """What the method calls that object."""
    defined: frozenset[str] = frozenset()
    """Locals of the function that stand for nothing but functions and classes that it defines."""
    is_defined: bool = False
    """Whether the attribute is one of these."""
    is_written: bool = False
    """Whether it is set to a container that is written there as a whole."""
    is_called: bool = False
    """Whether it is a method that is called on its own object."""


class _Uses:
    """Where attributes are set, and where they are read or spelt out, by name."""

    def __init__(self) -> None:
        self.set: dict[str, list[_Place]] = {}
        self.named: dict[str, list[_Place]] = {}

    def look(self, node: ast.AST, place: _Place, scope: ModuleScope, own: frozenset[str]) -> None:
        """Looks for them in what stands within `node`; the program's `own` packages are named."""
        for child in ast.iter_child_nodes(node):
            inner = place
            match child:
                case ast.ClassDef():
                    inner = replace(place, owner=child.lineno, receiver=None)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    inner = replace(place, function=child.lineno, receiver=None)
                    inner = replace(inner, defined=_defined(child, scope, own))
                    if isinstance(node, ast.ClassDef) and child.args.args:
                        inner = replace(inner, receiver=child.args.args[0].arg)
                case ast.Lambda():
                    inner = replace(place, function=0)
                case ast.Attribute(attr=name, value=of, ctx=ast.Store() | ast.Del()):
                    self.set.setdefault(name, []).append(_seen(of, place, node))
                case ast.Attribute(attr=name) | ast.Name(id=name) if name in _HIDDEN:
                    self.set.setdefault("*", []).append(place)
                case ast.Attribute(attr=name, value=of):
                    seen = _seen(of, place, node)
                    is_called = isinstance(node, ast.Call) and node.func is child
                    called = replace(seen, is_called=is_called and seen.owner is not None)
                    self.named.setdefault(name, []).append(called)
                case ast.Constant(value=str(name)) if name.isidentifier():
                    self.named.setdefault(name, []).append(replace(place, owner=None))
            self.look(child, inner, scope, own)


def _seen(of: ast.expr, place: _Place, parent: ast.AST) -> _Place:
    match of:
        case ast.Name(id=name) if name == place.receiver:
            match parent:
                case (
                    ast.Assign(targets=[_], value=value) | ast.AnnAssign(value=ast.expr() as value)
                ):
                    return replace(place, is_written=_is_written(value))
            return place
        case ast.Name(id=name) if name in place.defined:
            return replace(place, owner=None, is_defined=True)
    return replace(place, owner=None)


def _is_written(node: ast.expr) -> bool:
    """Whether an expression makes a container of which no part is something else's."""
    match node:
        case ast.List(elts=items) | ast.Set(elts=items) | ast.Tuple(elts=items):
            return all(map(_is_written, items))
        case ast.Dict(keys=keys, values=values):
            return None not in keys and all(map(_is_written, values))
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.UnaryOp)


def _runs_when_called(node: ast.AST) -> bool:
    """Whether nothing of a function is left for later when it returns."""
    return isinstance(node, ast.FunctionDef) and not any(
        isinstance(part, ast.Yield | ast.YieldFrom) for part in own_nodes(node)
    )


def _defined(
    function: ast.FunctionDef | ast.AsyncFunctionDef, scope: ModuleScope, own: frozenset[str]
) -> frozenset[str]:
    """The names that stand for functions defined there, as they are or as a library decorates them."""
    return frozenset(
        name
        for name, nodes in bindings(function).items()
        if all(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and all(_is_of_library(x, scope, own) for x in node.decorator_list)
            for node in nodes
        )
    )


def _is_of_library(decorator: ast.expr, scope: ModuleScope, own: frozenset[str]) -> bool:
    while isinstance(decorator, ast.Call | ast.Attribute):
        decorator = decorator.func if isinstance(decorator, ast.Call) else decorator.value
    if not isinstance(decorator, ast.Name):
        return False
    bound = scope.bindings.get(decorator.id, [])
    names = [scope.imported(node, decorator.id) for node in bound]
    return bool(names) and all(x is not None and x.partition(".")[0] not in own for x in names)
