"""Consoles of `rich`, which print as `rich.print` does."""

import ast
from collections.abc import Sequence

from langferry.converter.lower.printing import Printing
from langferry.converter.lower.requests import Written
from langferry.converter.module_scope import ModuleScope
from langferry.model import ir

_CONSOLE = "rich.console.Console"

_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_STYLES = frozenset(
    [
        *_COLOURS,
        *(f"bright_{name}" for name in _COLOURS),
        *("bold", "dim", "italic", "underline", "blink", "reverse", "strike", "b", "i", "u"),
        *("on", "not", "none"),
    ]
)
"""Words that a style is made of, which show in nothing where no colours are written."""


class Consoles(Printing):
    """Lowers `console.print(...)` of a console that nothing is said of."""

    def console_print(self, node: ast.Call) -> ir.Expr | None:
        """What a call of a console's method does; None when it is no such call."""
        func = node.func
        if not isinstance(func, ast.Attribute) or not self._is_console(func.value):
            return None
        kept: list[ast.keyword] = []
        for keyword in node.keywords:
            match keyword:
                case ast.keyword(arg="style", value=ast.Constant(value=str(text))) if _is_style(
                    text
                ):
                    continue
                case ast.keyword(arg="highlight", value=ast.Constant(value=bool() | None)):
                    continue
            kept.append(keyword)
        if func.attr != "print":
            raise self.refuse("LF303", f"`{ast.unparse(func)}` is not native", node)
        return self.rich_print(ast.copy_location(ast.Call(func, node.args, kept), node))

    def is_console_made(self, node: ast.Assign) -> bool:
        """Whether an assignment only gives a console a name in this function."""
        match node.targets:
            case [ast.Name(id=name) as target] if self._makes_console(node.value):
                if self.bound.get(name) == [target]:
                    self.assigned.add(name)
                    return True
        return False

    def _is_console(self, node: ast.expr) -> bool:
        found = self.standing_for(node)
        if isinstance(found, Written):
            scope, _ = self.meaning.place(found.path, found.line, found.column)
            place = (found.line, found.column, found.end_line, found.end_column)
            there = scope.expression_at(place)
            return there is not None and _is_made_in(scope, there[0])
        qualified = self.resolve(node)
        if isinstance(node, ast.Name) and qualified is None:
            if any(node.id in names for names in self.inner):
                return False
            if node.id in self.bound:
                return self._is_own_console(node.id)
            if any(node.id in bound for bound in self._scopes()):
                return False
            qualified = f"{self.scope.name}.{node.id}"
        member = self.meaning.module_member(qualified) if qualified else None
        if member is None or member[1] in member[0].global_names:
            return False
        scope, name = member
        made = _only_value(scope.tree.body, scope.bindings.get(name, []))
        return made is not None and _is_made_in(scope, made)

    def _is_own_console(self, name: str) -> bool:
        body = [] if self.function is None else self.function.body
        made = _only_value(body, self.bound[name]) if isinstance(body, list) else None
        return made is not None and self._makes_console(made)

    def _makes_console(self, node: ast.expr) -> bool:
        """Whether it makes a console of which nothing is said, so that it is like any other."""
        match node:
            case ast.Call(func=func, args=[], keywords=[]):
                return self.resolve(func) == _CONSOLE
        return False


def _only_value(body: Sequence[ast.stmt], bound: Sequence[ast.AST]) -> ast.expr | None:
    """What a name that is bound once is bound to by an assignment of a block."""
    for part in body:
        if isinstance(part, ast.Assign) and len(bound) == 1 and part.targets == list(bound):
            return part.value
    return None


def _is_made_in(scope: ModuleScope, node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            bound = scope.bindings.get(name, [])
            return len(bound) == 1 and scope.imported(bound[0], name) == _CONSOLE
    return False


def _is_style(text: str) -> bool:
    return all(word in _STYLES for word in text.split())
