"""Operators, comparisons and choices."""

from collections.abc import Sequence

import msgspec

from langferry.codegen.rust.functions import code as c
from langferry.codegen.rust.functions.code import Code, Form
from langferry.codegen.rust.functions.text import Text
from langferry.codegen.rust.functions.values import NUMBERS, is_dynamic_key, receiver_text
from langferry.model import ir
from langferry.model import types as t

_ARITHMETIC = {
    "+": c.SUM,
    "-": c.SUM,
    "*": c.PRODUCT,
    "&": c.BIT_AND,
    "|": c.BIT_OR,
    "^": c.BIT_XOR,
}

_FUNCTIONS = {"/": "true_div", "//": "floor_div", "%": "rem", "**": "pow", "<<": "shl", ">>": "shr"}
_FUNCTIONS |= {"+": "add", "-": "sub", "*": "mul"}

_OPPOSITE: dict[ir.CompareOp, ir.CompareOp] = {
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
    "is none": "is not none",
    "is not none": "is none",
}

_ORDER = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


class Operators(Text):
    """Writes operators."""

    def _unary(self, node: ir.Unary) -> Code:
        if node.op == "not":
            return self._negated(node.operand)
        literal = self.literal(node.operand)
        if literal is not None and node.op == "-" and isinstance(node.operand, ir.FloatLit):
            return Code(f"Float::from(-{literal})", "value")
        sign = "!" if node.op == "~" else "-"
        made = self.emit(node.operand)
        if made.form == "ref" and made.text.endswith("?"):
            # Rust would take the result's type for that of what `?` gives
            return Code(f"{sign}{self.as_owned(made, node.type)}", "value", c.UNARY)
        return Code(f"{sign}{self._operand(node.operand, c.UNARY)}", "value", c.UNARY)

    def _negated(self, node: ir.Expr) -> Code:
        if (
            isinstance(node, ir.Truth)
            and isinstance(node.value.type, t.OptionalType)
            and t.is_always_true(node.value.type.item)
        ):
            return Code(f"{self.receiver(node.value)}.is_none()", "value")
        if isinstance(node, ir.Truth) and isinstance(node.value.type, t.StrType | t.ListType):
            return Code(f"{self.receiver(node.value)}.is_empty()", "value")
        if isinstance(node, ir.Unary) and node.op == "not":
            return self.truth(node.operand)
        if isinstance(node, ir.Compare) and node.op in _OPPOSITE:
            return self._compare(msgspec.structs.replace(node, op=_OPPOSITE[node.op]))
        return Code(f"!{self.truth(node).within(c.UNARY)}", "value", c.UNARY)

    def _operand(self, node: ir.Expr, binds: int) -> str:
        made = self.emit(node)
        if made.form == "value":
            return made.within(binds)
        return self.as_ref(made, node.type)

    def _binary(self, node: ir.Binary) -> Code:
        if isinstance(node.type, t.StrType):
            if node.op == "+":
                return self._joined_text(node)
            text, count = node.left, node.right
            if isinstance(text.type, t.IntType):
                text, count = count, text
            return self.attempt(f"str_::repeat({self.borrowed(text)}, {self.number(count)})")
        if isinstance(node.type, t.ListType) and node.op == "*":
            return Code(
                f"list::repeat({self.borrowed(node.left)}, {self.number(node.right)})", "value"
            )
        operator = node.op in _ARITHMETIC and isinstance(
            node.type, NUMBERS | t.SetType | t.DictType
        )
        if operator:
            binds = _ARITHMETIC[node.op]
            left, right = self.literal(node.left), self.literal(node.right)
            if left is not None and right is not None:
                left = None
            if isinstance(node.type, t.SetType | t.DictType):
                whole = f"{self.borrowed(node.left)} {node.op} {self.borrowed(node.right)}"
                return Code(whole, "value", binds)
            a = left if left is not None else self._operand(node.left, binds)
            b = right if right is not None else self._operand(node.right, binds - 1)
            if b.startswith("-") and right is not None:
                b = f"({b})"
            return Code(f"{a} {node.op} {b}", "value", binds)
        called = (
            f"ops::{_FUNCTIONS[node.op]}({self.borrowed(node.left)}, {self.borrowed(node.right)})"
        )
        return self.attempt(called)

    def _compare(self, node: ir.Compare) -> Code:
        if node.op in ("is none", "is not none"):
            kind = node.left.type
            if isinstance(kind, t.AnyType):
                sign = "" if node.op == "is none" else "!"
                return Code(
                    f"{sign}matches!({self.borrowed(node.left)}, Value::None)", "value", c.UNARY
                )
            method = "is_none" if node.op == "is none" else "is_some"
            return Code(f"{self.receiver(node.left)}.{method}()", "value")
        if node.op in ("in", "not in"):
            found = self._contains(node)
            if node.op == "in":
                return found
            return Code(f"!{found.within(c.UNARY)}", "value", c.UNARY)
        if node.op in _ORDER and not isinstance(node.left.type, NUMBERS | t.StrType):
            left, right = self.borrowed(node.left), self.borrowed(node.right)
            return self.attempt(f"ops::{_ORDER[node.op]}({left}, {right})")
        return Code(self._compared(node), "value", c.COMPARE)

    def _contains(self, node: ir.Compare) -> Code:
        container, start = node.right, self.tries
        in_dict = isinstance(container.type, t.DictType | t.SetType)
        match container.type:
            case t.DictType() | t.SetType():
                needle = self.looked_up(node.left)
            case t.AnyType():
                needle = self.into_value(node.left)
            case _:
                needle = self.borrowed(node.left)
        looked, holder = self.tries, self._holder(container)
        if start != looked != self.tries:
            # Python makes what is looked for before that in which it looks
            name = self.locals.fresh("item")
            checked = f"{name}.checked_key()?" if in_dict and is_dynamic_key(node.left) else None
            found = self._contained(container, holder, checked or f"&{name}").text
            return Code(f"{{ let {name} = {self.owned(node.left)}; {found} }}", "value", c.LOOSE)
        if (
            isinstance(container, ir.ListLit)
            and container.items
            and all(isinstance(item, ir.StrLit) for item in container.items)
        ):
            inner = ", ".join(self.emit(item).text for item in container.items)
            if self.emit(node.left).form == "str":
                needle = f"&{needle}"
            return Code(
                f"[{inner}].contains({needle})"
                if needle.startswith('&"')
                else f"contains(&[{inner}], {needle})",
                "value",
            )
        return self._contained(container, holder, needle)

    def _holder(self, container: ir.Expr) -> str:
        dynamic = isinstance(container.type, t.AnyType)
        return self.receiver(container) if dynamic else self.borrowed(container)

    def _contained(self, container: ir.Expr, holder: str, needle: str) -> Code:
        if isinstance(container.type, t.AnyType):
            return self.attempt(f"{holder}.contains({needle})")
        return Code(f"contains({holder}, {needle})", "value")

    def _compared(self, node: ir.Compare) -> str:
        left_literal = self.literal(node.left)
        right_literal = self.literal(node.right)
        if left_literal is not None and right_literal is None:
            right = self._plain(node.right)
            return f"{left_literal} {node.op} {right}"
        if right_literal is not None:
            return f"{self._plain(node.left)} {node.op} {right_literal}"
        a, b = self.emit(node.left), self.emit(node.right)
        if isinstance(node.left.type, t.StrType):
            if "str" in (a.form, b.form) and node.op in ("==", "!="):
                return f"{a.within(c.SHIFT)} {node.op} {b.within(c.SHIFT)}"
            if "str" in (a.form, b.form):
                return f"{_as_str(a)} {node.op} {_as_str(b)}"
        if a.form == b.form == "ref":
            return f"{a.within(c.SHIFT)} {node.op} {b.within(c.SHIFT)}"
        if "optref" in (a.form, b.form):
            left, right = self.as_owned(a, node.left.type), self.as_owned(b, node.right.type)
            return f"{left} {node.op} {right}"
        return f"{_dereferenced(a)} {node.op} {_dereferenced(b)}"

    def _plain(self, node: ir.Expr) -> str:
        return _dereferenced(self.emit(node))

    def _truth(self, node: ir.Truth) -> Code:
        kind = node.value.type
        if isinstance(kind, t.OptionalType) and t.is_always_true(kind.item):
            return Code(f"{self.receiver(node.value)}.is_some()", "value")
        if isinstance(kind, t.StrType | t.ListType):
            return Code(f"!{self.receiver(node.value)}.is_empty()", "value", c.UNARY)
        return Code(f"{self.receiver(node.value)}.truthy()", "value")

    def _logical(self, node: ir.Logical) -> Code:
        if isinstance(node.type, t.BoolType):
            binds, sign = (c.AND, "&&") if node.op == "and" else (c.OR, "||")
            left, right = self.truth(node.left), self.truth(node.right)
            inner = (
                c.ATOM if isinstance(node.left, ir.Logical) and node.left.op != node.op else binds
            )
            return Code(
                f"{_and_or(left, binds, inner)} {sign} {_and_or(right, binds, binds - 1)}",
                "value",
                binds,
            )
        name = self.locals.fresh("first")
        left = self.emit(node.left)
        right_text = self.owned(node.right)
        if node.left.type != node.type:
            owned = self.as_owned(left, node.left.type)
            tested = "" if t.is_always_true(node.type) else f" if {name}.truthy()"
            return Code(
                f"match {owned} {{ Some({name}){tested} => {name}, _ => {right_text} }}",
                "value",
                c.LOOSE,
            )
        owned = self.as_owned(left, node.type)
        if isinstance(node.type, t.OptionalType) and t.is_always_true(node.type.item):
            test = f"{name}.is_some()" if node.op == "or" else f"{name}.is_none()"
        else:
            test = f"{name}.truthy()" if node.op == "or" else f"!{name}.truthy()"
        return Code(
            f"{{ let {name} = {owned}; if {test} {{ {name} }} else {{ {right_text} }} }}",
            "value",
            c.LOOSE,
        )

    def _conditional(self, node: ir.Conditional) -> Code:
        head, names = self.opened(node.test, [node.then])
        with self.locals.opened(names):
            then = self.emit(node.then)
            then_text = then.text if then.form == "str" else self.as_owned(then, node.type)
        otherwise = self.emit(node.otherwise)
        both_text = then.form == "str" and otherwise.form == "str"
        if both_text:
            return Code(f"if {head} {{ {then.text} }} else {{ {otherwise.text} }}", "str", c.LOOSE)
        then_text = self.as_owned(then, node.type) if then.form == "str" else then_text
        other = self.as_owned(otherwise, node.type)
        return Code(f"if {head} {{ {then_text} }} else {{ {other} }}", "value", c.LOOSE)

    def opened(
        self, test: ir.Expr, body: Sequence[ir.Expr | ir.Stmt]
    ) -> tuple[str, dict[str, Form]]:
        """The head of an `if`; where it proves an optional local to hold something, a pattern.

        Gives the names that the pattern binds, with their forms.
        """
        tested = _proved(test)
        if tested is None or not self.locals.may_open(tested[0], body):
            return self.truth(test).text, {}
        name, needs_truth = tested
        inner = self.locals.text(name.name)
        form = self.locals.form(name.name)
        source = inner if form == "optref" else f"&{inner}" if form == "place" else inner
        more = f" && {inner}.truthy()" if needs_truth else ""
        return f"let Some({inner}) = {source}{more}", {name.name: "ref"}


def _dereferenced(made: Code) -> str:
    if made.form == "ref":
        return f"*{made.within(c.UNARY)}"
    return made.within(c.SHIFT)


def _as_str(made: Code) -> str:
    return made.text if made.form == "str" else f"{receiver_text(made)}.as_str()"


def _and_or(made: Code, binds: int, inner: int) -> str:
    # Rust warns of `&&` within `||` only where it could be misread; Python's own grouping is kept
    return made.text if made.binds <= max(inner, c.COMPARE) else f"({made.text})"


def _proved(test: ir.Expr) -> tuple[ir.Name, bool] | None:
    """The optional name that a test proves to hold something, and whether its truth counts too."""
    match test:
        case ir.Truth(value=ir.Name(type=t.OptionalType(item=item)) as name):
            return name, not t.is_always_true(item)
        case ir.Compare(op="is not none", left=ir.Name(type=t.OptionalType()) as name):
            return name, False
    return None
