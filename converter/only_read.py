"""Which attributes hold containers that a program only looks into, so that they never change."""

import ast
from collections.abc import Iterable, Mapping

from langferry.converter.module_scope import Function
from langferry.converter.project import SourceModule
from langferry.model.mutators import COPYING

_LOOKING = frozenset({"len", "any", "all", "bool", "str", "repr", "print", "isinstance"})
_LOOKING_METHODS = frozenset({"keys", "index", "count", "isdisjoint", "issubset", "issuperset"})
_COPYING_METHODS = frozenset(
    {"items", "values", "copy", "union", "intersection", "difference", "symmetric_difference"}
)


class OnlyRead:
    """What the text of a program says about how attributes are used, by their names alone."""

    def __init__(self, modules: Mapping[str, SourceModule]) -> None:
        self._modules = modules
        self._files: list[_File] | None = None

    def is_so(self, name: str, depth: int) -> bool:
        """Whether nobody keeps what attributes of that name hold, nor changes it.

        `depth` is how deep containers are within it: with 0 there is none.
        """
        return all(file.is_reading(use, depth) for file in self._read() for use in file.uses(name))

    def changes_fields(self) -> bool:
        """Whether a program may change what a model holds by going through its fields."""
        return any(file.changes_fields() for file in self._read())

    def _read(self) -> list["_File"]:
        if self._files is None:
            self._files = [_File(module) for module in self._modules.values()]
        return self._files


class _File:
    def __init__(self, module: SourceModule) -> None:
        self._bindings = module.scope.bindings
        self._changed = module.scope.changed_in_place
        self._parents = {
            child: node for node in module.scope.nodes for child in ast.iter_child_nodes(node)
        }
        self._uses: dict[str | None, list[ast.AST]] = {}
        for node in module.scope.nodes:
            for name in _named(node):
                self._uses.setdefault(name, []).append(node)

    def changes_fields(self) -> bool:
        """Whether it may change what going through an object, or a dict of it, gives."""
        for node in self._parents:
            match node:
                case ast.For(target=ast.Tuple(elts=[_, ast.Name(id=name)]), iter=of) | (
                    ast.comprehension(target=ast.Tuple(elts=[_, ast.Name(id=name)]), iter=of)
                ):
                    if name in self._changed and not _gives_pairs(of):
                        return True
                case ast.Call(func=ast.Name(id="dict" | "vars"), args=[_, *_]):
                    parent = self._parents.get(node)
                    if isinstance(parent, ast.Subscript | ast.Attribute | ast.For):
                        return True
                case ast.Attribute(attr="__dict__"):
                    return True
        return False

    def uses(self, name: str) -> Iterable[ast.AST]:
        """Where attributes of that name are read, or may be."""
        return [*self._uses.get(name, ()), *self._uses.get(None, ())]

    def is_reading(self, use: ast.AST, depth: int) -> bool:
        """Whether what `use` gives is neither kept nor changed."""
        if depth < 0:
            return True
        parent = self._parents.get(use)
        match parent:
            case ast.Compare() | ast.FormattedValue() | ast.UnaryOp() | ast.Expr() | ast.Assert():
                return True
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if test is use:
                return True
            case ast.BoolOp() | ast.IfExp():
                return self.is_reading(parent, depth)
            case ast.For(iter=of) | ast.comprehension(iter=of) if of is use:
                return not depth
            case ast.BinOp() | ast.Starred() | ast.AugAssign() | ast.keyword(arg=None):
                return not depth
            case ast.Dict(keys=keys, values=values) if use in values:
                return not depth and keys[values.index(use)] is None
            case ast.Subscript(value=of, slice=index, ctx=ast.Load()) if of is use:
                return self.is_reading(parent, depth if isinstance(index, ast.Slice) else depth - 1)
            case ast.Attribute(attr=method):
                return self._is_reading_call(self._parents.get(parent), method, depth)
            case ast.Call(func=of) if of is use:
                # no container can be called
                return True
            case ast.Call(func=ast.Name(id=called)) if called not in self._bindings:
                return called in _LOOKING or (not depth and called in COPYING)
            case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join")):
                return not depth
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.NamedExpr(target=ast.Name(id=name)):
                kept = self._reads(parent, name)
                rest = isinstance(parent, ast.Assign) or self.is_reading(parent, depth)
                return kept is not None and rest and all(self.is_reading(x, depth) for x in kept)
        return False

    def _is_reading_call(self, call: ast.AST | None, method: str, depth: int) -> bool:
        if not isinstance(call, ast.Call):
            return False
        if method == "get":
            return self.is_reading(call, depth - 1)
        return method in _LOOKING_METHODS or (not depth and method in _COPYING_METHODS)

    def _reads(self, node: ast.AST, name: str) -> list[ast.Name] | None:
        """Where a function reads a local of its own; None where `name` is none."""
        function = self._parents.get(node)
        while function is not None and not isinstance(function, Function | ast.ClassDef):
            function = self._parents.get(function)
        if not isinstance(function, Function):
            return None
        found: list[ast.Name] = []
        for item in ast.walk(function):
            if isinstance(item, ast.Global | ast.Nonlocal) and name in item.names:
                return None
            match item:
                case ast.AugAssign(target=ast.Name(id=changed)) if changed == name:
                    return None
            if isinstance(item, ast.Name) and item.id == name and isinstance(item.ctx, ast.Load):
                found.append(item)
        return found


def _gives_pairs(node: ast.expr) -> bool:
    """Whether it is certain that the pairs are not a model's fields."""
    match node:
        case ast.Call(func=ast.Attribute(attr="items")):
            return True
        case ast.Call(func=ast.Name(id="enumerate" | "zip")) | ast.List() | ast.Tuple():
            return True
    return False


def _named(node: ast.AST) -> list[str | None]:
    """The attributes that a node reads; None stands for any."""
    match node:
        case ast.Attribute(attr=name, ctx=ast.Load()):
            return [name]
        case ast.MatchClass(kwd_attrs=names):
            return [*names]
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return [name]
        case ast.Call(func=ast.Name(id="getattr")) | ast.Name(id="attrgetter"):
            return [None]
    return []
