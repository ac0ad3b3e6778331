"""Imports in functions that surely give what they name, where a `try` would catch that they do not.

A module that others import before any graph runs is there by then, with all that its text binds; unless it
needs, in turn, the one whose function imports it: then it may be half run.
"""

import ast
import functools
import sys
from collections.abc import Collection, Iterator, Mapping

from langferry.converter.module_scope import ModuleScope

_LIBRARIES = sys.stdlib_module_names | {
    *("langgraph", "langchain", "langchain_core", "pydantic", "typing_extensions"),
    *("langchain_anthropic", "langchain_groq", "langchain_ollama", "langchain_openai"),
    *("langchain_community", "langchain_tavily", "requests", "rich"),
    *("tavily", "tenacity", "termcolor"),
}
"""What an import in a function brings in without doing more than bind names."""

_Import = ast.Import | ast.ImportFrom


class RunModules:
    """The modules of a program, and which of them have run when its graph does."""

    def __init__(self, scopes: Mapping[str, ModuleScope], entry: ModuleScope | None) -> None:
        self._scopes = scopes
        self._entry = entry
        self._reach: dict[str, frozenset[str]] = {}

    def surely_gives(self, scope: ModuleScope, node: _Import, read: Collection[str]) -> bool:
        """Whether an import in a function of `scope` cannot fail, whose native code has names that it `read`s.

        What native code does with something of a library says that the library has it; what is imported and
        not read may be imported to see whether it is there.
        """
        if isinstance(node, ast.ImportFrom):
            module = scope.absolute(node)
            is_library = not node.level and module.split(".")[0] in _LIBRARIES
            return all(
                (is_library and (alias.asname or alias.name) in read)
                or self._is_named(scope, module, alias.name)
                for alias in node.names
            )
        return all(
            (root in _LIBRARIES and (alias.asname or root) in read)
            or self._is_there(scope, alias.name)
            for alias in node.names
            for root in [alias.name.split(".")[0]]
        )

    def _is_named(self, scope: ModuleScope, module: str, name: str) -> bool:
        if module not in self._scopes:
            return f"{module}.{name}" in self._run
        if not self._is_there(scope, module):
            return False
        is_bound = name in _bound_for_certain(self._scopes[module].tree)
        return is_bound or self._is_there(scope, f"{module}.{name}")

    def _is_there(self, scope: ModuleScope, module: str) -> bool:
        """Whether a module has been imported."""
        own = self._scopes.get(module)
        if own is None:
            # what has a dot may be a name of a module as well
            return "." not in module and module in self._run
        return module in self._run and scope.name not in self._reached(own)

    @functools.cached_property
    def _run(self) -> frozenset[str]:
        """The qualified names of what the entry's module imports when it runs, and the modules that this imports."""
        return frozenset() if self._entry is None else self._reached(self._entry)

    def _reached(self, scope: ModuleScope) -> frozenset[str]:
        """What a module imports when it runs, and what is imported by that."""
        known = self._reach.get(scope.name)
        if known is not None:
            return known
        found: set[str] = set()
        pending, seen = [scope], {scope.name}
        while pending:
            for name in _imported(pending.pop()):
                found.add(name)
                own = self._scopes.get(name)
                if own is not None and name not in seen:
                    seen.add(name)
                    pending.append(own)
        self._reach[scope.name] = frozenset(found)
        return self._reach[scope.name]


def _imported(scope: ModuleScope) -> Iterator[str]:
    """What the imports that a module makes whenever it runs name, with the packages around that."""
    for node in scope.tree.body:
        if isinstance(node, _Import):
            for alias in node.names:
                yield from _with_packages(_target(scope, node, alias))


def _target(scope: ModuleScope, node: _Import, alias: ast.alias) -> str:
    return (
        f"{scope.absolute(node)}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
    )


def _with_packages(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[: end + 1]) for end in range(len(parts))]


def _bound_for_certain(tree: ast.Module) -> set[str]:
    """The names that a module binds whenever it runs, and never takes away."""
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                found.add(name)
            case ast.Import() | ast.ImportFrom():
                found |= {x.asname or x.name.split(".")[0] for x in node.names}
    removed = {
        part.id
        for part in ast.walk(tree)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del)
    }
    return found - removed
