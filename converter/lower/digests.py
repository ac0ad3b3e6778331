"""Digests of texts: `hashlib.md5(text.encode()).hexdigest()`."""

import ast

from langferry.converter.lower.signatures import STR
from langferry.converter.lower.templates import Templates
from langferry.model import ir
from langferry.model import types as t

_KINDS = frozenset({"hashlib.md5", "hashlib.sha1", "hashlib.sha256", "hashlib.sha512"})
_UTF_8 = frozenset({"utf-8", "utf8", "UTF-8"})


class Digests(Templates):
    """Lowers what is shown of a text's digest."""

    def digest(self, node: ast.Call) -> ir.Expr | None:
        """The digits of a digest that is made and asked for at once; None for any other call."""
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=made, args=[ast.Call() as given], keywords=[]),
                    attr="hexdigest",
                ),
                args=[],
                keywords=[],
            ):
                kind, text = self.resolve(made), self._encoded(given)
                if kind in _KINDS and text is not None:
                    return ir.Call(kind, (text,), (), STR, self.span(node))
        return None

    def _encoded(self, node: ast.Call) -> ir.Expr | None:
        """The text of which a call makes bytes in UTF-8."""
        match node:
            case ast.Call(func=ast.Attribute(value=text, attr="encode"), keywords=[]):
                value = self.expr(text)
                named = [x.value for x in node.args if isinstance(x, ast.Constant)]
                if isinstance(value.type, t.StrType) and len(named) == len(node.args) <= 1:
                    return value if set(named) <= _UTF_8 else None
        return None
