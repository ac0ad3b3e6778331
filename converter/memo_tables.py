"""Functions that keep what they make in a variable of their module, without what they keep it in.

A function that looks into a table, makes what it does not find there, and keeps it, gives what it would give
if it made it each time, unless it shows how often that is done. Who lowers it has to see to that; here the
table goes out of its body, and it is made sure that nothing else has to do with it.
"""

import ast
import copy
from collections.abc import Iterable, Iterator, Sequence
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


class _NoMemo(Exception):
    """The variable is used in another way."""


def without_memos(tree: ast.Module) -> WithoutMemos:
    """The module, with what functions keep in its variables made anew each time."""
    kept_in: dict[ast.AST, str] = {}
    body = list(tree.body)
    for name, is_table in _variables(tree.body):
        users = [
            at for at, item in enumerate(body) if not _binds(item, name) and mentions(item, name)
        ]
        function = body[users[0]] if len(users) == 1 else None
        if not isinstance(function, Definition) or function in kept_in:
            continue
        try:
            made = _Memo(function, name, is_table).without()
        except _NoMemo:
            continue
        body[users[0]] = made
        kept_in[made] = name
    if not kept_in:
        return WithoutMemos(tree, {})
    return WithoutMemos(ast.Module(body, tree.type_ignores), kept_in)


def _variables(body: Iterable[ast.stmt]) -> Iterator[tuple[str, bool]]:
    """What a module binds to an empty dict, and what it binds to None; true for the first."""
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
                yield name, True
            case ast.Constant(value=None):
                yield name, False


def _binds(item: ast.stmt, name: str) -> bool:
    targets = item.targets if isinstance(item, ast.Assign) else [getattr(item, "target", None)]
    return isinstance(item, ast.Assign | ast.AnnAssign) and any(
        isinstance(target, ast.Name) and target.id == name for target in targets
    )


def mentions(item: ast.AST, name: str) -> bool:
    """Whether `name` occurs in it, as a variable or as what `__all__` or `getattr` could be given."""
    for node in ast.walk(item):
        match node:
            case ast.Name(id=found) | ast.arg(arg=found) | ast.Constant(value=found):
                if found == name:
                    return True
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                if name in names:
                    return True
            case ast.alias(name=found, asname=as_name):
                if name in (found, as_name):
                    return True
    return False


