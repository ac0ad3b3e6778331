"""`raise` and `try`."""

import ast
import sys
from collections.abc import Sequence

from langferry.converter.lower.binding import Binding
from langferry.converter.lower.own_exceptions import exception_line
from langferry.converter.lower.signatures import ANY, EXCEPTION, EXCEPTIONS, INT, STR
from langferry.converter.lower.web_clients import raised_by_client
from langferry.converter.module_scope import leaves
from langferry.model import ir

_NAMES = ast.Name | ast.Attribute

_RAISING = frozenset(
    {"builtins", "langgraph", "langchain", "langchain_core", "pydantic", "pydantic_core", "httpx"}
) | frozenset({"anthropic", "google", "groq", "ollama", "openai", "requests"})
"""The libraries whose exceptions native code may raise."""

_SAME = {
    "json.decoder.JSONDecodeError": "json.JSONDecodeError",
    **dict.fromkeys(("IOError", "EnvironmentError"), "OSError"),
    **dict.fromkeys(("asyncio.TimeoutError", "asyncio.exceptions.TimeoutError"), "TimeoutError"),
}
"""Names that Python has for one class."""

_FAILED_VALIDATION = frozenset({"pydantic.ValidationError", "pydantic_core.ValidationError"})

_OF_THE_SYSTEM = frozenset(
    {
        *("OSError", "FileExistsError", "FileNotFoundError", "IsADirectoryError", "TimeoutError"),
        *("NotADirectoryError", "PermissionError", "ConnectionError"),
    }
)
"""Exceptions that make a number, a text and a file's name of several arguments."""


