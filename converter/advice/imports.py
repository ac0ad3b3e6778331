"""Names that a fix needs: those that a module imports already, or an import for its first line of code."""

import ast

from langferry.converter.advice.subject import Source
from langferry.diagnostics import Edit, Span


class Imports:
    """What a fix of one module needs imported, for code on a certain line."""

    def __init__(self, source: Source, line: int) -> None:
        self._source = source
        self._line = line
        self._lines: list[str] = []
        self._possible = True

    def name(self, module: str, name: str | None = None) -> str:
        """What to call a module, or a name of one."""
        wanted = module if name is None else f"{module}.{name}"
        plain = name or module
        scope = self._source.module.scope
        for bound, nodes in scope.bindings.items():
            if {scope.imported(node, bound) for node in nodes} == {wanted} and any(
                node in scope.tree.body and node.lineno < self._line for node in nodes
            ):
                return bound
        if self._is_taken(plain):
            self._possible = False
        self._lines.append(f"import {module}" if name is None else f"from {module} import {name}")
        return plain

    def edits(self) -> tuple[Edit, ...] | None:
        """The imports that lack; None where a name is taken or there is no line for them."""
        if not self._possible:
            return None
        if not self._lines:
            return ()
        place = self._first_line()
        text = "".join(f"{line}\n" for line in self._lines)
        return None if place is None else (Edit(place, text),)

    def _is_taken(self, name: str) -> bool:
        return any(
            not {name, "*"}.isdisjoint(bound_by(node)) for node in self._source.module.scope.nodes
        )

    def _first_line(self) -> Span | None:
        """Right before the first statement that may have an import before it."""
        module = self._source.module
        for number, statement in enumerate(module.tree.body):
            match statement:
                case ast.Expr(value=ast.Constant(value=str())) if number == 0:
                    continue
                case ast.ImportFrom(module="__future__"):
                    continue
            line = min([statement.lineno, *(item.lineno for item in _decorators(statement))])
            before = module.lines[line - 1][: module.span(statement).column]
            # behind a semicolon, or on the last line of a text
            if statement.col_offset or before.strip():
                return None
            return Span(module.file, line, 0, line, 0)
        return None


def bound_by(node: ast.AST) -> list[str]:
    """The names that a node itself binds in whatever scope it stands; `*` for any."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return [name]
        case ast.alias(name=name, asname=other):
            return [other or name.split(".")[0]]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case (
            ast.ExceptHandler(name=str(name))
            | ast.MatchAs(name=str(name))
            | ast.MatchStar(name=str(name))
            | ast.MatchMapping(rest=str(name))
        ):
            return [name]
    return []


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return statement.decorator_list
    return []
