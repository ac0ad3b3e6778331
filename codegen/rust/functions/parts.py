"""Parts of values, and values seen as another type."""

import re

from langferry.codegen.rust.functions import code as c
from langferry.codegen.rust.functions import library
from langferry.codegen.rust.functions.code import Code
from langferry.codegen.rust.functions.operators import Operators
from langferry.codegen.rust.functions.values import dynamic, receiver_text, untold
from langferry.codegen.rust.literals import string
from langferry.model import ir
from langferry.model import types as t
from langferry.model.walk import walk


class Parts(Operators):
    """Writes subscripts, fields and conversions."""

    def _item(self, node: ir.Item) -> Code:
        match node.value.type:
            case t.TupleType():
                made = self.emit(node.value)
                assert isinstance(node.index, ir.IntLit)
                text = f"{receiver_text(made)}.{node.index.digits}"
                return Code(text, "value" if made.form == "value" else "place")
            case t.DictType():
                base = self.emit(node.value)
                key = self.looked_up(node.index)
                text = self.attempt(f"{receiver_text(base)}.item({key})").text
                return self._part(base, text)
            case t.ListType():
                base = self.emit(node.value)
                text = self.attempt(
                    f"list::item({self.as_ref(base, node.value.type)}, {self.number(node.index)})"
                ).text
                return self._part(base, text)
            case t.StrType():
                return self.attempt(
                    f"str_::item({self.borrowed(node.value)}, {self.number(node.index)})"
                )
        return self.attempt(f"{self.receiver(node.value)}.item({self.into_value(node.index)})")

    def _part(self, base: Code, text: str) -> Code:
        """What lies in a value that is about to end must be copied out of it."""
        return Code(f"{text}.clone()", "value") if base.form == "value" else Code(text, "ref")

    def _slice(self, node: ir.Slice) -> Code:
        if node.step is not None:
            bounds = ", ".join(
                "None" if bound is None else f"Some({self.owned(bound)})"
                for bound in (node.start, node.stop, node.step)
            )
            within = self.attempt(f"Slice::new({bounds})").text
        else:
            within = self._range(node.start, node.stop)
        if isinstance(node.type, t.AnyType):
            return self.attempt(f"{self.receiver(node.value)}.slice({within})")
        module = "str_" if isinstance(node.type, t.StrType) else "list"
        return Code(f"{module}::slice({self.borrowed(node.value)}, {within})", "value")

    def _range(self, start: ir.Expr | None, stop: ir.Expr | None) -> str:
        if start is None or stop is None:
            a = "" if start is None else self._bound(start)
            b = "" if stop is None else self._bound(stop)
            return f"{a}..{b}"
        first, last = self.literal(start), self.literal(stop)
        if first is not None and last is not None:
            return f"{first}..{last}"
        return f"{self._loose(start)}..{self._loose(stop)}"

    def _bound(self, node: ir.Expr) -> str:
        literal = self.literal(node)
        if literal is not None:
            return literal
        made = self.emit(node)
        return made.within(c.BIT_OR) if made.form == "value" else self.as_ref(made, node.type)

    def _loose(self, node: ir.Expr) -> str:
        made = self.emit(node)
        text = self.as_owned(made, node.type)
        return f"({text})" if made.form == "value" and made.binds > c.BIT_OR else text

    def _field(self, node: ir.Field) -> Code:
        assert isinstance(node.value.type, t.RecordType)
        record = node.value.type.record
        base = self.emit(node.value)
        name = self.file.layout.field(record, node.field)
        if self._has_slot(record, node.field):
            return self._part(base, self.attempt(f"{receiver_text(base)}.{name}()").text)
        return Code(f"{receiver_text(base)}.{name}", "value" if base.form == "value" else "place")

    def _fieldor(self, node: ir.FieldOr) -> Code:
        assert isinstance(node.value.type, t.RecordType)
        record = node.value.type.record
        base, name = self.receiver(node.value), self.file.layout.field(record, node.field)
        field = next(f for f in self.file.layout.record(record).fields if f.name == node.field)
        optional = isinstance(field.type, t.OptionalType)
        dynamic = isinstance(field.type, t.AnyType) or field.type == t.OptionalType(t.AnyType())
        if not self._has_slot(record, node.field):
            place = Code(f"{base}.{name}", "place")
            if isinstance(node.default, ir.NoneLit) and not optional and not dynamic:
                return Code(f"Some({self.as_owned(place, node.type.item)})", "value")  # type: ignore[union-attr]
            return place
        slot = f"{base}.{name}.as_deref()"
        if isinstance(node.default, ir.NoneLit):
            if dynamic:
                return Code(f"{slot}.cloned().unwrap_or_default()", "value")
            if optional:
                return Code(f"{slot}.and_then(Option::as_ref)", "optref")
            return Code(slot, "optref")
        return Code(f"{slot}.cloned().{self._default(node.default)}", "value")

    def _default(self, node: ir.Expr) -> str:
        """`unwrap_or` of a default, which Python evaluates whether it is needed or not."""
        before = self.tries
        text = self.owned(node)
        literal = isinstance(node, ir.IntLit | ir.FloatLit | ir.BoolLit)
        if re.fullmatch(r"[A-Z]\w+::new\(\)", untold(text)):
            return "unwrap_or_default()"
        if literal or self.tries != before or _has_effects(node):
            return f"unwrap_or({text})"
        return f"unwrap_or_else(|| {text})"

    def _hasfield(self, node: ir.HasField) -> Code:
        assert isinstance(node.value.type, t.RecordType)
        record = node.value.type.record
        name = self.file.layout.field(record, node.field)
        if not self._has_slot(record, node.field):
            return Code("true", "value")
        return Code(f"{self.receiver(node.value)}.{name}.is_set()", "value")

    def _attribute(self, node: ir.Attribute) -> Code:
        if isinstance(node.value.type, t.AnyType):
            value = self.borrowed(node.value)
            return self.attempt(f"langferry::objects::attr({value}, {string(node.name)})")
        assert isinstance(node.value.type, t.ClassType)
        name = library.ATTRIBUTES.get((node.value.type.name, node.name), node.name)
        read = f"{self.receiver(node.value)}.{name}()"
        if (node.value.type.name, node.name) in library.FAILING_ATTRIBUTES:
            return self.attempt(read)
        return Code(read, "value")

    def _convert(self, node: ir.Convert) -> Code:
        if isinstance(node.type, t.AnyType) and isinstance(node.value.type, t.RecordType):
            return self.attempt(f"langferry::objects::of({self.borrowed(node.value)})")
        if isinstance(node.type, t.AnyType) and isinstance(node.value, ir.StrLit):
            return Code(f"Value::from({self.emit(node.value).text})", "value")
        if isinstance(node.type, t.FloatType):
            literal = self.literal(node.value)
            if literal is not None:
                return Code(f"Float::from({literal})", "value")
            return Code(f"Float::from({self.borrowed_or_value(node.value)})", "value")
        return Code(self.converted(self.own(node.value), node.value.type, node.type), "value")

    def converted(self, made: Code, found: t.Type, want: t.Type) -> str:
        """`made`, which is a `found` of its own, as a `want`."""
        text, whole = made.text, made.within(c.ATOM)
        if found == want:
            return text
        match found, want:
            case t.NoneType(), t.OptionalType():
                return "None"
            case _, t.AnyType():
                return dynamic(text)
            case t.IntType(), t.FloatType():
                return f"Float::from({text})"
            case t.OptionalType(item=a), t.OptionalType(item=b):
                return f"{whole}.map({self._converter(a, b)})"
            case _, t.OptionalType(item=b):
                return f"Some({self.converted(made, found, b)})"
            case t.ListType(item=t.RecordType()), t.ListType(item=t.AnyType()):
                made_dynamic = f"{whole}.iter().map(langferry::objects::of)"
                return self.attempt(f"{made_dynamic}.collect::<Result<Vec<_>, _>>()").text
            case t.ListType(item=a), t.ListType(item=b):
                return f"{whole}.into_iter().map({self._converter(a, b)}).collect::<Vec<_>>()"
            case t.DictType(key=k, value=a), t.DictType(key=j, value=b):
                new_key = self.converted(Code("key", "value"), k, j)
                pair = f"({new_key}, {self.converted(Code('value', 'value'), a, b)})"
                return f"{whole}.into_iter().map(|(key, value)| {pair}).collect::<Dict<_, _>>()"
            case t.TupleType(items=a), t.TupleType(items=b):
                parts = ", ".join(
                    self.converted(Code(f"whole.{i}", "value"), x, y)
                    for i, (x, y) in enumerate(zip(a, b, strict=True))
                )
                return f"{{ let whole = {text}; ({parts}{',' if len(a) == 1 else ''}) }}"
        raise AssertionError(f"no conversion from {found} to {want}")

    def _converter(self, found: t.Type, want: t.Type) -> str:
        """A function from `found` to `want`."""
        inner = self.converted(Code("item", "value"), found, want)
        called = inner.removesuffix("(item)")
        return called if called.replace("::", "").isalpha() else f"|item| {inner}"

    def _narrow(self, node: ir.Narrow) -> Code:
        if isinstance(node.value.type, t.AnyType):
            self.tries += 1
            target = self.file.type(node.type)
            if isinstance(node.type, t.RecordType):
                value = self.borrowed(node.value)
                function = "record" if self._is_of_class(node.type) else "typed"
                return Code(f"langferry::objects::{function}::<{target}>({value})?", "value")
            if self._holds_records(node.type):
                value = self.borrowed(node.value)
                return Code(f"langferry::objects::typed::<{target}>({value})?", "value")
            checked = f"{self.receiver(node.value)}.to::<{target}>()"
            return Code(f"{checked}.map_err(Exception::unsupported)?", "value")
        if isinstance(node.value, ir.Name) and self.locals.is_open(node.value.name):
            return self._name(node.value)
        self.tries += 1
        made = self.emit(node.value)
        missing = '.ok_or_else(|| Exception::unsupported("None where a value was expected"))?'
        if made.form == "value":
            return Code(f"{made.within(c.ATOM)}{missing}", "value")
        if made.form == "optref":
            return Code(f"{made.within(c.ATOM)}{missing}", "ref")
        return Code(f"{receiver_text(made)}.as_ref(){missing}", "ref")

    def _is_of_class(self, kind: t.RecordType) -> bool:
        return self.file.layout.record(kind.record).kind != "typed_dict"

    def _holds_records(self, kind: t.Type) -> bool:
        match kind:
            case t.OptionalType(item=item) | t.ListType(item=item) | t.DictType(value=item):
                return self._holds_records(item)
        return isinstance(kind, t.RecordType)


_IMPURE = (
    "module_state.",
    "langgraph.invoke",
    "random.",
    "requests.",
    "time.",
    "uuid.",
    "os.",
    "datetime.datetime.",
    "datetime.date.",
)
"""Modules and classes whose functions may give another result each time."""


def _has_effects(node: ir.Expr) -> bool:
    return any(
        isinstance(part, ir.FunctionCall | ir.Interrupt)
        or (isinstance(part, ir.Call) and part.function.startswith(_IMPURE))
        for part in walk([node])
    )
