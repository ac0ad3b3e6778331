"""Calls of `print`."""

import ast

from langferry.converter.lower.builtin_calls import BuiltinCalls, is_none
from langferry.converter.lower.names import type_name
from langferry.converter.lower.signatures import NONE, STR
from langferry.model import ir
from langferry.model import types as t


class Printing(BuiltinCalls):
    """Lowers `print`: one text, written at once."""

    def _builtin_print(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if options.keys() - {"sep", "end", "file", "flush"}:
            raise self.refuse("LF303", "this form of `print` is not native", node)
        parts: list[ir.StrLit | ir.Formatted] = []
        separator = self._print_option(options.get("sep"), " ", node)
        for arg in node.args:
            if parts:
                parts.append(separator)
            parts += self.text_of(arg)
        parts.append(self._print_option(options.get("end"), "\n", node))
        text = ir.FormatString(tuple(parts), STR, self.span(node))
        return self._builtin(node, self._printer(options), (text,), NONE)

    def exception_print(self, node: ast.Call) -> ir.Expr:
        """`traceback.print_exc()`."""
        error = self.exception_handled(node)
        if error is None or node.args or node.keywords:
            raise self.refuse("LF303", "this form of `traceback.print_exc` is not native", node)
        span = self.span(node)
        told = ir.Call("logging.traceback", (error,), (), STR, span)
        text = ir.FormatString(
            (ir.Formatted(told, "", (), STR, span), ir.StrLit("\n", STR, span)), STR, span
        )
        return self._builtin(node, "print_error", (text,), NONE)

    def rich_print(self, node: ast.Call) -> ir.Expr:
        """`rich.print`, of texts with markup and of what is shown as it is."""
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if options.keys() - {"sep", "end", "flush"}:
            raise self.refuse("LF303", "this form of `rich.print` is not native", node)
        separator = self._print_option(options.get("sep"), " ", node)
        end = self._print_option(options.get("end"), "\n", node)
        if end.value not in ("", "\n"):
            raise self.refuse("LF303", "this form of `rich.print` is not native", node)
        shown = tuple(self._rich_argument(arg) for arg in node.args)
        keywords = (("sep", separator), ("end", end))
        return ir.Call("rich.print", shown, keywords, NONE, self.span(node))

    def _rich_argument(self, node: ast.expr) -> ir.Expr:
        value, span = self.expr(node), self.span(node)
        if isinstance(value.type, t.StrType):
            return ir.Call("rich.markup", (value,), (), STR, span)
        if isinstance(value.type, t.IntType | t.FloatType | t.BoolType | t.NoneType):
            text = ir.Call("builtins.str", (value,), (), STR, span)
            return ir.Call("rich.plain", (text,), (), STR, span)
        # containers are laid out, and other objects know themselves how they look
        message = f"`rich.print` of {type_name(value.type)} is not native"
        raise self.refuse("LF303", message, node)

    def text_of(self, node: ast.expr) -> list[ir.StrLit | ir.Formatted]:
        """`str(node)` as parts of an f-string."""
        value = self.as_shown(self.expr(node))
        if isinstance(value, ir.FormatString):
            return list(value.parts)
        if isinstance(value, ir.StrLit):
            return [value]
        self._check_text(value.type, node)
        return [ir.Formatted(value, "", (), STR, value.span)]

    def _print_option(self, given: ast.expr | None, default: str, node: ast.Call) -> ir.StrLit:
        if given is None or is_none(given):
            return ir.StrLit(default, STR, self.span(node))
        value = self.expr(given)
        if not isinstance(value, ir.StrLit):
            raise self.refuse("LF303", "a computed `sep` or `end` is not native", given)
        return value

    def _printer(self, options: dict[str | None, ast.expr]) -> str:
        flush = options.get("flush")
        if flush is not None and not isinstance(flush, ast.Constant):
            raise self.refuse("LF303", "a computed `flush` is not native", flush)
        file = options.get("file")
        if file is None or is_none(file):
            return "print"
        if self.resolve(file) in ("sys.stderr", "sys.stdout"):
            return "print" if self.resolve(file) == "sys.stdout" else "print_error"
        raise self.refuse("LF303", "printing to this file is not native", file)
