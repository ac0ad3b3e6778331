"""The run's config, which LangGraph gives nodes and routers, and these to functions of the program."""

import ast
import functools
import json
from collections.abc import Collection
from typing import Any

from langferry.converter.lower.names import Names
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.signatures import ANY, CONFIGURABLE
from langferry.converter.module_scope import own_nodes
from langferry.model import ir
from langferry.model import types as t
from langferry.model.constants import Constant

_ENSURING = frozenset(
    {"langchain_core.runnables.ensure_config", "langchain_core.runnables.config.ensure_config"}
)
"""What makes a whole config of a part of one: of a run's, the same."""


_KEYS = frozenset(
    {
        *("tags", "metadata", "callbacks", "run_name", "max_concurrency", "recursion_limit"),
        *("configurable", "run_id"),
    }
)
"""The only keys that the config of a run may have: LangGraph leaves out what else it is invoked with."""


def is_own_key(key: str) -> bool:
    """Whether a key of `configurable` is the program's, and none that LangGraph puts there."""
    return not key.startswith(("__", "checkpoint"))


class RunConfig(Names):
    """Knows the run's config; only what the program is configured with is native."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.config_parameters: frozenset[str] = frozenset()
        """The parameters that are given the run's config."""
        request = self.request
        if request is not None and request.has_config and "config" not in request.constants:
            self.config_parameters = frozenset({"config"})

    def is_config(self, node: ast.expr) -> bool:
        """Whether `node` is the run's config."""
        return self._is_config(node, self.configs)

    def _is_config(self, node: ast.expr, names: Collection[str]) -> bool:
        match node:
            case ast.Name(id=name):
                return name in names and not any(name in inner for inner in self.inner)
            case ast.Call(func=called, args=[given], keywords=[]):
                return self.resolve(called) in _ENSURING and self._is_config(given, names)
            case ast.BoolOp(op=ast.Or(), values=[first, *_]):
                # which is never empty
                return self._is_config(first, names)
        return False

    @functools.cached_property
    def configs(self) -> frozenset[str]:
        """The names that never stand for anything but the run's config in this function."""
        if not self.config_parameters or self.function is None:
            return frozenset()
        given: dict[str, list[ast.expr]] = {name: [] for name in self.config_parameters}
        for part in own_nodes(self.function):
            match part:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in given:
                    given[name].append(value)
        found = set(given)
        while True:
            kept = {
                name
                for name in found
                if len(self.bound[name]) == 1 + len(given[name])
                and all(self._is_config(value, found) for value in given[name])
            }
            if kept == found:
                return frozenset(kept)
            found = kept

    def lacking(self, node: ast.Call) -> ir.Expr | None:
        """What `config.get(key, default)` gives for a key that no config of a run has; None for any other."""
        key = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if not isinstance(key, str) or key in _KEYS or len(node.args) > 2 or node.keywords:
            return None
        if len(node.args) == 1:
            return ir.NoneLit(ANY, self.span(node))
        match node.args[1]:
            case ast.List(elts=[]) | ast.Dict(keys=[]):
                return self.expr(node.args[1])
        default = self.expr(node.args[1])
        # anything else may have another name, by which it is changed
        unchangeable = t.StrType | t.IntType | t.FloatType | t.BoolType | t.NoneType
        return default if isinstance(default.type, unchangeable) else None

    def configurable(self, key: ast.expr, node: ast.expr) -> ir.Expr:
        """`config["configurable"]`; nothing else of the config is native."""
        if not isinstance(key, ast.Constant) or key.value != "configurable":
            raise self.refuse("LF309", "only `configurable` of the config is native", node)
        return ir.Call("langgraph.configurable", (), (), CONFIGURABLE, self.span(node))

    def configured_key(self, node: ast.expr) -> ir.Expr:
        """A key of the program's own in `configurable`, among those LangGraph puts there."""
        texts = self.known_texts(node)
        if texts is None or not all(map(is_own_key, texts)):
            raise self.refuse("LF309", "this key of `configurable` is not native", node)
        return self.expr(node)

    def known_texts(self, node: ast.expr) -> tuple[str, ...] | None:
        """The texts of which an expression is always one, if they are known."""
        match node:
            case ast.Name(id=name):
                kind = next((x[name] for x in reversed(self.inner) if name in x), None)
                if kind is not None:
                    return (kind.literals or None) if isinstance(kind, t.StrType) else None
            case ast.Call(func=ast.Attribute(value=of, attr=("upper" | "lower") as made), args=[]):
                known = self.known_texts(of)
                return None if known is None else tuple(getattr(text, made)() for text in known)
        try:
            value = self.expr(node)
        except Refusal:
            return None
        match value:
            case ir.Name(name=name):
                value = self.constants.get(name, value)
            case ir.Global(id=id_):
                value = self.meaning.globals[id_].value
        return (value.value,) if isinstance(value, ir.StrLit) else None

    def certain(self, node: ast.expr) -> bool | None:
        """What a condition on the run's config always is; None for any other condition."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                sure = self.certain(operand)
                return None if sure is None else not sure
            case ast.BoolOp(op=op, values=values) if not self.is_config(node):
                found = [self.certain(value) for value in values]
                ending = isinstance(op, ast.Or)
                if None not in found:
                    return any(found) if ending else all(found)
                return ending if found[0] is ending else None
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                match left, op, right:
                    case ast.Constant(value="configurable"), ast.In() | ast.NotIn(), _:
                        return isinstance(op, ast.In) if self.is_config(right) else None
                    case _, ast.Is() | ast.IsNot(), ast.Constant(value=None):
                        return isinstance(op, ast.IsNot) if self.is_full(left) else None
                return None
            case ast.Name() if not any(node.id in names for names in self.inner):
                known = self._known_truth(node)
                if known is not None:
                    return known
        return True if self.is_full(node) else None

    def _known_truth(self, node: ast.Name) -> bool | None:
        """Whether what a name stood for when the function was made counts as true, if that is plain."""
        given = self.standing_for(node) if self._is_captured(node.id) else None
        if isinstance(given, Constant):
            value = json.loads(given.data)
            return value if isinstance(value, bool) else None
        literal = self.constants.get(node.id)
        return literal.value if isinstance(literal, ir.BoolLit) else None

    def is_full(self, node: ast.expr) -> bool:
        """Whether `node` is the config or `configurable`, where LangGraph has keys of its own."""
        match node:
            case (
                ast.Subscript(value=config) | ast.Call(func=ast.Attribute(value=config, attr="get"))
            ):
                return self.is_config(config)
            case ast.Name(id=name) if self.locals.get(name) == CONFIGURABLE:
                return not any(name in inner for inner in self.inner)
        return self.is_config(node)
