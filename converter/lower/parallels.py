"""Chains that begin with a dict: each of its values is made of what the chain is given."""

import ast
import copy

from langferry.converter.lower.builtin_calls import typeless
from langferry.converter.lower.chains import CHAIN, Chains
from langferry.converter.lower.method_calls import is_simple
from langferry.model import ir

_PASSING = tuple(
    f"{place}.RunnablePassthrough"
    for place in (
        *("langchain_core.runnables", "langchain_core.runnables.passthrough"),
        *("langchain.schema.runnable", "langchain.schema.runnable.passthrough"),
    )
)
_PARALLEL = tuple(
    f"{place}.RunnableParallel"
    for place in (
        "langchain_core.runnables",
        "langchain_core.runnables.base",
        "langchain.runnables",
    )
)
_ASKING = ("invoke", "ainvoke")


class Parallels(Chains):
    """Lowers `({"a": lambda x: ..., "b": RunnablePassthrough()} | prompt | model).invoke(given)`."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self._parallel: dict[str, ast.BinOp] = {}

    def is_parallel_made(self, node: ast.Assign) -> bool:
        """Whether an assignment only names such a chain, which is made where it is asked."""
        match node.targets, node.value:
            case [ast.Name(id=name) as target], ast.BinOp() as chain:
                if self._first_of(chain) is None or self.bound.get(name) != [target]:
                    return False
                if any(len(self.bound.get(x, ())) > 1 for x in _names(self._rest_of(chain))):
                    return False
                self._parallel[name] = chain
                self.assigned.add(name)
                return True
        return False

    def ask_parallel(self, node: ast.Call) -> ir.Expr | None:
        """A call of `invoke` of such a chain; None for any other."""
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr not in _ASKING:
            return None
        of = func.value
        chain = self._parallel.get(of.id) if isinstance(of, ast.Name) else of
        first = self._first_of(chain) if isinstance(chain, ast.BinOp) else None
        if first is None or not isinstance(chain, ast.BinOp):
            return None
        args, keywords = self.without_config(node)
        if len(args) != 1 or keywords or not is_simple(_plain_of(args[0])):
            raise self.refuse("LF303", "this form of asking a chain is not native", node)
        given = [self._made_for(key, value, args[0], node) for key, value in first]
        made = ast.Dict([key for key, _ in given], [value for _, value in given])
        asked = ast.Attribute(self._rest_of(chain), func.attr, ast.Load())
        call = typeless(ast.Call(typeless(asked, node), [typeless(made, node)], []), node)
        if self._awaited is node:
            self._awaited = call
        return self.call(call, None)

    def _made_for(
        self, key: ast.expr, value: ast.expr, given: ast.expr, node: ast.Call
    ) -> tuple[ast.expr, ast.expr]:
        """A key, and what a value of the dict makes of what the chain is given."""
        match value:
            case ast.Lambda(args=ast.arguments(args=[item], defaults=[], vararg=None, kwarg=None)):
                if _bound_within(value.body) & {item.arg, *_names(given)}:
                    raise self.refuse("LF302", "a name with two meanings in a chain", value)
                return key, _Given(item.arg, given).visit(copy.deepcopy(value.body))
            case ast.Call(func=func, args=[], keywords=[]) if self.resolve(func) in _PASSING:
                return key, given
            case ast.Call(func=func, args=[item], keywords=[]) if (
                self.resolve(func) == "operator.itemgetter"
            ):
                return key, typeless(ast.Subscript(given, item, ast.Load()), node)
            case ast.Name() if self.definition(value) is not None:
                return key, typeless(ast.Call(value, [given], []), node)
        if self.expr(value).type != CHAIN:
            raise self.refuse("LF302", f"`{ast.unparse(value)}` in a chain is not native", value)
        asked = typeless(ast.Attribute(value, "invoke", ast.Load()), node)
        return key, typeless(ast.Call(asked, [given], []), node)

    def _first_of(self, chain: ast.BinOp) -> list[tuple[ast.expr, ast.expr]] | None:
        """The keys and values of the dict that a chain begins with."""
        first: ast.expr = chain
        while isinstance(first, ast.BinOp) and isinstance(first.op, ast.BitOr):
            first = first.left
        match first:
            case ast.Dict(keys=keys, values=values):
                found = list(zip(keys, values, strict=True))
            case ast.Call(func=func, args=[ast.Dict(keys=keys, values=values)], keywords=[]) if (
                self.resolve(func) in _PARALLEL
            ):
                found = list(zip(keys, values, strict=True))
            case ast.Call(func=func, args=[], keywords=named) if self.resolve(func) in _PARALLEL:
                found = [(ast.copy_location(ast.Constant(x.arg), x.value), x.value) for x in named]
            case _:
                return None
        kept = [
            (k, v) for k, v in found if isinstance(k, ast.Constant) and isinstance(k.value, str)
        ]
        # a dict of plain values, joined with another, is no chain
        is_chain = any(self._is_link(value) for _, value in kept)
        return list(kept) if len(kept) == len(found) and is_chain else None

    def _is_link(self, node: ast.expr) -> bool:
        match node:
            case ast.Lambda():
                return True
            case ast.Call(func=func):
                return self.resolve(func) in (*_PASSING, "operator.itemgetter")
        return False

    def _rest_of(self, chain: ast.BinOp) -> ast.expr:
        """A chain without what it begins with."""
        if not isinstance(chain.left, ast.BinOp):
            return chain.right
        left = self._rest_of(chain.left)
        return typeless(ast.BinOp(left, ast.BitOr(), chain.right), chain)


def _plain_of(node: ast.expr) -> ast.expr:
    """What is looked at once or more to the same end; an item of the state is as good as a name."""
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        node = node.value
    return ast.Constant(None) if isinstance(node, ast.Dict) and not node.keys else node


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _bound_within(node: ast.expr) -> set[str]:
    """The names that parts of an expression bind."""
    parts = list(ast.walk(node))
    stored = {x.id for x in parts if isinstance(x, ast.Name) and not isinstance(x.ctx, ast.Load)}
    return stored | {x.arg for x in parts if isinstance(x, ast.arg)}


class _Given(ast.NodeTransformer):
    """Puts what a chain is given in the place of a lambda's parameter."""

    def __init__(self, name: str, given: ast.expr) -> None:
        self._name, self._given = name, given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The parameter, or any other name."""
        if node.id != self._name:
            return node
        return typeless(copy.deepcopy(self._given), node)
