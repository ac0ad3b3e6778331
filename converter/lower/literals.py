"""Literals: numbers, text, f-strings, containers, records."""

import ast
from typing import Literal

from langferry.converter.lower import convert as fit
from langferry.converter.lower.names import type_name
from langferry.converter.lower.signatures import ANY, BOOL, FLOAT, INT, STR
from langferry.converter.lower.whole_states import WholeStates
from langferry.model import ir
from langferry.model import types as t

_CONVERSIONS: dict[int, Literal["", "r", "s"]] = {-1: "", ord("r"): "r", ord("s"): "s"}


_LISTS = (ir.Name, ir.Field, ir.FieldOr, ir.Item, ir.ListLit, ir.Binary, ir.FunctionCall)
"""Expressions whose lists are there as such, and not made while they are iterated over."""


class Literals(WholeStates):
    """Lowers literals."""

    def _constant(self, node: ast.Constant) -> ir.Expr:
        span, value = self.span(node), node.value
        match value:
            case None:
                return ir.NoneLit(t.NoneType(), span)
            case bool():
                return ir.BoolLit(value, BOOL, span)
            case int():
                return ir.IntLit(str(value), INT, span)
            case float():
                return ir.FloatLit(repr(value), FLOAT, span)
            case str():
                if any("\ud800" <= character <= "\udfff" for character in value):
                    raise self.refuse(
                        "LF302", "a lone surrogate has no place in Rust's strings", node
                    )
                return ir.StrLit(value, STR, span)
            case bytes():
                # a character a byte
                text = ir.StrLit(value.decode("latin-1"), STR, span)
                return ir.Call("bytes.literal", (text,), (), t.BytesType(), span)
        raise self.refuse("LF302", f"`{type(value).__name__}` literals are not native", node)

    def _parts(self, node: ast.JoinedStr) -> tuple[ir.StrLit | ir.Formatted, ...]:
        parts: list[ir.StrLit | ir.Formatted] = []
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                shown = value.value
                is_uuid = isinstance(shown, ast.Call) and self.resolve(shown.func) == "uuid.uuid4"
                if is_uuid and value.conversion == -1 and value.format_spec is None:
                    span = self.span(shown)
                    text = ir.Call("uuid.uuid4", (), (), STR, span)
                    parts.append(ir.Formatted(text, "", (), STR, span))
                    continue
                inner = self.class_shown(shown) or self.as_shown(self.expr(shown))
                conversion = _CONVERSIONS.get(value.conversion)
                if conversion is None:
                    raise self.refuse("LF302", "conversion `!a` is not native", node)
                self._check_shown(inner.type, node)
                spec = (
                    self._parts(value.format_spec)
                    if isinstance(value.format_spec, ast.JoinedStr)
                    else ()
                )
                parts.append(ir.Formatted(inner, conversion, spec, STR, inner.span))
            elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                parts.append(ir.StrLit(value.value, STR, self.span(node)))
        return tuple(parts)

    def class_shown(self, node: ast.expr) -> ir.Expr | None:
        """The text of `type(value)`."""
        match node:
            case ast.Call(func=func, args=[given], keywords=[]):
                if self.resolve(func) == "builtins.type":
                    value = self.fitted(self.expr(given), ANY, node)
                    return ir.Call("objects.class_text", (value,), (), STR, self.span(node))
        return None

    def as_shown(self, value: ir.Expr) -> ir.Expr:
        """`value` as its text is made: a typed dict as the dict it is."""
        if isinstance(value.type, t.RecordType):
            record = self.records[value.type.record]
            if record.kind == "typed_dict":
                return ir.Convert(value, ANY, value.span)
        return value

    def _check_shown(self, shown: t.Type, node: ast.expr) -> None:
        """Text of records and classes depends on more than their fields."""
        match shown:
            case t.RecordType() | t.CallableType() | t.SetType() | t.BytesType():
                raise self.refuse("LF302", f"the text of {type_name(shown)} is not native", node)
            case t.ClassType(name=name) if not name.startswith(
                ("datetime.", "pathlib.Path", "Exception")
            ):
                raise self.refuse("LF302", f"the text of {type_name(shown)} is not native", node)
            case t.ListType(item=item) | t.OptionalType(item=item):
                self._check_shown(item, node)
            case t.DictType(key=key, value=value):
                self._check_shown(key, node)
                self._check_shown(value, node)
            case t.TupleType(items=items):
                for item in items:
                    self._check_shown(item, node)

    def common(self, values: list[ir.Expr], node: ast.expr) -> t.Type:
        """The type that holds all of `values`."""
        if not values:
            return ANY
        result = values[0].type
        for value in values[1:]:
            joined = fit.join(result, value.type)
            result = ANY if joined is None else joined
        if isinstance(result, t.NoneType):
            return ANY
        return result

    def _items(self, node: ast.List | ast.Set, want: t.Type | None) -> ir.Expr:
        item = want.item if isinstance(want, t.ListType | t.SetType) else None
        values: list[ir.Expr] = []
        spread: list[bool] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                inner = self.iterated(element.value)
                values.append(inner[0])
                spread.append(True)
            else:
                values.append(self.expr(element, item))
                spread.append(False)
        if item is None or any(fit.is_of_langchain(value.type) for value in values):
            checked = self.checked_type(node)
            item = checked.item if isinstance(checked, t.ListType | t.SetType) else ANY
            if isinstance(item, t.AnyType):
                single = [v for v, s in zip(values, spread, strict=True) if not s]
                item = self.common(single, node) if len(single) == len(values) else ANY
        items: list[ir.Expr] = []
        for element, value, is_spread in zip(node.elts, values, spread, strict=True):
            if is_spread:
                if isinstance(value.type, t.ListType) and isinstance(value, _LISTS):
                    value = self.fitted(value, t.ListType(item), element)
                if item_type(value.type) != item:
                    raise self.refuse(
                        "LF307", f"{type_name(value.type)} among {type_name(item)}", element
                    )
                items.append(ir.Spread(value, value.type, value.span))
            else:
                items.append(self.fitted(value, item, element))
        if isinstance(node, ast.Set):
            if not is_hashable(item):
                raise self.refuse("LF302", f"a set of {type_name(item)} is not native", node)
            return ir.SetLit(tuple(items), t.SetType(item), self.span(node))
        return ir.ListLit(tuple(items), t.ListType(item), self.span(node))

    def _tuple(self, node: ast.Tuple, want: t.Type | None) -> ir.Expr:
        if not 1 <= len(node.elts) <= 6 or any(isinstance(e, ast.Starred) for e in node.elts):
            raise self.refuse("LF302", "tuples of this form are not native", node)
        wanted = (
            list(want.items)
            if isinstance(want, t.TupleType) and len(want.items) == len(node.elts)
            else [None] * len(node.elts)
        )
        items = [
            self.expr(element, item) if item is None else self.expect(element, item)
            for element, item in zip(node.elts, wanted, strict=True)
        ]
        items = [ir.NoneLit(ANY, i.span) if isinstance(i.type, t.NoneType) else i for i in items]
        return ir.TupleLit(
            tuple(items), t.TupleType(tuple(item.type for item in items)), self.span(node)
        )

    def _dict(self, node: ast.Dict, want: t.Type | None) -> ir.Expr:
        span = self.span(node)
        if isinstance(want, t.RecordType):
            return self.record(node, want)
        key_type: t.Type | None = None
        value_type: t.Type | None = None
        checked = want if isinstance(want, t.DictType) else self.checked_type(node)
        if isinstance(checked, t.DictType):
            key_type, value_type = checked.key, checked.value
        keys = [None if key is None else self.expr(key, key_type) for key in node.keys]
        values = [self.expr(value, value_type) for value in node.values]
        given = [key for key in keys if key is not None]
        if key_type is None or isinstance(key_type, t.AnyType):
            key_type = self.common(given, node) if len(given) == len(keys) else key_type or ANY
        of_langchain = any(fit.is_of_langchain(value.type) for value in values)
        if value_type is None or (
            isinstance(value_type, t.AnyType) and (want is None or of_langchain)
        ):
            plain = [v for k, v in zip(keys, values, strict=True) if k is not None]
            value_type = self.common(plain, node) if len(plain) == len(keys) else ANY
        if not is_hashable(key_type):
            raise self.refuse(
                "LF302", f"a dict with keys of {type_name(key_type)} is not native", node
            )
        whole = t.DictType(key_type, value_type)
        entries: list[tuple[ir.Expr | None, ir.Expr]] = []
        for key, key_node, value, value_node in zip(
            keys, node.keys, values, node.values, strict=True
        ):
            if key is None or key_node is None:
                value = self.as_dict(value, value_node) or value
                entries.append((None, self.fitted(value, whole, value_node)))
            else:
                entries.append(
                    (
                        self.fitted(key, key_type, key_node),
                        self.fitted(value, value_type, value_node),
                    )
                )
        return ir.DictLit(tuple(entries), whole, span)

    def record(self, node: ast.Dict, want: t.RecordType, *, is_seen: bool = True) -> ir.Expr:
        """A dict literal where a TypedDict is expected; of one that is not `seen` whole only a key is read."""
        record = self.records[want.record]
        known = {field.name: fit.plain(field.type) for field in record.fields}
        fields: list[tuple[str, ir.Expr]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            named = isinstance(key, ast.Constant) and key.value in known
            if not named or not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise self.refuse("LF307", f"a key that is no field of `{record.name}`", node)
            if any(name == key.value for name, _ in fields):
                raise self.refuse("LF302", f"key {key.value!r} stands twice", node)
            fields.append((key.value, self.expect(value, known[key.value])))
        given = [name for name, _ in fields]
        if is_seen and given != [name for name in known if name in given]:
            # a struct shows them in its own order
            message = f"the keys of a `{record.name}` in another order than it declares"
            raise self.refuse("LF305", message, node)
        if record.kind != "typed_dict":
            raise self.refuse("LF307", f"a dict where `{record.name}` is expected", node)
        return ir.RecordLit(tuple(fields), want, self.span(node))


def item_type(kind: t.Type) -> t.Type | None:
    match kind:
        case t.ListType(item=item) | t.SetType(item=item):
            return item
        case t.DictType(key=key):
            return key
        case t.ClassType(name="builtins.range"):
            return INT
        case t.ClassType(name="collections.Counter"):
            return STR
        case t.AnyType():
            return ANY
    return None


def is_hashable(kind: t.Type) -> bool:
    match kind:
        case t.StrType() | t.IntType() | t.BoolType() | t.AnyType():
            return True
        case t.TupleType(items=items):
            # an item of unknown type would have to be asked
            return all(not isinstance(x, t.AnyType) and is_hashable(x) for x in items)
        case t.OptionalType(item=item):
            return is_hashable(item)
    return False


def is_ordered(kind: t.Type) -> bool:
    match kind:
        case t.StrType() | t.IntType() | t.FloatType() | t.AnyType():
            return True
        case t.ClassType(name=name):
            return name.startswith("datetime.")
        case t.TupleType(items=items):
            return all(is_ordered(item) for item in items)
        case t.ListType(item=item):
            return is_ordered(item)
    return False
