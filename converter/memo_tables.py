"""Functions that keep what they make in a variable of their module, without what they keep it in.

A function that looks into a table, makes what it does not find there, and keeps it, gives what it would give
if it made it each time, unless it shows how often that is done. Who lowers it has to see to that; here the
table goes out of its body, and it is made sure that nothing else has to do with it.
"""

import ast
import copy
from collections.abc import Iterable, Iterator
from typing import NamedTuple

Definition = ast.FunctionDef | ast.AsyncFunctionDef


class WithoutMemos(NamedTuple):
    """A module whose functions always make what they give.

    Attributes:
        tree: the module; functions that keep nothing are the nodes that were given.
        kept_in: the name that each function kept its results in, by the new function.
    """

    tree: ast.Module
    kept_in: dict[ast.AST, str]


def without_memos(tree: ast.Module) -> WithoutMemos:
    """The module, with what functions keep in its variables made anew each time."""
    kept_in: dict[ast.AST, str] = {}
    body, variables = list(tree.body), list(_variables(tree.body))
    mentioned = [_mentioned(item) for item in body] if variables else []
    for statement, name, is_table in variables:
        places = zip(body, mentioned, strict=True)
        users = [
            at
            for at, (x, names) in enumerate(places)
            if x is not statement and name in names and not _forgets(x, name, is_table)
        ]
        function = body[users[0]] if len(users) == 1 else None
        if not isinstance(function, Definition) or function in kept_in:
            continue
        made = _Memo(function, name, is_table).without()
        if made is not None:
            body[users[0]] = made
            kept_in[made] = name
    if not kept_in:
        return WithoutMemos(tree, {})
    return WithoutMemos(ast.Module(body, tree.type_ignores), kept_in)


def _variables(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, str, bool]]:
    """The statements that bind a name to an empty dict, or to None; true for the first."""
    for item in body:
        match item:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        match value:
            case ast.Dict(keys=[]) | ast.Call(func=ast.Name(id="dict"), args=[], keywords=[]):
                yield item, name, True
            case ast.Constant(value=None):
                yield item, name, False


def _forgets(item: ast.stmt, name: str, is_table: bool) -> bool:
    """Whether it is a function that does nothing but have all that is kept made once more."""
    if not isinstance(item, ast.FunctionDef) or item.decorator_list or item.args.defaults:
        return False
    body = item.body[1:] if ast.get_docstring(item) is not None else item.body
    match body:
        case [ast.Global(names=[told]), ast.Assign(targets=[ast.Name(id=bound)], value=value)]:
            empty = isinstance(value, ast.Dict) and not value.keys
            nothing = isinstance(value, ast.Constant) and value.value is None
            return told == bound == name and (empty if is_table else nothing)
        case [
            ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=table), attr="clear"),
                    args=[],
                    keywords=[],
                )
            )
        ]:
            return is_table and table == name
    return False


def mentions(item: ast.AST, name: str) -> bool:
    """Whether `name` occurs in it: as a variable, an attribute, or a text that could be asked for."""
    return name in _mentioned(item)


