"""`str.format`: known templates become f-strings, others are filled when the program runs."""

import ast
import re
import string
from collections.abc import Mapping

from langferry.converter.lower.paths import Paths
from langferry.converter.lower.signatures import ANY, STR
from langferry.model import ir
from langferry.model import types as t

_ONLY_DIGITS = re.compile(r"(?:%[YmdHIMSfjyUWuw%]|[^%{}])*")
"""Formats of dates of which the text cannot hold braces."""


class Templates(Paths):
    """Lowers `template.format(...)`."""

    def format_call(self, receiver: ir.Expr, node: ast.Call) -> ir.Expr:
        """`receiver.format(...)`."""
        known = self._known_text(receiver)
        filled = None if known is None else self._filled(known, node)
        if filled is not None:
            return filled
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        names = [*map(str, range(len(node.args))), *(str(x.arg) for x in node.keywords)]
        text = self._known_fields(receiver)
        plain = set() if text is None else _shown_as_they_are(text)
        lowered = [self.expr(value) for value in values]
        for at, value in enumerate(values):
            self._check_text(lowered[at].type, value)
            if not t.may_hold_objects(lowered[at].type):
                continue
            if names[at] in plain:
                lowered[at] = self._text_of(lowered[at])
            else:
                raise self.refuse("LF302", "formatting a value of unknown type here", value)
        args = (receiver, *(self.fitted(x, ANY, node) for x in lowered[: len(node.args)]))
        named = tuple(
            (str(keyword.arg), self.fitted(value, ANY, node))
            for keyword, value in zip(node.keywords, lowered[len(node.args) :], strict=True)
        )
        return ir.Call("str.format", args, named, STR, self.span(node))

    def _text_of(self, value: ir.Expr) -> ir.Expr:
        """`str(value)`, with which a template is filled as with `value` itself."""
        part = ir.Formatted(self.as_shown(value), "", (), STR, value.span)
        return ir.FormatString((part,), STR, value.span)

    def _known_text(self, value: ir.Expr) -> str | None:
        source = self.meaning_of_global(value)
        if isinstance(value, ir.Name):
            source = self.constants.get(value.name)
        value = source if source is not None else value
        return value.value if isinstance(value, ir.StrLit) else None

    def _known_fields(self, value: ir.Expr) -> str | None:
        """A template of which the fields are known, with a digit for each date that is written into it."""
        known = self._known_text(value)
        if known is not None:
            return known
        match self.meaning_of_global(value) or value:
            case ir.Binary(op="+", left=left, right=right, type=t.StrType()):
                texts = self._known_fields(left), self._known_fields(right)
                return None if None in texts else "".join(map(str, texts))
            case ir.MethodCall(method="strftime", args=(ir.StrLit(value=form),)):
                return "0" if _ONLY_DIGITS.fullmatch(form) else None
        return None

    def _filled(self, template: str, node: ast.Call) -> ir.Expr | None:
        """The f-string that the call is; None where it is none, or not for certain."""
        given: dict[str, ast.expr] = {str(at): arg for at, arg in enumerate(node.args)}
        given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
        try:
            pieces = list(string.Formatter().parse(template))
        except ValueError:
            return None
        fields = _numbered([field for _, field, _, _ in pieces if field is not None])
        if fields is None or not _in_order(fields, given):
            return None
        parts: list[ir.StrLit | ir.Formatted] = []
        names = iter(fields)
        for text, field, spec, conversion in pieces:
            parts.append(ir.StrLit(text, STR, self.span(node)))
            if field is None:
                continue
            if "{" in (spec or "") or conversion not in (None, "r", "s"):
                return None
            value = self.as_shown(self.expr(given[next(names)]))
            self._check_shown(value.type, node)
            shape = (ir.StrLit(spec, STR, value.span),) if spec else ()
            shown = "r" if conversion == "r" else "s" if conversion == "s" else ""
            parts.append(ir.Formatted(value, shown, shape, STR, value.span))  # type: ignore[arg-type]
        return ir.FormatString(tuple(parts), STR, self.span(node))


def _shown_as_they_are(template: str) -> set[str]:
    """What the fields of a template show by their texts alone."""
    try:
        pieces = list(string.Formatter().parse(template))
    except ValueError:
        return set()
    shown, otherwise = set[str](), set[str]()
    fields = _numbered([field for _, field, _, _ in pieces if field is not None])
    for name, (_, _, spec, conversion) in zip(
        fields or (), (x for x in pieces if x[1] is not None), strict=False
    ):
        bare = name.partition(".")[0].partition("[")[0]
        is_plain = bare == name and not spec and conversion in (None, "s")
        (shown if is_plain else otherwise).add(bare)
    # what stands within a format is a field, too
    nested = any("{" in (spec or "") for _, _, spec, _ in pieces)
    return set() if nested else shown - otherwise


def _numbered(fields: list[str]) -> list[str] | None:
    """Names of fields with automatic numbers written out; None where they do not go together."""
    if all(field == "" for field in fields):
        return [str(at) for at in range(len(fields))]
    return None if "" in fields else fields


def _in_order(fields: list[str], given: Mapping[str, ast.expr]) -> bool:
    """Whether what is given is evaluated in the same order when it stands in the fields."""
    if not set(fields) <= given.keys():
        return False
    if fields == list(given):
        return True
    return all(isinstance(value, ast.Name | ast.Constant) for value in given.values())
