"""Statements that change a value."""

from collections.abc import Sequence

import msgspec

from langferry.codegen.rust.functions.liveness import (
    names_read,
)
from langferry.codegen.rust.functions.results import Results
from langferry.codegen.rust.functions.values import NUMBERS
from langferry.codegen.rust.literals import string
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
        return self.owned(value)

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

    def _set_item(self, node: ir.SetItem) -> str:
        container = self.locals.text(node.container.name)
        if node.op is not None:
            return self._augment_item(node, node.op, container)
        if isinstance(node.container.type, t.DictType):
            if _is_simple(node.index) or _is_simple(node.value):
                key = self.owned(node.index)
                return f"{container}.insert({key}, {self.owned(node.value)});"
            lines, (value,) = self._made_first([node.value])
            return f"{lines}{container}.insert({self.owned(node.index)}, {self.owned(value)});"
        lines, (value, index) = self._made_first([node.value, node.index])
        called = f"list::set_item(&mut {container}, {self.number(index)}, {self.owned(value)})"
        return f"{lines}{self.attempt(called).text};"

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

    def _augment_item(self, node: ir.SetItem, op: ir.BinaryOp, container: str) -> str:
        kind = node.container.type
        if isinstance(kind, t.DictType):
            place = self.attempt(f"{container}.item_mut({self.borrowed(node.index)})").text
            item = kind.value
        else:
            assert isinstance(kind, t.ListType)
            place = self.attempt(
                f"list::item_mut(&mut {container}, {self.number(node.index)})"
            ).text
            item = kind.item
        # Python reads the item before it evaluates the right-hand side
        simple = _is_simple(node.value) and isinstance(item, NUMBERS) and op in _IN_PLACE
        if simple:
            return f"*{place} {op}= {self.number(node.value)};"
        read = ir.Item(node.container, node.index, item, node.span)
        joined = ir.Binary(op, read, node.value, item, node.span)
        self.copies_only += 1
        value = self.owned(joined)
        self.copies_only -= 1
        name = self.locals.fresh("value")
        return f"let {name} = {value};\n*{place} = {name};"

    def _delete(self, node: ir.DeleteItem) -> str:
        container = self.locals.text(node.container.name)
        if isinstance(node.container.type, t.DictType):
            return self.attempt(f"{container}.delete({self.borrowed(node.index)})").text + ";"
        lines, (index,) = self._made_first([node.index])
        called = f"list::delete(&mut {container}, {self.number(index)})"
        return f"{lines}{self.attempt(called).text};"

    def _evaluate(self, node: ir.Evaluate) -> str:
        before, lines, value = self.tries, "", node.value
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


def character(text: str) -> str:
    """A `char` literal."""
    inner = string(text)[1:-1]
    return f"'{ {chr(34): chr(34), chr(39): chr(92) + chr(39)}.get(text, inner) }'"


def _is_simple(node: ir.Expr) -> bool:
    """Whether evaluating it earlier or later makes no difference."""
    while isinstance(node, ir.Convert):
        node = node.value
    return isinstance(node, ir.Name | ir.IntLit | ir.StrLit | ir.FloatLit | ir.BoolLit | ir.NoneLit)