def _mentioned(item: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(item):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.Constant(value=str(name)) if name.isidentifier():
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.alias(name=name, asname=as_name):
                found |= {name, as_name or name}
    return found


class _Memo:
    """One function, and the variable that it may keep its result in.

    It must be one of two forms. Either it begins by giving what is kept, if there is that, and ends by keeping
    what it gives; or it keeps what it makes where nothing is kept, and then gives what is kept. In all of it
    that lies between it has nothing to do with the variable, and does not return.
    """

    def __init__(self, function: Definition, name: str, is_table: bool) -> None:
        self._function = copy.deepcopy(function)
        self._name = name
        self._is_table = is_table
        self._key = self._found_key() if is_table else None

    def without(self) -> Definition | None:
        """The function without the variable; None where it is none of the forms."""
        function, body = self._function, list(self._function.body)
        if self._is_table and self._key is None:
            return None
        head = body[:1] if isinstance(body[0], ast.Expr) and ast.get_docstring(function) else []
        body = body[len(head) :]
        match body:
            case [ast.Global(names=[name]), *_] if name == self._name and not self._is_table:
                body = body[1:]
            case _ if not self._is_table:
                return None
        made = self._given_at_once(body) or self._made_where_lacking(body)
        if made is None or any(map(self._has_to_do, made[:-1])):
            return None
        for item in made[:-1]:
            for part in ast.walk(item):
                if isinstance(part, ast.Return | ast.Lambda | ast.ClassDef | Definition):
                    return None
        # what else it is given would count the first time only
        told_by = set() if self._key is None else _read(self._key)
        if self._parameters() & set().union(*map(_read, made)) - told_by:
            return None
        function.body = [*head, *made]
        return function

    def _given_at_once(self, body: list[ast.stmt]) -> list[ast.stmt] | None:
        """`if kind in table: return table[kind]`, and at the end `table[kind] = made` and `return made`."""
        match body:
            case [ast.If(test=test, body=[found], orelse=[]), *rest] if self._truth(
                test
            ) is False and self._gives_kept(found):
                pass
            case [
                ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Call(
                        func=ast.Attribute(value=table, attr="get"), args=[key], keywords=[]
                    ),
                ),
                ast.If(test=test, body=[ast.Return(value=given)], orelse=[]),
                *rest,
            ] if (
                self._is_kept(ast.Subscript(table, key, ast.Load()))
                and _is_name(given, name)
                and _is_set(test, name)
                and not any(name in _read(x) for x in rest)
            ):
                pass
            case _:
                return None
        match rest:
            case [*making, keeping, ast.Return(value=ast.expr() as given) as end]:
                value = self._keeps(keeping)
                if value is None or not (
                    self._is_kept(given)
                    or (isinstance(value, ast.Name) and _is_name(given, value.id))
                ):
                    return None
                return [*making, ast.copy_location(ast.Return(value), end)]
        return None

    def _made_where_lacking(self, body: list[ast.stmt]) -> list[ast.stmt] | None:
        """`if kind not in table:`, at the end of which `table[kind] = made`, and `return table[kind]`."""
        match body:
            case [ast.If(test=test, body=[*making, keeping], orelse=[]), ast.Return() as end] if (
                self._truth(test) is True and self._gives_kept(end)
            ):
                value = self._keeps(keeping)
                if value is not None:
                    return [*making, ast.copy_location(ast.Return(value), end)]
        return None

    def _parameters(self) -> set[str]:
        given = self._function.args
        variable = [x for x in (given.vararg, given.kwarg) if x is not None]
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *variable]
        return {item.arg for item in every}

    def _found_key(self) -> ast.expr | None:
        """What results are kept under, if it tells all calls apart that could differ."""
        found: dict[str, ast.expr] = {}
        bound: set[str] = set()
        for node in ast.walk(self._function):
            if isinstance(node, ast.Subscript) and _is_name(node.value, self._name):
                found[ast.dump(node.slice)] = node.slice
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
        if len(found) != 1:
            return None
        (key,) = found.values()
        for part in key.elts if isinstance(key, ast.Tuple) else [key]:
            match part:
                case ast.Constant(value=str()):
                    continue
                case ast.Name(id=name) if name in self._parameters() - bound:
                    continue
            return None
        return key

    def _has_to_do(self, item: ast.AST) -> bool:
        return mentions(item, self._name)

    def _is_kept(self, node: ast.AST | None) -> bool:
        """Whether it is what is kept, as an expression."""
        if not self._is_table:
            return _is_name(node, self._name)
        return (
            isinstance(node, ast.Subscript)
            and _is_name(node.value, self._name)
            and self._key is not None
            and ast.dump(node.slice) == ast.dump(self._key)
        )

    def _gives_kept(self, item: ast.stmt) -> bool:
        return isinstance(item, ast.Return) and self._is_kept(item.value)

    def _keeps(self, item: ast.stmt) -> ast.expr | None:
        """What a statement keeps, if that is all it does."""
        match item:
            case ast.Assign(targets=[target], value=value):
                if self._is_kept(target) and not self._has_to_do(value):
                    return value
        return None

    def _truth(self, test: ast.expr) -> bool | None:
        """What a test for what is kept gives where nothing is kept; None for any other test."""
        match test:
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op], comparators=[table]):
                if self._is_kept(ast.Subscript(table, left, ast.Load())):
                    return isinstance(op, ast.NotIn)
            case ast.Compare(
                left=left,
                ops=[ast.Is() | ast.IsNot() as op],
                comparators=[ast.Constant(value=None)],
            ) if not self._is_table and _is_name(left, self._name):
                return isinstance(op, ast.Is)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
                return True if not self._is_table and name == self._name else None
            case ast.Name(id=name):
                return False if not self._is_table and name == self._name else None
        return None


def _is_set(test: ast.expr, name: str) -> bool:
    """Whether a test asks if there is something under the name."""
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return _is_name(left, name)
    return _is_name(test, name)


def _read(node: ast.AST) -> set[str]:
    return {x.id for x in ast.walk(node) if isinstance(x, ast.Name)}


def _is_name(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