class Attempts(Binding):
    """Lowers what raises exceptions, and what catches them."""

    def body(self, nodes: Sequence[ast.stmt]) -> tuple[ir.Stmt, ...]:
        """Lower a block."""
        raise NotImplementedError

    def branch(
        self, nodes: Sequence[ast.stmt], start: set[str]
    ) -> tuple[tuple[ir.Stmt, ...], set[str] | None]:
        """A block from `start`, and what is assigned after it; None when it never ends."""
        self.assigned = set(start)
        lowered = self.body(nodes)
        return lowered, None if leaves(nodes) else self.assigned

    def merge(self, ends: list[set[str] | None]) -> None:
        """Go on where one of several blocks has ended."""
        reached = [end for end in ends if end is not None]
        self.assigned = set.intersection(*reached) if reached else set(self.locals)

    def caught_name(self, node: ast.expr) -> str:
        """The class of an `except`; a library's own, which native code never raises, by its whole name."""
        name = self.resolve(node) or ""
        of_client = raised_by_client(name)
        if of_client is not None:
            return of_client
        if name in _FAILED_VALIDATION:
            return "ValidationError"
        root = name.partition(".")[0]
        foreign = "." in name and root not in sys.stdlib_module_names and root not in _RAISING
        if foreign and self.meaning.module_member(name) is None and isinstance(node, _NAMES):
            return name
        return self._exception_line(node)[0]

    def _exception_line(self, node: ast.expr) -> tuple[str, ...]:
        """An exception class, and what it is derived from if the program defines it."""
        own = exception_line(self, node)
        if own:
            return own
        name = (self.resolve(node) or "").removeprefix("builtins.")
        name = _SAME.get(name, name)
        if name not in EXCEPTIONS:
            raise self.refuse("LF303", f"exception `{ast.unparse(node)}` is not native", node)
        return (name.removeprefix("json."),)

    def _raise(self, node: ast.Raise) -> ir.Stmt:
        span = self.span(node)
        if node.exc is None:
            if not self.caught:
                raise self.refuse("LF302", "`raise` without an exception to raise again", node)
            return ir.Raise(None, (), None, span)
        if node.cause is not None and not isinstance(node.cause, ast.Name | ast.Constant):
            raise self.refuse("LF302", "a computed cause is not native", node)
        if isinstance(node.exc, ast.Name) and self.locals.get(node.exc.id) == EXCEPTION:
            return ir.Raise(None, (), node.exc.id, span)
        call = node.exc if isinstance(node.exc, ast.Call) else None
        if call is not None and call.keywords:
            raise self.refuse("LF303", "this form of an exception is not native", node)
        line = self._exception_line(call.func if call is not None else node.exc)
        name = line[0]
        if name == "UnicodeDecodeError":
            raise self.refuse("LF303", "this form of an exception is not native", node)
        if name == "JSONDecodeError":
            return ir.Raise(name, (self._decode_failure(call, node),), None, span)
        args = tuple(self.expect(arg, ANY) for arg in call.args) if call is not None else ()
        if len(args) > 1 and line[-1] in _OF_THE_SYSTEM:
            raise self.refuse("LF303", "this form of an exception is not native", node)
        return ir.Raise(name, args, None, span, bases=line[1:])

    def _decode_failure(self, call: ast.Call | None, node: ast.Raise) -> ir.Expr:
        """What a `JSONDecodeError` makes of what is wrong, the text, and where in it that is."""
        if call is None or len(call.args) != 3:
            raise self.refuse("LF303", "this form of an exception is not native", node)
        what, text, at = call.args
        given = (self.expect(what, STR), self.expect(text, STR), self.expect(at, INT))
        return self.fitted(ir.Call("json.failure", given, (), STR, self.span(call)), ANY, call)

    def _try(self, node: ast.Try) -> ir.Stmt:
        if not node.finalbody:
            return self._caught(node)
        # what is left early, or not at all, would forget how the rest went
        if leaves(node.finalbody) or any(map(_leaves_early, node.finalbody)):
            raise self.refuse("LF302", "leaving `finally` early is not native", node)
        start = set(self.assigned)
        inner = [ast.copy_location(ast.Try(node.body, node.handlers, node.orelse, []), node)]
        tried: Sequence[ast.stmt] = inner if node.handlers else node.body
        body, after = self.branch(tried, start)
        self.assigned = set(start)
        # what `raise` means there depends on how the rest went
        outer, self.caught = self.caught, []
        final = self.body(node.finalbody)
        self.caught = outer
        self.assigned = set(self.locals) if after is None else self.assigned | after
        return ir.Try(body, (), (), self.span(node), (), final)

    def _caught(self, node: ast.Try) -> ir.Stmt:
        start = set(self.assigned)
        self.tried += 1
        body, _ = self.branch(node.body, start)
        self.tried -= 1
        after_body = self.assigned
        self.assigned = set(after_body)
        orelse = self.body(node.orelse)
        ends: list[set[str] | None] = [
            None if leaves([*node.body, *node.orelse]) else self.assigned
        ]
        handlers: list[ir.Handler] = []
        for handler in node.handlers:
            lowered, end = self._handler(handler, start)
            ends.append(end)
            handlers.append(lowered)
        self.merge(ends)
        return ir.Try(body, tuple(handlers), orelse, self.span(node))

    def _handler(
        self, handler: ast.ExceptHandler, start: set[str]
    ) -> tuple[ir.Handler, set[str] | None]:
        classes = (
            []
            if handler.type is None
            else handler.type.elts
            if isinstance(handler.type, ast.Tuple)
            else [handler.type]
        )
        names = tuple(self.caught_name(item) for item in classes)
        begin = set(start)
        if handler.name is not None:
            if self.locals.get(handler.name, EXCEPTION) != EXCEPTION:
                raise self.refuse("LF307", f"`{handler.name}` has two types", handler)
            self.locals[handler.name] = EXCEPTION
            begin.add(handler.name)
        self.caught.append(handler.name)
        body, end = self.branch(handler.body, begin)
        if end is not None and handler.name is not None:
            end.discard(handler.name)
        return ir.Handler(names, self.caught.pop(), body, self.span(handler)), end


def _leaves_early(node: ast.AST) -> bool:
    """Whether control may leave the block that `node` stands in by something in it."""
    return _jumps_out(node) or any(isinstance(item, ast.Return) for item in ast.walk(node))


def _jumps_out(node: ast.AST) -> bool:
    """Whether a `break` or `continue` in it is one of a loop around it."""
    if isinstance(node, ast.Break | ast.Continue):
        return True
    if isinstance(node, ast.For | ast.While):
        return any(map(_jumps_out, node.orelse))
    return any(map(_jumps_out, ast.iter_child_nodes(node)))
