"""Reading and assigning names of modules whose values are kept while the program runs."""

import ast

from langferry.converter.lower.attempts import Attempts
from langferry.converter.lower.module_state import declares, kind
from langferry.converter.lower.signatures import ANY, BOOL, FLOAT, INT, NONE, STR
from langferry.model import ir
from langferry.model import types as t

_KEPT = (BOOL, FLOAT, INT, NONE, STR)

_TYPES: dict[type | None, t.Type] = {bool: BOOL, float: FLOAT, int: INT, str: STR}


class ModuleNames(Attempts):
    """Lowers names that a function says are its module's, or that others assign to."""

    def _name(self, node: ast.Name) -> ir.Expr:
        return self._kept(node) or super()._name(node)

    def is_of_module(self, name: str) -> bool:
        """Whether a name stands for what the module calls so, where functions assign to it."""
        if name not in self.scope.global_names or self.function is None:
            return False
        if any(name in names for names in self.inner) or self._is_captured(name):
            return False
        return declares(self.function, name) or not self.is_local(name)

    def _kept(self, node: ast.Name) -> ir.Expr | None:
        """What is kept under a name; None for any other."""
        if not self.is_of_module(node.id):
            return None
        first = self.meaning.kept_from(self.scope, node.id, self.span(node))
        span = self.span(node)
        literal = self.expr(ast.copy_location(ast.Constant(first.value), node))
        value = self.fitted(literal, ANY, node)
        read = ir.Call("module_state.get", (self._told_name(node), value), (), ANY, span)
        known = _TYPES.get(kind(self.scope, node.id, first))
        return read if known is None else ir.Narrow(read, known, span)

    def keep(self, target: ast.Name, value: ir.Expr, node: ast.stmt) -> ir.Stmt:
        """Keeps a value under a name of the module."""
        self.meaning.kept_from(self.scope, target.id, self.span(node))
        if value.type not in _KEPT:
            message = f"what `{target.id}` is assigned may be held elsewhere"
            raise self.refuse("LF304", message, node)
        span = self.span(node)
        kept = self.fitted(value, ANY, node)
        return ir.Evaluate(
            ir.Call("module_state.set", (self._told_name(target), kept), (), NONE, span), span
        )

    def _told_name(self, node: ast.Name) -> ir.Expr:
        return ir.StrLit(f"{self.scope.name}.{node.id}", STR, self.span(node))
