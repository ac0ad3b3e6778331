"""LangChain's documents."""

import ast
import json

from langferry.converter.lower.message_classes import DOCUMENT, DOCUMENTS
from langferry.converter.lower.signatures import ANY, FORM, STR
from langferry.converter.lower.stores import Stores
from langferry.model import ir
from langferry.model import types as t

_SCHEMA = {
    "properties": {
        "id": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "metadata": {"additionalProperties": True, "type": "object"},
        "page_content": {"type": "string"},
        "type": {"const": "Document", "default": "Document", "type": "string"},
    },
    "required": ["page_content"],
    "title": "Document",
    "type": "object",
}


class Documents(Stores):
    """Lowers the making of documents."""

    def make_document(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """`Document(page_content=..., metadata=...)`; None where `qualified` is no class of documents."""
        if qualified not in DOCUMENTS:
            return None
        given = [("page_content", item) for item in node.args]
        given += [(item.arg or "", item.value) for item in node.keywords]
        names = [name for name, _ in given]
        known = {"page_content", "metadata", "id"}
        if len(set(names)) < len(names) or not {"page_content"} <= set(names) <= known:
            raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)
        span = self.span(node)
        fields = []
        for name, item in given:
            value = self.expr(item)
            if name == "id" and value.type not in (STR, t.OptionalType(STR), t.NoneType()):
                # of which pydantic makes a text
                raise self.refuse("LF307", "an id of a document that may be no text", item)
            fields.append((ir.StrLit(name, STR, span), self.fitted(value, ANY, item)))
        whole = ir.DictLit(tuple(fields), t.DictType(STR, ANY), span)
        factories = (("Document", "metadata", "{}"),)
        form = ir.FormLit(DOCUMENT, json.dumps(_SCHEMA), (), factories, FORM, span)
        return ir.Call("langchain.validated", (form, self.fitted(whole, ANY, node)), (), ANY, span)
