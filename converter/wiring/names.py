"""Which names a piece of syntax binds, reads and declares, by Python's scoping rules."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_INNER = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


_Node = TypeVar("_Node", bound=ast.AST)
_Found = TypeVar("_Found")


def _remembered(find: Callable[[_Node], _Found]) -> Callable[[_Node], _Found]:
    """`find`, asked once a node: trees are never changed, and are asked often."""
    known: WeakKeyDictionary[_Node, _Found] = WeakKeyDictionary()

    @wraps(find)
    def recall(node: _Node) -> _Found:
        if node not in known:
            known[node] = find(node)
        return known[node]

    return recall


def _children(node: ast.AST) -> list[ast.AST]:
    """What `ast.iter_child_nodes` gives, in half the time."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


def own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes below `nodes` that belong to the same scope, inner definitions' heads included."""
    pending = list(nodes)
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, _INNER):
            pending.extend(_head(node))
        else:
            pending.extend(_children(node))


@_remembered
def yields(node: FunctionNode) -> bool:
    """Whether the function is a generator."""
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    return any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own_nodes(body))


@_remembered
def declared(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[frozenset[str], frozenset[str]]:
    """The names a function declares `global`, and those it declares `nonlocal`."""
    found: dict[type, set[str]] = {ast.Global: set(), ast.Nonlocal: set()}
    for item in own_nodes(node.body):
        if isinstance(item, ast.Global | ast.Nonlocal):
            found[type(item)].update(item.names)
    return frozenset(found[ast.Global]), frozenset(found[ast.Nonlocal])


def bound(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that statements bind in their own scope (comprehensions have scopes of theirs)."""
    return set().union(*map(_bound_by, nodes))


@_remembered
def _bound_by(statement: ast.AST) -> frozenset[str]:
    found: set[str] = set()
    pending = [statement]
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
                pending.extend(_head(node))
                continue
            case ast.ClassDef(name=name):
                found.add(name)
                pending.extend(_head(node))
                continue
            case ast.Lambda():
                pending.extend(_head(node))
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                # only walrus targets escape from a comprehension
                found.update(
                    item.target.id for item in ast.walk(node) if isinstance(item, ast.NamedExpr)
                )
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Import() | ast.ImportFrom():
                found.update(item.asname or item.name.split(".")[0] for item in node.names)
            case ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
        pending.extend(_children(node))
    return frozenset(found)


def parameters(node: FunctionNode) -> list[ast.arg]:
    """All parameters, in order."""
    arguments = node.args
    starred = [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


@_remembered
def free(node: ast.AST) -> frozenset[str]:
    """The names that `node` reads from outside of itself, now or when it is called."""
    return frozenset(_free(node))


def _free(node: ast.AST) -> set[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            body = [node.body] if isinstance(node, ast.Lambda) else node.body
            local = bound(body) | {item.arg for item in parameters(node)}
            if not isinstance(node, ast.Lambda):
                outer = declared(node)
                local -= outer[0] | outer[1]
            return _free_of(body) - local | _free_of(_head(node))
        case ast.ClassDef():
            # a class body reads its own names first, but may read outer ones of the same name; what it only
            # binds (the field `messages`) has nothing to do with what the module calls so
            return _free_of(node.body) | _free_of(_head(node))
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            targets = bound([item.target for item in node.generators])
            return _free_of(_children(node)) - targets | _free_of([node.generators[0].iter])
    return _free_of([node])


def _free_of(nodes: Iterable[ast.AST]) -> set[str]:
    found: set[str] = set()
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, _INNER | _COMPREHENSIONS):
            found |= free(node)
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Store):
                found.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            continue
        else:
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
            pending.extend(_children(node))
    return found


def _head(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.Lambda(args=arguments):
            return _defaults(arguments)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            annotations = [item.annotation for item in parameters(node)]
            return [
                *node.decorator_list,
                *_defaults(node.args),
                *(item for item in (*annotations, node.returns) if item is not None),
            ]
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases, *(item.value for item in node.keywords)]
    return []


def _defaults(arguments: ast.arguments) -> list[ast.AST]:
    return [*arguments.defaults, *(item for item in arguments.kw_defaults if item is not None)]
