"""Locals that a condition may leave without a value, where the next statement begins by reading them."""

import ast
import copy
from collections.abc import Callable, Sequence

from langferry.converter.module_scope import leaves

Known = Callable[[str], bool]
"""Whether a name has a value for certain, or is none of the function's own."""


def read_first(after: ast.stmt, known: Known) -> ast.Name | None:
    """The name that a statement reads before it does anything else; it may have no value."""
    match after:
        case ast.Assign(value=node) | ast.Expr(value=node) | ast.If(test=node) | ast.For(iter=node):
            return _read(node, known)
        case ast.AnnAssign(value=node) | ast.Return(value=node) if node is not None:
            return _read(node, known)
        case ast.AugAssign(target=ast.Name() as node) if not known(node.id):
            return node
    return None


def raising_where_unbound(node: ast.If, read: ast.Name) -> ast.If | None:
    """`node`, ending in what the read raises wherever it leaves the name without a value.

    None where that is not certain, or never so. Before `node` the name has to be without a value.
    """
    if _binds(node.test, read.id):
        return None
    told = f"cannot access local variable {read.id!r} where it is not associated with a value"
    body = _ending(node.body, read.id, told, node)
    orelse = _ending(node.orelse, read.id, told, node)
    if body is None or orelse is None or (body, orelse) == (node.body, node.orelse):
        return None
    raising = copy.copy(node)
    raising.body, raising.orelse = list(body), list(orelse)
    return raising


def _read(node: ast.expr, known: Known) -> ast.Name | None:
    """The name that is read first, before anything is called, taken out of something or shown."""
    found, _ = _looked_at(node, known)
    return found


def _looked_at(node: ast.expr, known: Known) -> tuple[ast.Name | None, bool]:
    """The name that is read first, and whether evaluating the rest does nothing."""
    match node:
        case ast.Constant():
            return None, True
        case ast.Name(id=name):
            return (None, True) if known(name) else (node, False)
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            return _first(parts, known)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return _first([x for pair in zip(keys, values, strict=True) for x in pair if x], known)
        case (
            ast.Attribute(value=of)
            | ast.UnaryOp(operand=of)
            | ast.Await(value=of)
            | ast.FormattedValue(value=of)
            | ast.BoolOp(values=[of, *_])
            | ast.IfExp(test=of)
            | ast.Call(func=ast.Attribute(value=of))
        ):
            begun = [of]
        case ast.Subscript(value=of, slice=index) if not isinstance(index, ast.Slice):
            begun = [of, index]
        case ast.BinOp(left=of, right=other) | ast.Compare(left=of, comparators=[other, *_]):
            begun = [of, other]
        case ast.Call(func=ast.Name() as func, args=args, keywords=keywords):
            begun = [func, *args, *(item.value for item in keywords)]
        case _:
            begun = []
    return _first(begun, known)[0], False


def _first(nodes: Sequence[ast.expr], known: Known) -> tuple[ast.Name | None, bool]:
    for node in nodes:
        found, is_quiet = _looked_at(node, known)
        if found is not None or not is_quiet:
            return found, False
    return None, True


def _ending(
    nodes: Sequence[ast.stmt], name: str, told: str, at: ast.stmt
) -> Sequence[ast.stmt] | None:
    """A block that raises where it would end without having bound the name; None where that is not certain."""
    if _bound_after(nodes, name):
        return nodes
    binding = [node for node in nodes if _binds(node, name)]
    if not binding:
        call = ast.Call(ast.Name("UnboundLocalError", ast.Load()), [ast.Constant(told)], [])
        failure = ast.Raise(call, None)
        for part in ast.walk(failure):
            if isinstance(part, ast.expr | ast.stmt):
                ast.copy_location(part, nodes[-1] if nodes else at)
        return [*nodes, failure]
    last = nodes[-1]
    if binding != [last] or not isinstance(last, ast.If):
        return None
    ended = raising_where_unbound(last, ast.copy_location(ast.Name(name, ast.Load()), last))
    return None if ended is None else [*nodes[:-1], ended]


def _binds(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load)
        for part in ast.walk(node)
    )


def _surely_binds(node: ast.stmt, name: str) -> bool:
    """Whether the name has a value wherever the statement ends and does not leave."""
    match node:
        case ast.Assign(targets=targets):
            return any(isinstance(x, ast.Name) and x.id == name for x in targets)
        case ast.AnnAssign(target=ast.Name(id=target), value=value):
            return target == name and value is not None
        case ast.If(body=body, orelse=orelse):
            return all(_bound_after(block, name) for block in (body, orelse))
        case ast.Try(body=body, handlers=handlers, orelse=[], finalbody=[]):
            blocks = [body, *(handler.body for handler in handlers)]
            return all(_bound_after(block, name) for block in blocks)
    return False


def _bound_after(nodes: Sequence[ast.stmt], name: str) -> bool:
    return leaves(nodes) or any(_surely_binds(node, name) for node in nodes)