class _Memo:
    """One function, and the variable that it keeps its results in."""

    def __init__(self, function: Definition, name: str, is_table: bool) -> None:
        self._function = copy.deepcopy(function)
        self._name = name
        self._is_table = is_table
        given = function.args
        self._parameters = {x.arg for x in [*given.posonlyargs, *given.args, *given.kwonlyargs]}
        self._key = self._found_key() if is_table else None
        self._kept: list[ast.Name] = []
        """Where the result stands in the table, which is a local then."""

    def without(self) -> Definition:
        """The function without the variable, which is a local where it holds what has been made.

        Raises:
            _NoMemo: it does something else with the variable.
        """
        function = self._function
        inner = ast.Lambda | ast.ClassDef | Definition
        if any(isinstance(x, inner) for item in function.body for x in ast.walk(item)):
            raise _NoMemo
        function.body = self._block(function.body)
        names = [x for item in function.body for x in ast.walk(item) if isinstance(x, ast.Name)]
        if self._is_table and any(x.id == self._name and x not in self._kept for x in names):
            raise _NoMemo
        if self._is_table and not any(isinstance(x.ctx, ast.Load) for x in self._kept):
            function.body = [_Unkept(self._name).visit(item) for item in function.body]
        used = {x.id for x in names}
        told_by = set() if self._key is None else _read([self._key])
        # what else it is given would count the first time only
        if self._parameters & used - told_by or self._name not in used:
            raise _NoMemo
        return function

    def _found_key(self) -> ast.expr:
        """What results are kept under, which tells all calls apart that could differ."""
        found: dict[str, ast.expr] = {}
        for node in ast.walk(self._function):
            if isinstance(node, ast.Subscript) and _is_name(node.value, self._name):
                found[ast.dump(node.slice)] = node.slice
        bound = {
            x.id
            for x in ast.walk(self._function)
            if isinstance(x, ast.Name) and not isinstance(x.ctx, ast.Load)
        }
        if len(found) != 1:
            raise _NoMemo
        (key,) = found.values()
        parts = key.elts if isinstance(key, ast.Tuple) else [key]
        for part in parts:
            match part:
                case ast.Constant(value=str()):
                    continue
                case ast.Name(id=name) if name in self._parameters - bound:
                    continue
            raise _NoMemo
        return key

    def _block(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        rest = list(body)
        while rest:
            item = rest.pop(0)
            if rest and self._is_looked_up(item, rest[0]):
                rest.pop(0)
                continue
            found.extend(self._statement(item))
        if body and not found:
            found.append(ast.copy_location(ast.Pass(), body[0]))
        return found

    def _gives_kept(self, body: Sequence[ast.stmt]) -> bool:
        """Whether a block gives what is kept, and shows in no other way that it is."""
        match body:
            case [ast.Return(value=ast.Subscript(value=table))] if self._is_table:
                return _is_name(table, self._name)
            case [ast.Return(value=ast.Name(id=name))] if not self._is_table:
                return name == self._name
        return False

    def _is_looked_up(self, item: ast.stmt, after: ast.stmt) -> bool:
        """Whether the two look into the table, and give what they find there."""
        match item, after:
            case (
                ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Call(
                        func=ast.Attribute(value=table, attr="get"), args=[key], keywords=[]
                    ),
                ),
                ast.If(test=test, body=[ast.Return(value=ast.Name(id=given))], orelse=[]),
            ) if self._key is not None and _is_name(table, self._name):
                is_set = isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot)
                tested = test.left if isinstance(test, ast.Compare) and is_set else test
                uses = [x for x in ast.walk(self._function) if _is_name(x, name)]
                if (
                    ast.dump(key) != ast.dump(self._key)
                    or given != name
                    or not _is_name(tested, name)
                    or len(uses) != 3
                ):
                    raise _NoMemo
                return True
        return False

    def _statement(self, item: ast.stmt) -> list[ast.stmt]:
        match item:
            case ast.Global(names=names) if self._name in names:
                if self._is_table or len(names) > 1:
                    raise _NoMemo
                return []
            case ast.If(test=test) if (sure := self._truth(test)) is not None:
                chosen, left = (item.body, item.orelse) if sure else (item.orelse, item.body)
                if left and not self._gives_kept(left):
                    raise _NoMemo
                return self._block(chosen) if chosen else []
        for field, value in ast.iter_fields(item):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(item, field, self._block(value))
            elif field == "handlers":
                for handler in value:
                    handler.body = self._block(handler.body)
        return [_Local(self._name, self._kept).visit(item) if self._is_table else item]

    def _truth(self, test: ast.expr) -> bool | None:
        """What a test for what is kept gives where nothing is kept; None for any other test."""
        match test:
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as op], comparators=[table]):
                if self._key is not None and _is_name(table, self._name):
                    if ast.dump(left) != ast.dump(self._key):
                        raise _NoMemo
                    return isinstance(op, ast.NotIn)
            case ast.Compare(
                left=left,
                ops=[ast.Is() | ast.IsNot() as op],
                comparators=[ast.Constant(value=None)],
            ):
                if not self._is_table and _is_name(left, self._name):
                    return isinstance(op, ast.Is)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                if not self._is_table and _is_name(operand, self._name):
                    return True
            case ast.Name(id=name):
                if not self._is_table and name == self._name:
                    return False
        return None


class _Local(ast.NodeTransformer):
    """Takes an item of the table for a local."""

    def __init__(self, name: str, kept: list[ast.Name]) -> None:
        self._name = name
        self._kept = kept

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """What is kept under the only key there is."""
        if not _is_name(node.value, self._name):
            return self.generic_visit(node)
        self._kept.append(ast.copy_location(ast.Name(self._name, node.ctx), node))
        return self._kept[-1]


class _Unkept(ast.NodeTransformer):
    """Leaves out that what has a name already is kept, where nothing asks for it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """A statement that may keep something."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name()) if name == self._name:
                return ast.copy_location(ast.Pass(), node)
        return node


def _read(nodes: Iterable[ast.expr]) -> set[str]:
    return {x.id for node in nodes for x in ast.walk(node) if isinstance(x, ast.Name)}


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
