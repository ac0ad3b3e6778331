"""Statements that change a value."""

from collections.abc import Sequence

import msgspec

from langferry.codegen.rust.functions.liveness import changed_name, names_read
from langferry.codegen.rust.functions.results import Results
from langferry.codegen.rust.functions.values import NUMBERS, is_dynamic_key
from langferry.codegen.rust.literals import escaped, string
from langferry.model import ir
from langferry.model import types as t

_IN_PLACE = frozenset({"+", "-", "*"})


class Changes(Results):
    """Writes changes of locals."""

    kinds: dict[str, t.Type]

    mutable: set[str]

    read: set[str]

    def held(self, name: str, value: ir.Expr) -> str:
        """A value in the form in which its local holds it."""
        match self.locals.form(name):
            case "str" | "ref" | "optref":
                return self.emit(value).text
        return self.typed(value)

    def _augment(self, node: ir.Augment) -> str:
        text = self.locals.text(node.target.name)
        if node.target.name in names_read([node.value]):
            own = ir.Name(node.target.name, node.target.type, node.span)
            joined = ir.Binary(node.op, own, node.value, node.target.type, node.span)
            self.copies_only += 1
            value = self.owned(joined)
            self.copies_only -= 1
            return f"{text} = {value};"
        return self._augmented(text, node.target.type, node.op, node.value, node)

    def _augmented(
        self, place: str, kind: t.Type, op: ir.BinaryOp, value: ir.Expr, node: ir.Stmt
    ) -> str:
        if isinstance(kind, NUMBERS) and op in _IN_PLACE:
            return f"{place} {op}= {self.number(value)};"
        if isinstance(kind, t.StrType) and op == "+" and place.isidentifier():
            if isinstance(value, ir.StrLit) and len(value.value) == 1:
                return f"{place}.push({character(value.value)});"
            return f"{place}.push_str({self.borrowed(value)});"
        if isinstance(kind, t.ListType) and op == "+":
            return f"{place}.extend({self.owned(value)});"
        if isinstance(kind, t.DictType) and op == "|":
            return f"{place}.update({self.owned(value)});"
        called = {"/": "true_div", "//": "floor_div", "%": "rem", "**": "pow", "<<": "shl"}
        called |= {
            ">>": "shr",
            "&": "and",
            "|": "or",
            "^": "xor",
            "*": "mul",
            "+": "add",
            "-": "sub",
        }
        made = self.attempt(f"ops::{called[op]}(&{place}, {self.borrowed(value)})").text
        return f"{place} = {made};"

    def _require(self, node: ir.Require) -> str:
        assert isinstance(node.container.type, t.RecordType)
        record, base = node.container.type.record, self.locals.text(node.container.name)
        layout = self.file.layout
        name = string(layout.record(record).name)
        present = ", ".join(
            f"({string(field)}, {base}.{layout.field(record, field)}.is_set())"
            for field in node.fields
        )
        checks = [f"require_fields({name}, &[{present}])"] if node.fields else []
        for field, shape in node.shapes:
            value = f"{base}.{layout.field(record, field)}.as_deref()"
            checks.append(f"require_shape({name}, {string(field)}, {value}, &{_shape(shape)})")
        return "\n".join(f"{self.attempt(check).text};" for check in checks)

    def _set_field(self, node: ir.SetField) -> str:
        assert isinstance(node.container.type, t.RecordType)
        field = self.file.layout.field(node.container.type.record, node.field)
        place = f"{self.locals.text(node.container.name)}.{field}"
        return f"{place}.set({self.typed(node.value)});"

    def _set_item(self, node: ir.SetItem) -> str:
        if node.op is not None:
            return self._augment_item(node, node.op)
        if isinstance(node.container, ir.Field):
            first, (value, index) = self._made_first([node.value, node.index])
            opened, container = self._opened_part(node.container)
            return f"{first}{opened}{self._item_set(node.container.type, container, index, value)}"
        container = self.locals.text(node.container.name)
        if isinstance(node.container.type, t.DictType):
            if _is_simple(node.index) or _is_simple(node.value):
                return self._item_set(node.container.type, container, node.index, node.value)
            lines, (value,) = self._made_first([node.value])
            return lines + self._item_set(node.container.type, container, node.index, value)
        lines, (value, index) = self._made_first([node.value, node.index])
        whole = container if isinstance(node.container.type, t.AnyType) else f"&mut {container}"
        return lines + self._item_set(node.container.type, whole, index, value)

    def _item_set(self, kind: t.Type, container: str, index: ir.Expr, value: ir.Expr) -> str:
        if isinstance(kind, t.DictType):
            is_open = is_dynamic_key(index)
            key = f"{self.looked_up(index)}.clone()" if is_open else self.owned(index)
            return f"{container}.insert({key}, {self.typed(value)});"
        if isinstance(kind, t.AnyType):
            given = f"{self.typed(index)}, {self.typed(value)}"
            return f"{self.attempt(f'{container}.set_item({given})').text};"
        called = f"list::set_item({container}, {self.number(index)}, {self.typed(value)})"
        return f"{self.attempt(called).text};"

    def _opened_part(self, part: ir.Field) -> tuple[str, str]:
        """A field's value of its own, as a `let` of a `&mut`, and the name of that."""
        assert isinstance(part.value.type, t.RecordType)
        field = self.file.layout.field(part.value.type.record, part.field)
        name = self.locals.fresh(field.removeprefix("r#"))
        place = f"{self.receiver(part.value)}.{field}.get_mut({string(part.field)})"
        return f"let {name} = {self.attempt(place).text};\n", name

    def _made_first(self, nodes: Sequence[ir.Expr]) -> tuple[str, list[ir.Expr]]:
        """Computed values as `let`s, evaluated before what they are used in is borrowed."""
        lines = ""
        made: list[ir.Expr] = []
        for node in nodes:
            if _is_simple(node):
                made.append(node)
                continue
            self.copies_only += 1
            text = self.owned(node)
            self.copies_only -= 1
            name = self.locals.temporary("value")
            lines += f"let {self.locals.text(name)} = {text};\n"
            made.append(ir.Name(name, node.type, node.span))
        return lines, made

    def _augment_item(self, node: ir.SetItem, op: ir.BinaryOp) -> str:
        kind, index, opened = node.container.type, node.index, ""
        item = kind.value if isinstance(kind, t.DictType) else getattr(kind, "item", kind)
        # Python reads the item before it evaluates the right-hand side
        simple = _is_simple(node.value) and isinstance(item, NUMBERS) and op in _IN_PLACE
        first = ""
        reads = {node.container.name} if isinstance(node.container, ir.Name) else set()
        twice = not simple and not _is_simple(index)
        if isinstance(node.container, ir.Field) or twice or reads & names_read([index]):
            first, (index,) = self._made_first([index])
        read = ir.Item(node.container, index, item, node.span)
        joined = ir.Binary(op, read, node.value, item, node.span)
        if not simple:
            self.copies_only += 1
            value = self.owned(joined)
            self.copies_only -= 1
            name = self.locals.fresh("value")
            first += f"let {name} = {value};\n"
        if isinstance(node.container, ir.Field):
            opened, container = self._opened_part(node.container)
            whole = container
        else:
            container = self.locals.text(node.container.name)
            whole = f"&mut {container}"
        if isinstance(kind, t.DictType):
            place = self.attempt(f"{container}.item_mut({self.looked_up(index)})").text
        else:
            place = self.attempt(f"list::item_mut({whole}, {self.number(index)})").text
        if simple:
            return f"{first}{opened}*{place} {op}= {self.number(node.value)};"
        return f"{first}{opened}*{place} = {name};"

    def _delete(self, node: ir.DeleteItem) -> str:
        lines, index = "", node.index
        if isinstance(node.container, ir.Field):
            first, (index,) = self._made_first([index])
            opened, container = self._opened_part(node.container)
            lines, whole = first + opened, container
        else:
            container = self.locals.text(node.container.name)
            whole = f"&mut {container}"
        if isinstance(node.container.type, t.DictType):
            return lines + self.attempt(f"{container}.delete({self.looked_up(index)})").text + ";"
        if not lines:
            lines, (index,) = self._made_first([index])
        if isinstance(node.container.type, t.AnyType):
            called = f"{container}.delete_item({self.typed(index)})"
            return f"{lines}{self.attempt(called).text};"
        return f"{lines}{self.attempt(f'list::delete({whole}, {self.number(index)})').text};"

    def _evaluate(self, node: ir.Evaluate) -> str:
        before, lines, value = self.tries, "", node.value
        if (
            isinstance(value, ir.MethodCall)
            and isinstance(value.receiver, ir.Field)
            and changed_name(node) is not None
        ):
            return self._change_part(value, value.receiver)
        if (
            isinstance(value, ir.MethodCall)
            and isinstance(value.receiver, ir.Name)
            and value.receiver.name in names_read(value.args)
        ):
            lines, args = self._made_first(value.args)
            value = msgspec.structs.replace(value, args=tuple(args))
        text = self.emit(value).text
        if isinstance(value, ir.MethodCall) and isinstance(value.type, t.NoneType):
            return f"{lines}{text};"
        if self.tries != before and text.endswith("?"):
            return f"{lines}{text};"
        return f"{lines}let _ = {text};"

    def _change_part(self, value: ir.MethodCall, part: ir.Field) -> str:
        first, args = self._made_first(value.args)
        opened, text = self._opened_part(part)
        name = f"{text} (made)"
        self.locals.declare_text(name, text)
        changed = msgspec.structs.replace(
            value, receiver=ir.Name(name, part.type, part.span), args=tuple(args)
        )
        before = self.tries
        called = self.emit(changed).text.replace(f"&mut {text}", text)
        ends = called.endswith("?") and self.tries != before
        plain = ends or isinstance(value.type, t.NoneType)
        return f"{first}{opened}{'' if plain else 'let _ = '}{called};"


def _shape(shape: ir.Shape) -> str:
    if shape.kind in ("message", "object", "text"):
        return f"Shape::{shape.kind.title()}(&[{', '.join(map(string, shape.names))}])"
    if shape.kind == "float":
        return "Shape::Float"
    inner = "None" if shape.item is None else f"Some(&{_shape(shape.item)})"
    if shape.kind == "within":
        bounds = (bound.split() for bound in shape.names)
        told = ", ".join(f"Bound::{name.title()}({number})" for name, number in bounds)
        return f"Shape::Within(&[{told}], {inner})"
    return f"Shape::{shape.kind.title()}({inner})"


def character(text: str) -> str:
    """A `char` literal."""
    inner = escaped(text)
    return f"'{ {chr(34): chr(34), chr(39): chr(92) + chr(39)}.get(text, inner) }'"


def _is_simple(node: ir.Expr) -> bool:
    """Whether evaluating it earlier or later makes no difference."""
    while isinstance(node, ir.Convert):
        node = node.value
    return isinstance(node, ir.Name | ir.IntLit | ir.StrLit | ir.FloatLit | ir.BoolLit | ir.NoneLit)
