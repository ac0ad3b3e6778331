"""Statements of Python as typed ones."""

import ast
import sys
from collections.abc import Sequence

import msgspec

from langferry.converter.lower.binding import CONTAINERS, EXCEPTION, Binding
from langferry.converter.lower.expressions import type_name
from langferry.converter.lower.scope import leaves
from langferry.converter.lower.sharing import MUTATORS
from langferry.converter.lower.signatures import ANY, EXCEPTIONS
from langferry.model import ir
from langferry.model import types as t

_LIBRARIES = sys.stdlib_module_names | {"langgraph", "langchain_core", "typing_extensions"}
"""What an import in a function brings in without doing more than bind names."""


class Statements(Binding):
    """Lowers the statements of one function."""

    comments: dict[int, list[str]]

    loops: int = 0
    """How many loops stand around what is lowered."""

    def body(self, nodes: Sequence[ast.stmt]) -> tuple[ir.Stmt, ...]:
        """Lower a block."""
        result: list[ir.Stmt] = []
        for node in nodes:
            result.extend(self.statement(node))
        return tuple(result)

    def _taken_comments(self, node: ast.stmt) -> tuple[str, ...]:
        taken: list[str] = []
        for line in sorted(line for line in self.comments if line <= node.lineno):
            taken.extend(self.comments.pop(line))
        return tuple(taken)

    def statement(self, node: ast.stmt) -> list[ir.Stmt]:
        """Lower a statement; some become several or none."""
        comments = self._taken_comments(node)
        lowered = self._statement(node)
        if comments and not lowered:
            lowered = [ir.Pass(self.span(node))]
        if comments:
            lowered[0] = _commented(lowered[0], comments)
        return lowered

    def _statement(self, node: ast.stmt) -> list[ir.Stmt]:
        span = self.span(node)
        match node:
            case ast.Pass():
                return [ir.Pass(span)]
            case ast.Expr():
                return self._expression(node)
            case ast.Assign():
                return self._assign(node)
            case ast.AnnAssign():
                return self._annotated(node)
            case ast.AugAssign():
                return [self._augmented(node)]
            case ast.If():
                return [self._if(node)]
            case ast.For():
                return [self._for(node)]
            case ast.While():
                return [self._while(node)]
            case ast.Break():
                return [ir.Break(span)]
            case ast.Continue():
                return [ir.Continue(span)]
            case ast.Return():
                return self._return(node.value, node)
            case ast.Raise():
                return [self._raise(node)]
            case ast.Try():
                return [self._try(node)]
            case ast.Assert():
                message = self.expr(node.msg) if node.msg is not None else None
                if message is not None:
                    message = self.fitted(message, ANY, node)
                return [ir.Assert(self.condition(node.test), message, span)]
            case ast.Delete():
                return [self._delete(target, node) for target in node.targets]
            case ast.Import() | ast.ImportFrom():
                if isinstance(node, ast.ImportFrom):
                    modules = [] if node.level else [node.module or ""]
                else:
                    modules = [alias.name for alias in node.names]
                if modules and all(name.split(".")[0] in _LIBRARIES for name in modules):
                    return []
        raise self.refuse(
            "LF302", f"`{type(node).__name__.lower()}` statements are not native", node
        )

    def _expression(self, node: ast.Expr) -> list[ir.Stmt]:
        value, span = node.value, self.span(node)
        if isinstance(value, ast.Constant):
            return []
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in MUTATORS
            and self.resolve(value.func) is None
        ):
            receiver = self.expr(value.func.value)
            if isinstance(receiver.type, t.AnyType | t.RecordType | CONTAINERS):
                return [ir.Evaluate(self._change(value, value.func), span)]
        lowered = self.expr(value)
        return [] if isinstance(lowered, ir.NoneLit) else [ir.Evaluate(lowered, span)]

    def _branch(
        self, nodes: Sequence[ast.stmt], start: set[str]
    ) -> tuple[tuple[ir.Stmt, ...], set[str] | None]:
        """A block from `start`, and what is assigned after it; None when it never ends."""
        self.assigned = set(start)
        lowered = self.body(nodes)
        return lowered, None if leaves(nodes) else self.assigned

    def _merge(self, ends: list[set[str] | None]) -> None:
        reached = [end for end in ends if end is not None]
        self.assigned = set.intersection(*reached) if reached else set(self.locals)

    def _if(self, node: ast.If) -> ir.Stmt:
        test, start = self.condition(node.test), set(self.assigned)
        body, after_body = self._branch(node.body, start)
        orelse, after_orelse = self._branch(node.orelse, start)
        self._merge([after_body, after_orelse])
        return ir.If(test, body, orelse, self.span(node))

    def _for(self, node: ast.For) -> ir.Stmt:
        if node.orelse:
            raise self.refuse("LF302", "`else` of a loop is not native", node)
        iterable, item = self.iterated(node.iter)
        start = set(self.assigned)
        names: dict[str, t.Type] = {}
        target = self.target(node.target, item, names)
        for element in ast.walk(node.target):
            if isinstance(element, ast.Name):
                self._plain_local(element)
                known = self.locals.get(element.id)
                kind = names[element.id]
                if element.id in start and self.loops:
                    raise self.refuse(
                        "LF308", f"`{element.id}` has a value before the loop", element
                    )
                if known is not None and known != kind:
                    raise self.refuse(
                        "LF307", f"`{element.id}` is {type_name(known)} elsewhere", element
                    )
                self.locals[element.id] = kind
        self.loops += 1
        body, _ = self._branch(node.body, start | set(names))
        self.loops -= 1
        # whether the loop has bound its names again is not known after it
        self.assigned = start - set(names)
        return ir.For(target, iterable, item, body, self.span(node))

    def _while(self, node: ast.While) -> ir.Stmt:
        if node.orelse:
            raise self.refuse("LF302", "`else` of a loop is not native", node)
        test, start = self.condition(node.test), set(self.assigned)
        self.loops += 1
        body, _ = self._branch(node.body, start)
        self.loops -= 1
        self.assigned = start
        return ir.While(test, body, self.span(node))

    def _exception_name(self, node: ast.expr) -> str:
        name = (self.resolve(node) or "").removeprefix("builtins.")
        if name == "json.decoder.JSONDecodeError":
            name = "json.JSONDecodeError"
        if name not in EXCEPTIONS:
            raise self.refuse("LF303", f"exception `{ast.unparse(node)}` is not native", node)
        return name.removeprefix("json.")

    def _raise(self, node: ast.Raise) -> ir.Stmt:
        span = self.span(node)
        if node.exc is None:
            raise self.refuse("LF302", "a bare `raise` is not native", node)
        if isinstance(node.exc, ast.Name) and self.locals.get(node.exc.id) == EXCEPTION:
            return ir.Raise(None, (), node.exc.id, span)
        call = node.exc if isinstance(node.exc, ast.Call) else None
        if call is not None and call.keywords:
            raise self.refuse("LF303", "this form of an exception is not native", node)
        name = self._exception_name(call.func if call is not None else node.exc)
        if name == "JSONDecodeError":
            raise self.refuse("LF303", f"raising `{name}` is not native", node)
        args = tuple(self.expect(arg, ANY) for arg in call.args) if call is not None else ()
        return ir.Raise(name, args, None, span)

    def _try(self, node: ast.Try) -> ir.Stmt:
        if node.finalbody:
            raise self.refuse("LF302", "`finally` is not native", node)
        inside = [item for part in node.body for item in ast.walk(part)]
        if any(map(_jumps_out, node.body)):
            raise self.refuse("LF302", "leaving a loop out of `try` is not native", node)
        for part in node.handlers:
            if any(
                isinstance(item, ast.Call)
                and self.resolve(item.func) == "langgraph.types.interrupt"
                for item in inside
            ):
                raise self.refuse("LF302", "`interrupt` within `try` is not native", part)
        start = set(self.assigned)
        body, _ = self._branch(node.body, start)
        after_body = self.assigned
        self.assigned = set(after_body)
        orelse = self.body(node.orelse)
        ends: list[set[str] | None] = [
            None if leaves([*node.body, *node.orelse]) else self.assigned
        ]
        handlers: list[ir.Handler] = []
        for handler in node.handlers:
            classes = (
                []
                if handler.type is None
                else handler.type.elts
                if isinstance(handler.type, ast.Tuple)
                else [handler.type]
            )
            names = tuple(self._exception_name(item) for item in classes)
            begin = set(start)
            if handler.name is not None:
                if self.locals.get(handler.name, EXCEPTION) != EXCEPTION:
                    raise self.refuse("LF307", f"`{handler.name}` has two types", handler)
                self.locals[handler.name] = EXCEPTION
                begin.add(handler.name)
            lowered, end = self._branch(handler.body, begin)
            if end is not None and handler.name is not None:
                end.discard(handler.name)
            ends.append(end)
            handlers.append(ir.Handler(names, handler.name, lowered, self.span(handler)))
        self._merge(ends)
        return ir.Try(body, tuple(handlers), orelse, self.span(node))


def _jumps_out(node: ast.AST) -> bool:
    """Whether a `break` or `continue` in it is one of a loop around it."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.For | ast.While):
        return any(map(_jumps_out, node.orelse))
    return any(map(_jumps_out, ast.iter_child_nodes(node)))


def _commented(statement: ir.Stmt, comments: tuple[str, ...]) -> ir.Stmt:
    return msgspec.structs.replace(statement, comments=comments)
