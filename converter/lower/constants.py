"""Constants the wiring found, as typed expressions."""

import json
from typing import Any

from langferry.converter.lower import convert as fit
from langferry.converter.lower.refusal import Refusal
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.constants import Constant


def literal(constant: Constant, name: str, span: Span) -> ir.Expr:
    """The expression that makes the value of `name` anew.

    Raises:
        Refusal: there is no native literal for it.
    """
    return _literal(json.loads(constant.data), name, span)


def _literal(data: Any, name: str, span: Span) -> ir.Expr:
    match data:
        case None:
            return ir.NoneLit(t.AnyType(), span)
        case bool():
            return ir.BoolLit(data, t.BoolType(), span)
        case int():
            return ir.IntLit(str(data), t.IntType(), span)
        case float():
            return ir.FloatLit(repr(data), t.FloatType(), span)
        case str():
            return ir.StrLit(data, t.StrType(), span)
        case list():
            items, item = _same([_literal(value, name, span) for value in data], name, span)
            return ir.ListLit(items, t.ListType(item), span)
        case {"$type": "set", "items": list(members)}:
            items, item = _same([_literal(value, name, span) for value in members], name, span)
            return ir.SetLit(items, t.SetType(item), span)
        case {"$type": "int", "value": str(digits)}:
            return ir.IntLit(digits, t.IntType(), span)
        case {"$type": "float", "value": str(text)}:
            return ir.FloatLit(text, t.FloatType(), span)
        case dict() if "$type" not in data:
            values, value = _same([_literal(v, name, span) for v in data.values()], name, span)
            keys = [ir.StrLit(key, t.StrType(), span) for key in data]
            entries = tuple(zip(keys, values, strict=True))
            return ir.DictLit(entries, t.DictType(t.StrType(), value), span)
    raise Refusal("LF304", f"the value of `{name}` has no native literal", span)


def _same(values: list[ir.Expr], name: str, span: Span) -> tuple[tuple[ir.Expr, ...], t.Type]:
    if not values:
        return (), t.AnyType()
    common: t.Type = values[0].type
    for value in values[1:]:
        joined = fit.join(common, value.type)
        common = t.AnyType() if joined is None else joined
    fitted = [fit.convert(value, common) for value in values]
    kept = tuple(value for value in fitted if value is not None)
    if len(kept) != len(values):
        raise Refusal("LF304", f"the value of `{name}` has no native literal", span)
    return kept, common
