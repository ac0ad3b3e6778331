"""Typed expressions as Rust."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from langferry.codegen.rust.functions import code as c
from langferry.codegen.rust.functions import library
from langferry.codegen.rust.functions.code import Code, Form, Source
from langferry.codegen.rust.functions.liveness import Liveness, walk
from langferry.codegen.rust.functions.locals import Locals
from langferry.codegen.rust.literals import floating, integer, string
from langferry.codegen.rust.rust_file import RustFile
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
_SLOT = re.compile(r"\{(self|\d)(?:!([vnpb]))?\}")
NUMBERS = t.IntType | t.FloatType


class Expressions:
    """Writes the expressions of one function."""

    def __init__(
        self, file: RustFile, names: Locals, liveness: Liveness, fallible: Mapping[str, bool]
    ) -> None:
        self.file = file
        self.locals = names
        self.liveness = liveness
        self.fallible_globals = fallible
        self.tries = 0
        self.copies_only = 0

    # --- forms

    def emit(self, node: ir.Expr) -> Code:
        """An expression in the form that is cheapest to write."""
        handler = getattr(self, f"_{type(node).__name__.lower()}")
        made: Code = handler(node)
        return made

    def attempt(self, text: str) -> Code:
        """A call that can raise."""
        self.tries += 1
        return Code(f"{text}?", "value")

    def owned(self, node: ir.Expr) -> str:
        """An expression as a value of its own."""
        return self.as_owned(self.emit(node), node.type)

    def as_owned(self, made: Code, kind: t.Type) -> str:
        """`made` as a value of its own."""
        match made.form:
            case "value":
                return made.text
            case "array":
                return f"vec!{made.text.removeprefix('&')}"
            case "str":
                empty = made.text == '""'
                return "String::new()" if empty else f"{made.within(c.ATOM)}.to_owned()"
            case "optref":
                copied = isinstance(kind, t.OptionalType) and isinstance(kind.item, t.BoolType)
                return f"{made.within(c.ATOM)}.{'copied' if copied else 'cloned'}()"
        if isinstance(kind, t.BoolType):
            return made.text if made.form == "place" else f"*{made.within(c.UNARY)}"
        if made.form == "place" and made.movable:
            return made.text
        return f"{_receiver(made)}.clone()"

    def ok(self, node: ir.Expr) -> str:
        """`Ok` of an expression's value, or the very call that gives a `Result`."""
        made = self.emit(node)
        if made.form == "value" and made.binds == c.ATOM and made.text.endswith("?"):
            return made.text[:-1]
        return f"Ok({self.as_owned(made, node.type)})"

    def borrowed(self, node: ir.Expr) -> str:
        """An expression as a reference (to `str`, for text)."""
        return self.as_ref(self.emit(node), node.type)

    def as_ref(self, made: Code, kind: t.Type) -> str:
        """`made` as a reference."""
        match made.form:
            case "ref" | "str":
                return made.text
            case "optref":
                return f"&{self.as_owned(made, kind)}"
            case "array":
                return made.text
        return f"&{made.within(c.UNARY)}"

    def receiver(self, node: ir.Expr) -> str:
        """An expression that a method is called on."""
        return _receiver(self.emit(node))

    def number(self, node: ir.Expr) -> str:
        """A number where `Int`, `&Int` and literals are all accepted."""
        literal = self.literal(node)
        return literal if literal is not None else self.borrowed_or_value(node)

    def borrowed_or_value(self, node: ir.Expr) -> str:
        """A reference to what exists already, or else the value just made."""
        made = self.emit(node)
        return made.text if made.form == "value" else self.as_ref(made, node.type)

    def literal(self, node: ir.Expr) -> str | None:
        """The plain Rust literal of a number, if it has one."""
        if isinstance(node, ir.IntLit):
            return integer(node.digits)
        if isinstance(node, ir.FloatLit):
            return floating(node.text)
        return None

    def truth(self, node: ir.Expr) -> Code:
        """A `bool` expression."""
        made = self.emit(node)
        if made.form == "ref":
            return Code(f"*{made.within(c.UNARY)}", "value", c.UNARY)
        return made

    # --- literals and names

    def _nonelit(self, node: ir.NoneLit) -> Code:
        if isinstance(node.type, t.OptionalType):
            return Code("None", "value")
        return Code("()" if isinstance(node.type, t.NoneType) else "Value::None", "value")

    def _boollit(self, node: ir.BoolLit) -> Code:
        return Code("true" if node.value else "false", "value")

    def _intlit(self, node: ir.IntLit) -> Code:
        plain = integer(node.digits)
        if plain is None:
            return self.attempt(f"Int::parse({string(node.digits)})")
        return Code(f"Int::from({plain}{'_i64' if abs(int(plain)) >= 2**31 else ''})", "value")

    def _floatlit(self, node: ir.FloatLit) -> Code:
        return Code(f"Float::from({floating(node.text)})", "value")

    def _strlit(self, node: ir.StrLit) -> Code:
        return Code(string(node.value), "str")

    def _name(self, node: ir.Name) -> Code:
        form = self.locals.form(node.name)
        text = self.locals.text(node.name)
        movable = self.locals.is_own(node.name) and self.liveness.is_last(node)
        return Code(text, form, movable=movable and not self.copies_only)

    def _global(self, node: ir.Global) -> Code:
        name = self.file.constant(node.id)
        if self.fallible_globals.get(node.id):
            self.tries += 1
            return Code(f"{name}.as_ref().map_err(Exception::clone)?", "ref")
        return Code(f"*{name}", "place", c.UNARY)

    def _listlit(self, node: ir.ListLit) -> Code:
        if any(isinstance(item, ir.Spread) for item in node.items):
            return self._spread_items(node.items, "Vec", "push", "extend", node.type)
        if not node.items:
            return Code("Vec::new()", "value")
        if node.type == t.ListType(t.StrType()) and all(
            isinstance(item, ir.StrLit) for item in node.items
        ):
            inner = ", ".join(f"{self.emit(item).text}.to_owned()" for item in node.items)
            return Code(f"vec![{inner}]", "value")
        return Code(f"vec![{', '.join(self.owned(item) for item in node.items)}]", "value")

    def _setlit(self, node: ir.SetLit) -> Code:
        if any(isinstance(item, ir.Spread) for item in node.items):
            return self._spread_items(node.items, "Set", "add", "extend", node.type)
        if not node.items:
            return Code("Set::new()", "value")
        return Code(f"Set::from([{', '.join(self.owned(item) for item in node.items)}])", "value")

    def _spread_items(
        self, items: Sequence[ir.Expr], kind: str, add: str, extend: str, whole: t.Type
    ) -> Code:
        name = self.locals.fresh("items")
        lines = [f"let mut {name}: {self.file.type(whole)} = {kind}::new();"]
        for item in items:
            if isinstance(item, ir.Spread):
                lines.append(f"{name}.{extend}({self.owned_items(item.value).text});")
            else:
                lines.append(f"{name}.{add}({self.owned(item)});")
        return Code("{ " + " ".join(lines) + f" {name} }}", "value", c.LOOSE)

    def _tuplelit(self, node: ir.TupleLit) -> Code:
        inner = ", ".join(self.owned(item) for item in node.items)
        return Code(f"({inner},)" if len(node.items) == 1 else f"({inner})", "value")

    def _dictlit(self, node: ir.DictLit) -> Code:
        if not node.entries:
            return Code("Dict::new()", "value")
        if any(key is None for key, _ in node.entries):
            return self._spread_dict(node)
        pairs = (
            f"({self.owned(key)}, {self.owned(value)})"
            for key, value in node.entries
            if key is not None
        )
        return Code(f"Dict::from([{', '.join(pairs)}])", "value")

    def _spread_dict(self, node: ir.DictLit) -> Code:
        name = self.locals.fresh("entries")
        lines = [f"let mut {name}: {self.file.type(node.type)} = Dict::new();"]
        for key, value in node.entries:
            if key is None:
                lines.append(f"{name}.update({self.owned(value)});")
            else:
                lines.append(f"{name}.insert({self.owned(key)}, {self.owned(value)});")
        return Code("{ " + " ".join(lines) + f" {name} }}", "value", c.LOOSE)

    def _recordlit(self, node: ir.RecordLit) -> Code:
        assert isinstance(node.type, t.RecordType)
        record = node.type.record
        layout = self.file.layout
        given = {}
        for name, value in node.fields:
            text = self.owned(value)
            given[name] = f"{text}.into()" if self._has_slot(record, name) else text
        known = [field.name for field in layout.record(record).fields]
        parts = [f"{layout.field(record, name)}: {text}" for name, text in given.items()]
        if record in layout.states:
            parts += (
                [] if len(given) == len(known) else [f"..{self.file.struct(record)}::default()"]
            )
        else:
            parts += [
                f"{layout.field(record, name)}: Slot::default()"
                for name in known
                if name not in given
            ]
        return Code(f"{self.file.struct(record)} {{ {', '.join(parts)} }}", "value")

    def _has_slot(self, record: str, name: str) -> bool:
        layout = self.file.layout
        if record in layout.states:
            return True
        found = layout.record(record)
        field = next(field for field in found.fields if field.name == name)
        return found.kind == "typed_dict" and not field.required

    # --- text

    def _formatstring(self, node: ir.FormatString) -> Code:
        pieces: list[str] = []
        args: list[str] = []
        for part in node.parts:
            if isinstance(part, ir.StrLit):
                pieces.append(part.value)
            else:
                pieces.append("\0")
                args.append(self._formatted_text(part))
        return self.formatted(pieces, args)

    def formatted(self, pieces: Sequence[str], args: Sequence[str]) -> Code:
        """A `format!`: `pieces` are texts, and a NUL for each of `args`."""
        if not args:
            return Code(string("".join(pieces)), "str")
        rest = list(args)
        template, positional = "", []
        for piece in pieces:
            if piece != "\0":
                template += "".join(_format_character(character) for character in piece)
                continue
            arg = rest.pop(0)
            if re.fullmatch(r"(r#)?[a-z_]\w*", arg):
                template += f"{{{arg.removeprefix('r#')}}}"
            else:
                template += "{}"
                positional.append(arg)
        inner = "".join(f", {arg}" for arg in positional)
        return Code(f'format!("{template}"{inner})', "value")

    def _formatted_text(self, part: ir.Formatted) -> str:
        if part.spec:
            spec = (
                string(part.spec[0].value)
                if len(part.spec) == 1 and isinstance(part.spec[0], ir.StrLit)
                else f"&{self._formatstring(ir.FormatString(part.spec, part.type, part.span)).text}"
            )
            if part.conversion:
                shown = self._converted(part)
                return self.attempt(f"format_spec(&{shown}, {spec})").text
            return self.attempt(f"format_spec({self.borrowed(part.value)}, {spec})").text
        if part.conversion in ("r", "a"):
            return self._converted(part)
        if isinstance(part.value.type, t.StrType | t.IntType | t.FloatType):
            made = self.emit(part.value)
            return made.text
        return f"str_of({self.borrowed(part.value)})"

    def _converted(self, part: ir.Formatted) -> str:
        if part.conversion == "s":
            return f"str_of({self.borrowed(part.value)})"
        return f"{'ascii' if part.conversion == 'a' else 'repr'}({self.borrowed(part.value)})"

    # --- operators

    def _unary(self, node: ir.Unary) -> Code:
        if node.op == "not":
            return self._negated(node.operand)
        literal = self.literal(node.operand)
        if literal is not None and node.op == "-" and isinstance(node.operand, ir.FloatLit):
            return Code(f"Float::from(-{literal})", "value")
        sign = "!" if node.op == "~" else "-"
        return Code(f"{sign}{self._operand(node.operand, c.UNARY)}", "value", c.UNARY)

    def _negated(self, node: ir.Expr) -> Code:
        if (
            isinstance(node, ir.Truth)
            and isinstance(node.value.type, t.OptionalType)
            and _always_true(node.value.type.item)
        ):
            return Code(f"{self.receiver(node.value)}.is_none()", "value")
        if isinstance(node, ir.Truth) and isinstance(
            node.value.type, t.StrType | t.ListType | t.DictType
        ):
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

    def _joined_text(self, node: ir.Binary) -> Code:
        parts: list[ir.Expr] = []

        def flatten(part: ir.Expr) -> None:
            if isinstance(part, ir.Binary) and part.op == "+" and isinstance(part.type, t.StrType):
                flatten(part.left)
                flatten(part.right)
            else:
                parts.append(part)

        flatten(node)
        pieces: list[str] = []
        args: list[str] = []
        for part in parts:
            if isinstance(part, ir.StrLit):
                pieces.append(part.value)
            elif isinstance(part, ir.FormatString):
                for inner in part.parts:
                    if isinstance(inner, ir.StrLit):
                        pieces.append(inner.value)
                    else:
                        pieces.append("\0")
                        args.append(self._formatted_text(inner))
            else:
                pieces.append("\0")
                args.append(self.emit(part).text)
        return self.formatted(pieces, args)

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
            return found if node.op == "in" else Code(f"!{found.text}", "value", c.UNARY)
        if node.op in _ORDER and not isinstance(node.left.type, NUMBERS | t.StrType):
            left, right = self.borrowed(node.left), self.borrowed(node.right)
            return self.attempt(f"ops::{_ORDER[node.op]}({left}, {right})")
        return Code(self._compared(node), "value", c.COMPARE)

    def _contains(self, node: ir.Compare) -> Code:
        container = node.right
        if isinstance(container.type, t.AnyType):
            return self.attempt(f"{self.receiver(container)}.contains({self.borrowed(node.left)})")
        needle = self.borrowed(node.left)
        if isinstance(container, ir.ListLit) and all(
            isinstance(item, ir.StrLit) for item in container.items
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
        return Code(f"contains({self.borrowed(container)}, {needle})", "value")

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
        if isinstance(kind, t.OptionalType) and _always_true(kind.item):
            return Code(f"{self.receiver(node.value)}.is_some()", "value")
        if isinstance(kind, t.StrType | t.ListType | t.DictType):
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
            return Code(
                f"match {owned} {{ Some({name}) if {name}.truthy() => {name}, _ => {right_text} }}",
                "value",
                c.LOOSE,
            )
        owned = self.as_owned(left, node.type)
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

    # --- parts of values

    def _item(self, node: ir.Item) -> Code:
        match node.value.type:
            case t.TupleType():
                made = self.emit(node.value)
                assert isinstance(node.index, ir.IntLit)
                text = f"{_receiver(made)}.{node.index.digits}"
                return Code(text, "value" if made.form == "value" else "place")
            case t.DictType():
                base = self.emit(node.value)
                text = self.attempt(f"{_receiver(base)}.item({self.borrowed(node.index)})").text
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

    def into_value(self, node: ir.Expr) -> str:
        """Something that turns into a `Value` where it is used."""
        inner = node.value if isinstance(node, ir.Convert) else node
        if isinstance(inner, ir.IntLit):
            literal = integer(inner.digits)
            if literal is not None and abs(int(literal)) < 2**31:
                return literal
        if isinstance(inner.type, t.StrType | t.IntType | t.FloatType | t.AnyType):
            return self.borrowed_or_value(inner)
        return self.owned(node)

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
            return self._part(base, self.attempt(f"{_receiver(base)}.{name}()").text)
        return Code(f"{_receiver(base)}.{name}", "value" if base.form == "value" else "place")

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
        if re.fullmatch(r"[A-Z]\w+::new\(\)", text):
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
        assert isinstance(node.value.type, t.ClassType)
        name = library.ATTRIBUTES.get((node.value.type.name, node.name), node.name)
        return Code(f"{self.receiver(node.value)}.{name}()", "value")

    # --- types meeting

    def _convert(self, node: ir.Convert) -> Code:
        if isinstance(node.type, t.AnyType) and isinstance(node.value, ir.StrLit):
            return Code(f"Value::from({self.emit(node.value).text})", "value")
        if isinstance(node.type, t.FloatType):
            literal = self.literal(node.value)
            if literal is not None:
                return Code(f"Float::from({literal})", "value")
            return Code(f"Float::from({self.borrowed_or_value(node.value)})", "value")
        return Code(self.converted(self.owned(node.value), node.value.type, node.type), "value")

    def converted(self, text: str, found: t.Type, want: t.Type) -> str:
        """`text`, which is a `found`, as a `want`."""
        if found == want:
            return text
        match found, want:
            case t.NoneType(), t.OptionalType():
                return "None"
            case _, t.AnyType():
                return f"Value::from({text})"
            case t.IntType(), t.FloatType():
                return f"Float::from({text})"
            case t.OptionalType(item=a), t.OptionalType(item=b):
                return f"{text}.map(|item| {self.converted('item', a, b)})"
            case _, t.OptionalType(item=b):
                return f"Some({self.converted(text, found, b)})"
            case t.ListType(item=a), t.ListType(item=b):
                inner = self.converted("item", a, b)
                return f"{text}.into_iter().map(|item| {inner}).collect::<Vec<_>>()"
            case t.DictType(value=a), t.DictType(value=b):
                inner = self.converted("value", a, b)
                return (
                    f"{text}.into_iter().map(|(key, value)| (key, {inner})).collect::<Dict<_, _>>()"
                )
            case t.TupleType(items=a), t.TupleType(items=b):
                parts = ", ".join(
                    self.converted(f"whole.{i}", x, y)
                    for i, (x, y) in enumerate(zip(a, b, strict=True))
                )
                return f"{{ let whole = {text}; ({parts}{',' if len(a) == 1 else ''}) }}"
        raise AssertionError(f"no conversion from {found} to {want}")

    def _narrow(self, node: ir.Narrow) -> Code:
        if isinstance(node.value.type, t.AnyType):
            self.tries += 1
            target = self.file.type(node.type)
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
        return Code(f"{_receiver(made)}.as_ref(){missing}", "ref")

    # --- calls

    def filled(
        self, template: str, args: Sequence[ir.Expr], receiver: ir.Expr | None = None
    ) -> Code:
        """A template of `library` with its arguments, evaluated in their order."""

        def argument(match: re.Match[str]) -> str:
            node = receiver if match[1] == "self" else args[int(match[1])]
            assert node is not None
            match match[2]:
                case "v":
                    return self.owned(node)
                case "n":
                    return self.number(node)
                case "p":
                    return self.receiver(node)
                case "b":
                    return self.borrowed_or_value(node)
            return self.borrowed(node)

        text = _SLOT.sub(argument, template)
        if template.endswith("?"):
            self.tries += 1
        return Code(text, "value")

    def _methodcall(self, node: ir.MethodCall) -> Code:
        kind, count = node.receiver.type, len(node.args)
        match kind, node.method:
            case t.StrType(), "join":
                items = self.iterated(node.args[0]).text
                return Code(f"str_::join({self.borrowed(node.receiver)}, {items})", "value")
            case t.StrType(), "startswith_any" | "endswith_any":
                inner = ", ".join(self.emit(arg).text for arg in node.args)
                return Code(
                    f"str_::{node.method}({self.borrowed(node.receiver)}, &[{inner}])", "value"
                )
            case t.StrType(), _:
                return self.filled(
                    library.STR_METHODS[node.method, count], node.args, node.receiver
                )
            case t.DictType(), "get":
                return self._dict_get(node, kind)
            case t.DictType(), "keys" | "values" | "items":
                return Code(f"{self.owned_items(node).iterator()}.collect::<Vec<_>>()", "value")
            case t.DictType(), _:
                return self.filled(
                    library.DICT_METHODS[node.method, count], node.args, node.receiver
                )
            case t.ListType(), "sort":
                return self._sort(node)
            case t.ListType(), _:
                return self.filled(
                    library.LIST_METHODS[node.method, count], node.args, node.receiver
                )
            case t.SetType(), _:
                return self.filled(
                    library.SET_METHODS[node.method, count], node.args, node.receiver
                )
            case t.AnyType(), _:
                args = ", ".join(self.owned(arg) for arg in node.args)
                called = f"{self.receiver(node.receiver)}.call({string(node.method)}, &[{args}])"
                return self.attempt(called)
            case t.ClassType(name="re.Match"), "group0":
                self.tries += 1
                return Code(
                    f"{self.receiver(node.receiver)}.group(0)?.unwrap_or_default()", "value"
                )
            case t.ClassType(name="re.Match"), "group":
                key = node.args[0]
                shown = self.borrowed(key) if isinstance(key.type, t.StrType) else self.number(key)
                return self.attempt(f"{self.receiver(node.receiver)}.group({shown})")
            case t.ClassType(name=name), _:
                return self.filled(
                    library.CLASS_METHODS[name, node.method, count], node.args, node.receiver
                )
        raise AssertionError(f"no method {node.method} of {kind}")

    def _dict_get(self, node: ir.MethodCall, kind: t.DictType) -> Code:
        base = self.emit(node.receiver)
        found = f"{_receiver(base)}.get({self.borrowed(node.args[0])})"
        if len(node.args) == 1:
            if isinstance(kind.value, t.OptionalType):
                found = f"{found}.and_then(Option::as_ref)"
            elif isinstance(kind.value, t.AnyType):
                return Code(f"{found}.cloned().unwrap_or_default()", "value")
            made = Code(found, "optref")
            return made if base.form != "value" else Code(self.as_owned(made, node.type), "value")
        copied = "copied" if isinstance(kind.value, t.BoolType) else "cloned"
        return Code(f"{found}.{copied}().{self._default(node.args[1])}", "value")

    def _sort(self, node: ir.MethodCall) -> Code:
        options = dict(node.keywords)
        reverse = self.truth(options["reverse"]).text if "reverse" in options else "false"
        receiver = self.receiver(node.receiver)
        if "key" in options:
            key = self.key_function(options["key"])
            return self.attempt(f"list::sort_by_key(&mut {receiver}, {key}, {reverse})")
        return self.attempt(f"list::sort(&mut {receiver}, {reverse})")

    def key_function(self, node: ir.Expr) -> str:
        """A closure `|item: &T| -> Result<K, Exception>`."""
        assert isinstance(node, ir.Lambda)
        ((name, kind),) = node.params
        with self.locals.inner({name: "ref"}):
            body = self.ok(node.body)
            shown = self.locals.text(name)
        return f"|{shown}: &{self.file.type(kind)}| {body}"

    def _functioncall(self, node: ir.FunctionCall) -> Code:
        name = self.file.function(node.function, "helper")
        args = ", ".join(self._passed(arg) for arg in node.args)
        return self.attempt(f"{name}({args})")

    def _passed(self, node: ir.Expr) -> str:
        """An argument as helpers take it: by reference, but for what is copied anyway."""
        if isinstance(node.type, t.BoolType | t.NoneType):
            return self.owned(node)
        made = self.emit(node)
        if isinstance(node, ir.Global) and made.form == "place":
            return f"&{_receiver(made)}"
        return self.as_ref(made, node.type)

    def _call(self, node: ir.Call) -> Code:
        special = getattr(self, f"_call_{node.function.rpartition('.')[2]}", None)
        if node.function.startswith("builtins.") and special is not None:
            made: Code = special(node)
            return made
        match node.function:
            case "re.flags":
                names = [f"re::{a.value}" for a in node.args if isinstance(a, ir.StrLit)]
                return Code(" | ".join(names), "value", c.BIT_OR)
            case "datetime.timedelta":
                return self._timedelta(node)
            case "datetime.datetime":
                given = [self.number(arg) for arg in node.args]
                given += ["0"] * (7 - len(given))
                return self.attempt(f"DateTime::new({', '.join(given)})")
            case "random.choice":
                return self._random_choice(node)
        return self.filled(library.FUNCTIONS[node.function, len(node.args)], node.args)

    def _random_choice(self, node: ir.Call) -> Code:
        value = node.args[0]
        if isinstance(value.type, t.StrType):
            return self.attempt(f"random::choice(&str_::chars({self.borrowed(value)}))")
        return self.attempt(f"random::choice({self.borrowed(value)})")

    def _timedelta(self, node: ir.Call) -> Code:
        if [name for name, _ in node.keywords] == ["days"]:
            days = node.keywords[0][1]
            inner = days.value if isinstance(days, ir.Convert) else days
            if isinstance(inner.type, t.IntType):
                return self.attempt(f"TimeDelta::days({self.number(inner)})")
        parts = [f"{name}: {self.owned(value)}" for name, value in node.keywords]
        parts.append("..DeltaParts::default()")
        return self.attempt(f"TimeDelta::new(DeltaParts {{ {', '.join(parts)} }})")

    def _call_isinstance(self, node: ir.Call) -> Code:
        value = self.receiver(node.args[0])
        tests = [
            f"{value}.is_instance({string(name.value)})"
            for name in node.args[1:]
            if isinstance(name, ir.StrLit)
        ]
        return Code(" || ".join(tests), "value", c.OR if len(tests) > 1 else c.ATOM)

    def _call_len(self, node: ir.Call) -> Code:
        if isinstance(node.args[0].type, t.AnyType):
            return self.attempt(f"{self.receiver(node.args[0])}.len()")
        return Code(f"len({self.borrowed(node.args[0])})", "value")

    def _call_list(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if isinstance(inner, ir.Name | ir.Field | ir.Global | ir.Item) and isinstance(
            inner.type, t.ListType
        ):
            return Code(self.owned(inner), "value")
        return Code(self.collected(inner, "Vec<_>"), "value")

    def _call_set(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if isinstance(inner.type, t.SetType):
            return Code(self.owned(inner), "value")
        return Code(self.collected(inner, "Set<_>"), "value")

    def _call_dict(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if isinstance(inner.type, t.DictType):
            return Code(self.owned(inner), "value")
        return Code(self.collected(inner, "Dict<_, _>"), "value")

    def collected(self, node: ir.Expr, into: str) -> str:
        """Everything `node` yields, copied into a new container."""
        items = self.owned_items(node)
        if items.kind == "container" and into == "Vec<_>" and isinstance(node.type, t.ListType):
            return items.text
        return f"{items.iterator()}.collect::<{into}>()"

    def owned_items(self, node: ir.Expr) -> Source:
        """Items that belong to whoever takes them."""
        source = self.iterated(node, take=True)
        form = source.items
        if form == "ref":
            return Source(f"{source.iterator()}.cloned()", "value")
        if isinstance(form, tuple) and any(part != "value" for part in form):
            return Source(f"{source.iterator()}.map({_copied_parts(form)})", "value")
        return source

    def _call_enumerate(self, node: ir.Call) -> Code:
        return Code(self.collected(node, "Vec<_>"), "value")

    _call_zip = _call_range = _call_reversed = _call_enumerate

    def _call_sum(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if (
            isinstance(inner, ir.Comprehension)
            and isinstance(inner.element, ir.IntLit)
            and inner.element.digits == "1"
            and len(inner.clauses) == 1
            and inner.clauses[0].conditions
        ):
            counted = self.counted(inner)
            if counted is not None:
                return counted
        return self.attempt(f"sum({self.owned_items(inner).text})")

    def _call_any(self, node: ir.Call) -> Code:
        return self._quantified(node, "any")

    def _call_all(self, node: ir.Call) -> Code:
        return self._quantified(node, "all")

    def _quantified(self, node: ir.Call, name: str) -> Code:
        inner = node.args[0]
        if isinstance(inner, ir.Comprehension):
            return self.quantified(inner, name)
        return Code(f"{name}({self.iterated(inner).text})", "value")

    def _call_min(self, node: ir.Call) -> Code:
        return self._extreme(node, "min")

    def _call_max(self, node: ir.Call) -> Code:
        return self._extreme(node, "max")

    def _extreme(self, node: ir.Call, name: str) -> Code:
        options = dict(node.keywords)
        if len(node.args) == 1:
            items = self.owned_items(node.args[0]).text
        else:
            items = f"[{', '.join(self.owned(arg) for arg in node.args)}]"
        called, given = name, [items]
        if "key" in options:
            called += "_by_key"
            given.append(self.key_function(options["key"]))
        if "default" in options:
            called += "_or"
            given.append(self.owned(options["default"]))
        return self.attempt(f"{called}({', '.join(given)})")

    def _call_sorted(self, node: ir.Call) -> Code:
        options = dict(node.keywords)
        items = self.owned_items(node.args[0]).text
        reverse = self.truth(options["reverse"]).text if "reverse" in options else "false"
        if "key" in options:
            key = self.key_function(options["key"])
            return self.attempt(f"sorted_by_key({items}, {key}, {reverse})")
        return self.attempt(f"sorted({items}, {reverse})")

    def _interrupt(self, node: ir.Interrupt) -> Code:
        return self.attempt(f"{self.locals.context()}.interrupt({self.owned(node.value)})")

    def _send(self, node: ir.Send) -> Code:
        target = self.emit(node.node)
        name = target.text if target.form == "str" else self.as_owned(target, node.node.type)
        return Code(f"Send::new({name}, {self.owned(node.argument)})", "value")

    # --- iteration, in a module of its own

    def iterated(self, node: ir.Expr, take: bool = False) -> Source:
        """Something that can stand in `for x in ...`; with `take`, given away if possible."""
        raise NotImplementedError

    def counted(self, node: ir.Comprehension) -> Code | None:
        """How many items a comprehension has, if that can be said without making them."""
        raise NotImplementedError

    def quantified(self, node: ir.Comprehension, name: str) -> Code:
        """`any` or `all` of a comprehension's conditions."""
        raise NotImplementedError


def _receiver(made: Code) -> str:
    if made.form == "place" and made.text.startswith("*"):
        return made.text[1:]
    return made.within(c.ATOM)


def _dereferenced(made: Code) -> str:
    if made.form == "ref":
        return f"*{made.within(c.UNARY)}"
    return made.within(c.SHIFT)


def _as_str(made: Code) -> str:
    return made.text if made.form == "str" else f"{_receiver(made)}.as_str()"


def _copied_parts(form: tuple[object, ...]) -> str:
    names = [chr(ord("a") + at) for at in range(len(form))]
    parts = (
        f"{name}.clone()" if part != "value" else name
        for name, part in zip(names, form, strict=True)
    )
    return f"|({', '.join(names)})| ({', '.join(parts)})"


def _and_or(made: Code, binds: int, inner: int) -> str:
    # Rust warns of `&&` within `||` only where it could be misread; Python's own grouping is kept
    return made.text if made.binds <= max(inner, c.COMPARE) else f"({made.text})"


def _format_character(character: str) -> str:
    return character * 2 if character in "{}" else string(character)[1:-1]


def _always_true(kind: t.Type) -> bool:
    return isinstance(kind, t.ClassType) and kind.name != "datetime.timedelta"


def _has_effects(node: ir.Expr) -> bool:
    return any(
        isinstance(part, ir.FunctionCall | ir.Interrupt)
        or (isinstance(part, ir.Call) and part.function.startswith("random."))
        for part in walk([node])
    )


def _proved(test: ir.Expr) -> tuple[ir.Name, bool] | None:
    """The optional name that a test proves to hold something, and whether its truth counts too."""
    match test:
        case ir.Truth(value=ir.Name(type=t.OptionalType(item=item)) as name):
            return name, not _always_true(item)
        case ir.Compare(op="is not none", left=ir.Name(type=t.OptionalType()) as name):
            return name, False
    return None
