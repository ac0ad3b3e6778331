"""Calls of loggers: what would be shown is printed, the rest is only evaluated."""

import ast
import logging
import re
from collections.abc import Sequence

from langferry.converter.lower.log_objects import LEVELS
from langferry.converter.lower.log_setup import Written
from langferry.converter.lower.message_functions import MessageFunctions
from langferry.converter.lower.signatures import EXCEPTION, NONE, STR
from langferry.converter.module_scope import ModuleScope
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

_PIECES = re.compile(r"%%|%(?:-?[1-9]\d*)?(?:\.\d+)?[sdif]|%0\d+[di]|%r|[^%]+|%")
"""What a template of `%` is made of."""

_NAMED_LEVELS = {f"logging.{name.upper()}": level for name, level in LEVELS.items()}

_OF_RECORDS = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})
"""What `extra` may not give a record."""

_PRINTERS = {"stdout": "builtins.print", "stderr": "builtins.print_error"}

_FORMATTED: dict[str, type[t.Type]] = {"s": t.StrType, "d": t.IntType, "f": t.FloatType}


class Logs(MessageFunctions):
    """Lowers `logger.info(...)` and the like."""

    def log_call(self, node: ast.Call) -> ir.Expr | None:
        """What a call of a logger's method does; None when it is no such call."""
        func = node.func
        if not isinstance(func, ast.Attribute):
            return None
        logger = self._logger(func.value)
        if logger is None:
            return None
        setup = self.meaning.log_setup(self.scope)
        level, args = self._logged_level(node)
        told = self._logged_with(node)
        if level is None or setup is None or told is None or not args:
            raise self.refuse("LF303", f"this use of `{ast.unparse(func)}` is not native", node)
        span = self.span(node)
        written = setup.written(level, logger)
        if not written:
            # what is not shown is still evaluated
            parts = [part for arg in args for part in self.text_of(arg)]
            parts += [part for arg in told for part in self._evaluated_only(arg)]
            if all(isinstance(part, ir.StrLit) for part in parts):
                return ir.NoneLit(NONE, span)
            return ir.FormatString(tuple(parts), STR, span)
        if any(item.stream is None or item.parts is None for item in written):
            raise self.refuse("LF303", "where this is logged is not native", node)
        message = self._message(args)
        message += [part for arg in told for part in self._evaluated_only(arg)]
        message = self._with_exception(message, written, node)
        name = logging.getLevelName(level)
        to = written[0]
        if len(written) == 1 and to.stream in _PRINTERS and to.of_time is None:
            text = _shown(to.parts or (), name, logger, message, span)
            return ir.Call(_PRINTERS[to.stream], (text,), (), NONE, span)
        places = [
            ir.StrLit(text, STR, span)
            for item in written
            for text in (item.stream or "", _format(item, name, logger), item.of_time or "")
        ]
        whole = ir.FormatString(tuple(message), STR, span)
        return ir.Call("logging.write", (whole, *places), (), NONE, span)

    def _logged_level(self, node: ast.Call) -> tuple[int | None, list[ast.expr]]:
        """The level that is logged at, and the message with its arguments."""
        assert isinstance(node.func, ast.Attribute)
        if node.func.attr == "exception":
            return logging.ERROR, node.args
        if node.func.attr != "log":
            return LEVELS.get(node.func.attr), node.args
        level = self.resolve(node.args[0]) if node.args else None
        return _NAMED_LEVELS.get(level or ""), node.args[1:]

    def _logged_with(self, node: ast.Call) -> list[ast.expr] | None:
        """What a record is told beside its message, which is evaluated but not shown; None for what may be."""
        told: list[ast.expr] = []
        for keyword in node.keywords:
            match keyword:
                case ast.keyword(arg="stack_info", value=ast.Constant(value=None | False)):
                    pass
                case ast.keyword(arg="exc_info", value=ast.Constant() | ast.Name()):
                    pass
                case ast.keyword(arg="stacklevel", value=ast.Constant(value=int())):
                    pass
                case ast.keyword(arg="extra", value=ast.Dict(keys=keys, values=values)):
                    names = [key.value for key in keys if isinstance(key, ast.Constant)]
                    if len(names) < len(keys) or not _OF_RECORDS.isdisjoint(names):
                        return None
                    told += values
                case _:
                    return None
        return told

    def _with_exception(
        self,
        message: list[ir.StrLit | ir.Formatted],
        written: Sequence[Written],
        node: ast.Call,
    ) -> list[ir.StrLit | ir.Formatted]:
        """A message with the exception that it is logged with, if any, below it."""
        assert isinstance(node.func, ast.Attribute)
        given: ast.expr = ast.Constant(node.func.attr == "exception")
        given = next((x.value for x in node.keywords if x.arg == "exc_info"), given)
        error: ir.Expr | None
        match given:
            case ast.Constant(value=None | False):
                return message
            case ast.Constant(value=True):
                error = self.exception_handled(node)
            case ast.Name(id=name) if self.locals.get(name) == EXCEPTION:
                error = self.expr(given)
            case _:
                error = None
        if error is None:
            raise self.refuse("LF303", "the exception that is logged here is not native", node)
        for item in written:
            *_, (before, last) = item.parts or [("", None)]
            # it stands below all that a handler writes
            if last != "message" or before.endswith("\n"):
                raise self.refuse("LF303", "this form of a record is not native", node)
        span = self.span(node)
        whole = ir.Call(
            "logging.with_exception",
            (ir.FormatString(tuple(message), STR, span), error),
            (),
            STR,
            span,
        )
        return [ir.Formatted(whole, "", (), STR, span)]

    def _evaluated_only(self, node: ast.expr) -> list[ir.StrLit | ir.Formatted]:
        """What is evaluated, and nothing shown of it."""
        value = self.expr(node)
        if isinstance(
            value, ir.Name | ir.StrLit | ir.IntLit | ir.FloatLit | ir.BoolLit | ir.NoneLit
        ):
            return []
        if not isinstance(value.type, t.StrType | t.IntType | t.FloatType | t.BoolType):
            raise self.refuse("LF303", "what this is logged with is not native", node)
        shown = ir.FormatString((ir.Formatted(value, "", (), STR, value.span),), STR, value.span)
        return [ir.Formatted(shown, "", (ir.StrLit(".0", STR, value.span),), STR, value.span)]

    def _logger(self, node: ast.expr) -> str | None:
        """The name of the logger that an expression is, if it is a module's own or asked for right there."""
        if isinstance(node, ast.Call):
            return self._asked_for(node)
        if self.resolve(node) == "logging":
            return "root"
        qualified = self.resolve(node)
        if isinstance(node, ast.Name) and qualified is None:
            local = any(node.id in bound for bound in self._scopes())
            qualified = None if local else f"{self.scope.name}.{node.id}"
        member = self.meaning.module_member(qualified) if qualified else None
        if member is None:
            return None
        scope, name = member
        if not _gets_logger(scope, name):
            return None
        setup = self.meaning.log_setup(self.scope)
        if setup is None:
            # what is not known of logging is why a call of it is not native
            return name
        if len(scope.bindings[name]) != 1 or name in scope.global_names:
            return None
        return setup.logger(scope, name)

    def _asked_for(self, node: ast.Call) -> str | None:
        """The name of the logger that a call gives, if it is `logging.getLogger` of a known name."""
        if self.resolve(node.func) != "logging.getLogger" or node.keywords:
            return None
        match node.args:
            case []:
                return "root"
            case [ast.Constant(value=str(name))]:
                return name or "root"
            case [ast.Name(id="__name__")]:
                own = any("__name__" in bound for bound in (*self._scopes(), self.scope.bindings))
                return None if own else self.scope.name
        return None

    def _message(self, given: Sequence[ast.expr]) -> list[ir.StrLit | ir.Formatted]:
        first, *args = given
        if not args:
            return self.text_of(first)
        template = self.expr(first)
        if not isinstance(template, ir.StrLit):
            raise self.refuse("LF303", "a computed message with arguments is not native", first)
        parts: list[ir.StrLit | ir.Formatted] = []
        left = list(args)
        for piece in _PIECES.findall(template.value):
            if piece == "%%" or not piece.startswith("%"):
                parts.append(ir.StrLit(piece.replace("%%", "%"), STR, template.span))
            elif piece == "%" or not left:
                raise self.refuse("LF303", "this form of a message is not native", first)
            else:
                parts += self._placed(piece, left.pop(0))
        if left:
            raise self.refuse("LF303", "this form of a message is not native", first)
        return parts

    def _placed(self, form: str, arg: ast.expr) -> list[ir.StrLit | ir.Formatted]:
        """An argument at a place of a template, such as `%s` and `%.2f`."""
        if form == "%s":
            return self.text_of(arg)
        value = self.as_shown(self.expr(arg))
        if form == "%r":
            self._check_text(value.type, arg)
            return [ir.Formatted(value, "r", (), STR, value.span)]
        flags, kind = form[1:-1], form[-1].replace("i", "d")
        if type(value.type) is not _FORMATTED.get(kind) or (kind == "d" and "." in flags):
            # numbers would be made of others, and what fails only be told of
            raise self.refuse("LF303", "this form of a message is not native", arg)
        # in a field, texts are at its end here and numbers are in any format
        side = "<" if flags.startswith("-") else ">" if kind == "s" else ""
        spec = side + flags.removeprefix("-") + ("" if kind == "s" else kind)
        return [ir.Formatted(value, "", (ir.StrLit(spec, STR, value.span),), STR, value.span)]


