"""Names of modules that functions assign to: what they hold is kept for as long as the program runs.

Only texts, numbers, flags and None, of which nobody can tell whether they are the same object; and only where
it is certain which functions look at the name.
"""

import ast
from collections.abc import Iterable, Iterator

from langferry.converter.module_scope import Function, ModuleScope, only_in_scripts, own_nodes

_REACHING = frozenset({"globals", "setattr", "delattr", "vars", "exec", "eval"})
"""Builtins by which a name of a module may be looked at or set without being named."""

_RUNNING = frozenset(
    {"invoke", "ainvoke", "stream", "astream", "astream_events", "batch", "abatch"}
)
"""Methods that run a graph, and by that any of its functions."""

_PLAIN = (str, int, float, bool, type(None))


def initial(scopes: Iterable[ModuleScope], scope: ModuleScope, name: str) -> ast.Constant | None:
    """What a name holds before a function assigns to it; None where it is not certain that only functions do."""
    value = _written(scope, name)
    others = [x for x in scopes if x is not scope]
    if value is None or any(_may_reach(x, name) for x in others) or _reaches_by_text(scope, name):
        return None
    setting = list(assigning(scope, name))
    declared = [x for x in scope.nodes if isinstance(x, ast.Global) and name in x.names]
    found = sum(1 for x in setting for node in own_nodes(x) if node in declared)
    if found != len(declared) or not all(_only_assigns(x, name) for x in setting):
        return None
    looking = [x for x in scope.nodes if isinstance(x, Function) and _names(x, name)]
    # what a module makes of it stays as it was then
    if _is_run_by_modules([scope, *others], [*setting, *looking]):
        return None
    return value


def _names(function: Function, name: str) -> bool:
    return any(isinstance(x, ast.Name) and x.id == name for x in own_nodes(function))


def kind(scope: ModuleScope, name: str, first: ast.Constant) -> type | None:
    """The one type of all that a name ever holds, where it is only assigned constants and counted up."""
    found = type(first.value)
    given: list[ast.expr] = [first]
    for function in assigning(scope, name):
        for node in own_nodes(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                    given.append(value)
                case ast.AugAssign(target=ast.Name(id=bound), op=op, value=value) if bound == name:
                    counts = isinstance(op, ast.Add) or (
                        found in (int, float) and isinstance(op, ast.Sub | ast.Mult)
                    )
                    if not counts or found is bool:
                        return None
                    given.append(value)
    if all(isinstance(x, ast.Constant) and type(x.value) is found for x in given):
        return found
    return None


def _written(scope: ModuleScope, name: str) -> ast.Constant | None:
    """The constant that the module itself gives the name, once."""
    for statement in scope.tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name() as target], value=ast.Constant(value=value) as given)
                | ast.AnnAssign(
                    target=ast.Name() as target, value=ast.Constant(value=value) as given
                )
            ) if scope.bindings.get(name) == [target]:
                return given if isinstance(value, _PLAIN) else None
    return None


def _may_reach(scope: ModuleScope, name: str) -> bool:
    """Whether another module may look at the name, or take what it holds when that is imported."""
    for node in scope.nodes:
        match node:
            case ast.ImportFrom(names=names) if any(x.name in (name, "*") for x in names):
                return True
            case ast.Attribute(attr=attribute) if attribute == name:
                return True
    return False


def _reaches_by_text(scope: ModuleScope, name: str) -> bool:
    named = (x.id for x in scope.nodes if isinstance(x, ast.Name))
    attributes = (x.attr for x in scope.nodes if isinstance(x, ast.Attribute))
    return not _REACHING.isdisjoint(named) or name in attributes


def assigning(scope: ModuleScope, name: str) -> Iterator[Function]:
    """The functions that assign to a name of their module, or say that they might."""
    for node in scope.nodes:
        if isinstance(node, Function) and declares(node, name):
            yield node


def declares(function: Function, name: str) -> bool:
    """Whether a function says that a name is its module's."""
    return any(isinstance(x, ast.Global) and name in x.names for x in own_nodes(function))


def _only_assigns(function: Function, name: str) -> bool:
    """Whether all that a function does to bind the name is to assign to it alone."""
    assigned: set[ast.expr] = set()
    for node in own_nodes(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=bound) as target]) if bound == name:
                assigned.add(target)
            case ast.AugAssign(target=ast.Name(id=bound) as target) if bound == name:
                assigned.add(target)
    stored = [
        x
        for x in own_nodes(function)
        if isinstance(x, ast.Name) and x.id == name and not isinstance(x.ctx, ast.Load)
    ]
    return all(x in assigned for x in stored)


def _is_run_by_modules(scopes: list[ModuleScope], naming: list[Function]) -> bool:
    """Whether a module, as it is imported, may call what names the name, by whatever function."""
    calling = {x.name for x in naming if not isinstance(x, ast.Lambda)} | _RUNNING
    functions = [
        node
        for scope in scopes
        for node in scope.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    classes = [x for scope in scopes for x in scope.nodes if isinstance(x, ast.ClassDef)]
    before = -1
    while before != len(calling):
        before = len(calling)
        calling |= {x.name for x in functions if not calling.isdisjoint(_called(own_nodes(x)))}
        calling |= {x.name for x in classes if not calling.isdisjoint(_made_by(x))}
    return any(
        not calling.isdisjoint(_called(ast.walk(statement)))
        for scope in scopes
        for statement in scope.tree.body
        if not isinstance(statement, Function) and statement not in only_in_scripts(scope.tree)
    )


def _made_by(definition: ast.ClassDef) -> set[str]:
    """The methods of a class that run where it is called."""
    own = {x.name for x in definition.body if isinstance(x, ast.FunctionDef)}
    return {x for x in own if x.startswith("__")}


def _called(nodes: Iterable[ast.AST]) -> set[str]:
    """The last names of what is called."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                found.add(name)
    return found
