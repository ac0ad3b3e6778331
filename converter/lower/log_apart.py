"""What a program does to loggers of certain names only, whenever it does it: others show the same with and without it."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from langferry.converter.module_scope import Function, ModuleScope, bindings

_OF_ONE = frozenset(
    [
        *("addFilter", "addHandler", "removeFilter", "removeHandler", "setLevel"),
        *("disabled", "filters", "handlers", "level", "propagate"),
    ]
)
"""Attributes by which a logger is changed, and nothing above it."""

_OF_NEW = frozenset({"addFilter", "setFormatter", "setLevel"})
"""Attributes by which a handler is changed that was just made."""


class Apart:
    """The places of a module that change loggers of certain names only, and those names."""

    def __init__(self, scope: ModuleScope) -> None:
        self.names: set[str] = set()
        self.nodes: set[ast.AST] = set()
        self._scope = scope
        self._bound: list[Mapping[str, Sequence[ast.AST]]] = [scope.bindings]
        self._loose = set(_bound_elsewhere(scope.tree))
        self._made: dict[ast.AST, ast.expr] = {}
        self._gone_through: dict[ast.AST, ast.expr] = {}
        for node in ast.walk(scope.tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    self._made |= dict.fromkeys(targets, value)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._made[target] = value
                case ast.For(target=target, iter=items):
                    self._gone_through[target] = items
        if "*" not in scope.bindings:
            self._visit(scope.tree, False)

    def _visit(self, node: ast.AST, in_class: bool) -> None:
        if isinstance(node, Function):
            self._bound.append(bindings(node))
        if isinstance(node, ast.Attribute) and not in_class:
            self._look(node)
        for child in ast.iter_child_nodes(node):
            # what a class binds only its own statements see
            within = isinstance(node, ast.ClassDef) or (in_class and not isinstance(node, Function))
            self._visit(child, within)
        if isinstance(node, Function):
            self._bound.pop()

    def _look(self, node: ast.Attribute) -> None:
        of = self._single(node.value)
        called = self._library(of.func) if isinstance(of, ast.Call) else None
        if not isinstance(of, ast.Call) or called is None:
            return
        if called == "logging.getLogger" and node.attr in _OF_ONE:
            names = set(self._names(of))
            if names and "root" not in names:
                self.nodes.add(node)
                self.names |= names
        elif (
            called.endswith("Handler") and node.attr in _OF_NEW and not self._of_module(node.value)
        ):
            self.nodes.add(node)

    def _single(self, node: ast.expr) -> ast.expr | None:
        """An expression; what a name is bound to, if nothing else is."""
        if not isinstance(node, ast.Name):
            return node
        binding = self._binding(node.id)
        return self._made.get(binding) if isinstance(binding, ast.expr) else None

    def _binding(self, name: str) -> ast.AST | None:
        bound = self._bindings(name)
        return bound[0] if len(bound) == 1 else None

    def _of_module(self, node: ast.expr) -> bool:
        """Whether an expression is a name of the module, which other functions see."""
        within = any(isinstance(node, ast.Name) and node.id in bound for bound in self._bound[1:])
        return isinstance(node, ast.Name) and not within

    def _bindings(self, name: str) -> Sequence[ast.AST]:
        """All that binds a name where it is looked up; nothing where more may."""
        if name in self._loose:
            return []
        return next((bound[name] for bound in reversed(self._bound) if name in bound), [])

    def _names(self, node: ast.Call) -> Iterator[str]:
        """The names of the loggers that a call may give; none where they are not known."""
        match node:
            case ast.Call(args=[ast.Constant(value=str(name))], keywords=[]):
                yield name or "root"
            case ast.Call(args=[ast.Name(id="__name__")], keywords=[]):
                yield self._scope.name
            case ast.Call(args=[ast.Name(id=one)], keywords=[]):
                binding = self._binding(one)
                match self._gone_through.get(binding) if isinstance(binding, ast.expr) else None:
                    case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                        texts = [x.value for x in items if isinstance(x, ast.Constant)]
                        if len(texts) == len(items) and all(isinstance(x, str) for x in texts):
                            yield from (str(text) or "root" for text in texts)

    def _library(self, node: ast.expr) -> str | None:
        """The qualified name of something of `logging`, however it was imported."""
        if isinstance(node, ast.Attribute):
            of = self._library(node.value)
            return None if of is None else f"{of}.{node.attr}"
        if not isinstance(node, ast.Name):
            return None
        found = {self._scope.imported(item, node.id) for item in self._bindings(node.id)}
        [name] = found if len(found) == 1 else [None]
        return name if name is not None and name.split(".")[0] == "logging" else None


def _bound_elsewhere(tree: ast.Module) -> Iterator[str]:
    """The names that something else may bind than the statements of their own scope."""
    for node in ast.walk(tree):
        match node:
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
            case ast.comprehension(target=target):
                yield from (x.id for x in ast.walk(target) if isinstance(x, ast.Name))
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