def _gets_logger(scope: ModuleScope, name: str) -> bool:
    """Whether a name of a module is bound to what looks like a logger that was asked for."""
    return any(
        isinstance(statement, ast.Assign)
        and statement.targets == scope.bindings[name]
        and isinstance(statement.value, ast.Call)
        and "log" in ast.unparse(statement.value.func).lower()
        for statement in scope.tree.body
    )


def _shown(
    shown: Sequence[tuple[str, str | None]],
    level: str,
    logger: str,
    message: list[ir.StrLit | ir.Formatted],
    span: Span,
) -> ir.FormatString:
    """A record as its handler writes it."""
    parts: list[ir.StrLit | ir.Formatted] = []
    for text, field in shown:
        parts.append(ir.StrLit(text, STR, span))
        match field:
            case "message":
                parts += message
            case "asctime":
                time = ir.Call("logging.asctime", (), (), STR, span)
                parts.append(ir.Formatted(time, "", (), STR, span))
            case str():
                parts.append(ir.StrLit(_constant(field, level, logger), STR, span))
    return ir.FormatString((*parts, ir.StrLit("\n", STR, span)), STR, span)


def _format(written: Written, level: str, logger: str) -> str:
    """How a handler writes a record, with only what is not known of it yet left as fields."""
    parts: list[str] = []
    for text, field in written.parts or ():
        parts.append(text.replace("%", "%%"))
        if field in ("message", "asctime"):
            parts.append(f"%({field})s")
        elif field:
            parts.append(_constant(field, level, logger).replace("%", "%%"))
    return "".join(parts)


def _constant(field: str, level: str, logger: str) -> str:
    """A field that is known of a record before the program runs."""
    name, _, form = field.partition(":")
    return format(level if name == "levelname" else logger, form)
