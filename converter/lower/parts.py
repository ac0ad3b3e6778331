"""Subscripts, slices, fields and attributes."""

import ast

from langferry.converter.lower import convert as fit
from langferry.converter.lower.names import type_name
from langferry.converter.lower.operators import Operators
from langferry.converter.lower.signatures import ANY, ATTRIBUTES, CONSTANTS, INT, STR
from langferry.model import ir
from langferry.model import types as t


class Parts(Operators):
    """Lowers parts of values."""

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        value, span = self.expr(node.value), self.span(node)
        if isinstance(node.slice, ast.Slice):
            return self._slice(value, node.slice, node)
        match value.type:
            case t.RecordType(record=record):
                index = node.slice
                if not isinstance(index, ast.Constant) or not isinstance(index.value, str):
                    raise self.refuse("LF302", "a computed key of a record is not native", node)
                return ir.Field(value, index.value, self.field(record, index.value, node), span)
            case t.DictType(key=key, value=item):
                return ir.Item(value, self.expect(node.slice, key), item, span)
            case t.ListType(item=item):
                return ir.Item(value, self.expect(node.slice, INT), item, span)
            case t.StrType():
                return ir.Item(value, self.expect(node.slice, INT), STR, span)
            case t.TupleType(items=items):
                at = self.expr(node.slice)
                if isinstance(at, ir.IntLit) and -len(items) <= int(at.digits) < len(items):
                    place = int(at.digits) % len(items)
                    literal = ir.IntLit(str(place), INT, at.span)
                    return ir.Item(value, literal, items[place], span)
            case t.AnyType():
                return ir.Item(value, self.expect(node.slice, ANY), ANY, span)
            case t.ClassType(name="re.Match"):
                group = self.expr(node.slice)
                optional = t.OptionalType(STR)
                return self._narrowed(
                    ir.MethodCall(value, "group", (group,), (), optional, span), node
                )
        raise self.refuse("LF302", f"subscripts of {type_name(value.type)} are not native", node)

    def _slice(self, value: ir.Expr, bounds: ast.Slice, node: ast.Subscript) -> ir.Expr:
        if not isinstance(value.type, t.ListType | t.StrType | t.AnyType):
            raise self.refuse("LF302", f"slices of {type_name(value.type)} are not native", node)

        def bound(given: ast.expr | None) -> ir.Expr | None:
            if given is None or (isinstance(given, ast.Constant) and given.value is None):
                return None
            return self.expect(given, INT)

        return ir.Slice(
            value,
            bound(bounds.lower),
            bound(bounds.upper),
            bound(bounds.step),
            value.type,
            self.span(node),
        )

    def field(self, record: str, name: object, node: ast.expr) -> t.Type:
        """The type of a record's field."""
        for field in self.records[record].fields:
            if field.name == name:
                return fit.plain(field.type)
        raise self.refuse("LF307", f"`{self.records[record].name}` has no field {name!r}", node)

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        span = self.span(node)
        qualified = self.resolve(node)
        if qualified in CONSTANTS:
            return ir.Call(qualified, (), (), CONSTANTS[qualified], span)
        if qualified is not None:
            member = self.meaning.module_member(qualified)
            if member is not None:
                return self.meaning.global_value(*member, span)
            raise self.refuse("LF303", f"`{qualified}` is not native", node)
        value = self.expr(node.value)
        if isinstance(value.type, t.AnyType):
            self.check_attribute(node.attr, node)
            return ir.Attribute(value, node.attr, ANY, span)
        if (
            isinstance(value.type, t.RecordType)
            and self.records[value.type.record].kind == "dataclass"
        ):
            record = value.type.record
            return ir.Field(value, node.attr, self.field(record, node.attr, node), span)
        if isinstance(value.type, t.ClassType):
            found = ATTRIBUTES.get(value.type.name, {}).get(node.attr)
            if found is not None:
                return ir.Attribute(value, node.attr, found, span)
        raise self.refuse(
            "LF303", f"attribute `{node.attr}` of {type_name(value.type)} is not native", node
        )

    def check_attribute(self, name: str, node: ast.expr) -> None:
        """Refuse what an object of unknown class may have next to its fields."""
        if name.startswith("_") or name in self.meaning.members:
            raise self.refuse("LF303", f"attribute `{name}` of Any is not native", node)
