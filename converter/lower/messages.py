"""LangChain's messages, which native code holds as dynamic values: making them, their attributes."""

import ast

from langferry.converter.lower.message_classes import MESSAGES
from langferry.converter.lower.method_calls import MethodCalls
from langferry.converter.lower.names import type_name
from langferry.converter.lower.signatures import ANY, BOOL, STR
from langferry.model import ir
from langferry.model import types as t


class Messages(MethodCalls):
    """Lowers calls that make messages and that ask objects of unknown type for attributes."""

    def make_message(self, node: ast.Call, name: str) -> ir.Expr:
        """`HumanMessage(...)` and the like."""
        if name not in MESSAGES:
            raise self.refuse("LF303", f"making a `{name}` is not native", node)
        if len(node.args) > (0 if name == "RemoveMessage" else 1):
            raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        given = [("content", value) for value in node.args]
        given += [(item.arg, item.value) for item in node.keywords if item.arg is not None]
        if len({key for key, _ in given}) < len(given):
            raise self.refuse("LF303", f"an argument of `{name}` stands twice", node)
        keywords = tuple((key, self.expect(value, ANY)) for key, value in given)
        return ir.Call(f"langchain_core.messages.{name}", (), keywords, ANY, self.span(node))

    def _builtin_hasattr(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `hasattr` is not native", node)
        if isinstance(self.expr(node.args[0]).type, t.RecordType):
            return super()._builtin_hasattr(node, want)
        asked = self._asked(node)
        return ir.Call("builtins.hasattr", asked, (), BOOL, self.span(node))

    def _builtin_getattr(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not 2 <= len(node.args) <= 3 or node.keywords:
            raise self.refuse("LF303", "this form of `getattr` is not native", node)
        if isinstance(self.expr(node.args[0]).type, t.RecordType):
            return super()._builtin_getattr(node, want)
        value, name = self._asked(node)
        span = self.span(node)
        if len(node.args) == 2:
            assert isinstance(name, ir.StrLit)
            return ir.Attribute(value, name.value, ANY, span)
        default = self.expect(node.args[2], ANY)
        return ir.Call("builtins.getattr", (value, name, default), (), ANY, span)

    def _asked(self, node: ast.Call) -> tuple[ir.Expr, ir.Expr]:
        """The object and the name of the attribute that `hasattr` or `getattr` asks for."""
        value, name = self.expr(node.args[0]), node.args[1]
        if not isinstance(value.type, t.AnyType):
            raise self.refuse(
                "LF307", f"an attribute of {type_name(value.type)} is asked for", node
            )
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            raise self.refuse("LF303", "a computed name of an attribute is not native", node)
        self.check_attribute(name.value, node)
        return value, ir.StrLit(name.value, STR, self.span(name))
