"""The forms of expressions in Rust, with literals and names."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from langferry.codegen.rust.functions import code as c
from langferry.codegen.rust.functions.code import Code, Source
from langferry.codegen.rust.functions.liveness import Liveness
from langferry.codegen.rust.functions.locals import Locals
from langferry.codegen.rust.literals import floating, integer, string
from langferry.codegen.rust.rust_file import RustFile
from langferry.model import ir
from langferry.model import types as t

_ALWAYS_KEYS = t.StrType | t.IntType | t.BoolType | t.FloatType | t.NoneType
NUMBERS = t.IntType | t.FloatType

Making = Literal["plain", "lazy", "fallible"]
"""How a module-level constant is made: when compiling, where it is first needed, or so but it may raise."""


class Values:
    """Writes literals and names, and brings any expression into the form its place needs."""

    def __init__(
        self, file: RustFile, names: Locals, liveness: Liveness, constants: Mapping[str, Making]
    ) -> None:
        self.file = file
        self.locals = names
        self.liveness = liveness
        self.constants = constants
        self.tries = 0
        self.copies_only = 0

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

    def own(self, node: ir.Expr) -> Code:
        """An expression as a value of its own, with how tightly it binds."""
        made = self.emit(node)
        if made.form == "value":
            return made
        binds = c.UNARY if isinstance(node.type, t.BoolType) else c.ATOM
        return Code(self.as_owned(made, node.type), "value", binds)

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
        if kind in (t.BoolType(), t.OptionalType(t.BoolType())):
            return made.text if made.form == "place" else f"*{made.within(c.UNARY)}"
        if made.form == "place" and made.movable:
            return made.text
        return f"{receiver_text(made)}.clone()"

    def typed(self, node: ir.Expr) -> str:
        """A value of its own for a place that says itself of what type it is."""
        return untold(self.owned(node))

    def ok(self, node: ir.Expr, told: bool = False) -> str:
        """`Ok` of an expression's value, or the very call that gives a `Result`.

        `told`: the place says of what type it is.
        """
        made = self.emit(node)
        if made.form == "value" and made.binds == c.ATOM and made.text.endswith("?"):
            return made.text[:-1]
        text = self.as_owned(made, node.type)
        return f"Ok({untold(text) if told else text})"

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

    def looked_up(self, node: ir.Expr) -> str:
        """What is looked up in a dict, as a reference; what may be no key is asked whether it is one."""
        if not is_dynamic_key(node):
            return self.borrowed(node)
        return self.attempt(f"{self.receiver(node)}.checked_key()").text

    def key(self, node: ir.Expr) -> str:
        """What becomes a key of a dict, or an item of a set, as a value of its own."""
        return f"{self.looked_up(node)}.clone()" if is_dynamic_key(node) else self.owned(node)

    def receiver(self, node: ir.Expr) -> str:
        """An expression that a method is called on."""
        return receiver_text(self.emit(node))

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
        match self.constants.get(node.id):
            case "fallible":
                self.tries += 1
                return Code(f"{name}.get()?", "ref")
            case "plain":
                return Code(name, "place")
            case _:
                return Code(f"*{name}", "place", c.UNARY)

    def _empty(self, kind: t.Type) -> Code:
        """An empty container; without its type, not every place would tell what it may hold."""
        return Code(f"{self.file.type(kind).replace('<', '::<', 1)}::new()", "value")

    def _listlit(self, node: ir.ListLit) -> Code:
        if any(isinstance(item, ir.Spread) for item in node.items):
            return self._spread_items(node.items, "Vec", "push", "extend", node.type)
        if not node.items:
            return self._empty(node.type)
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
            return self._empty(node.type)
        return Code(f"Set::from([{', '.join(self.key(item) for item in node.items)}])", "value")

    def _spread_items(
        self, items: Sequence[ir.Expr], kind: str, add: str, extend: str, whole: t.Type
    ) -> Code:
        name = self.locals.fresh("items")
        lines = [f"let mut {name}: {self.file.type(whole)} = {kind}::new();"]
        for item in items:
            if isinstance(item, ir.Spread):
                lines.append(f"{name}.{extend}({self._starred(item.value)});")
            else:
                made = self.key(item) if kind == "Set" else self.owned(item)
                lines.append(f"{name}.{add}({made});")
        return Code("{ " + " ".join(lines) + f" {name} }}", "value", c.LOOSE)

    def _starred(self, node: ir.Expr) -> str:
        if isinstance(node.type, t.AnyType):
            return self.attempt(f"{self.receiver(node)}.starred()").text
        return self.owned_items(node).text

    def _tuplelit(self, node: ir.TupleLit) -> Code:
        inner = ", ".join(self.owned(item) for item in node.items)
        return Code(f"({inner},)" if len(node.items) == 1 else f"({inner})", "value")

    def _dictlit(self, node: ir.DictLit) -> Code:
        if not node.entries:
            return self._empty(node.type)
        if any(key is None for key, _ in node.entries):
            return self._spread_dict(node)
        pairs = (
            f"({self.key(key)}, {self.owned(value)})"
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
                lines.append(f"{name}.insert({self.key(key)}, {self.owned(value)});")
        return Code("{ " + " ".join(lines) + f" {name} }}", "value", c.LOOSE)

    def _recordlit(self, node: ir.RecordLit) -> Code:
        assert isinstance(node.type, t.RecordType)
        record = node.type.record
        layout = self.file.layout
        given = {}
        for name, value in node.fields:
            made = self.own(value)
            made = msgspec.structs.replace(made, text=untold(made.text))
            slot = self._has_slot(record, name)
            given[name] = f"{made.within(c.ATOM)}.into()" if slot else made.text
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
        # where a block may begin, Rust takes no struct without parentheses
        return Code(f"{self.file.struct(record)} {{ {', '.join(parts)} }}", "value", c.LOOSE)

    def _has_slot(self, record: str, name: str) -> bool:
        layout = self.file.layout
        if record in layout.states:
            return True
        found = layout.record(record)
        field = next(field for field in found.fields if field.name == name)
        return found.kind == "typed_dict" and not field.required

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

    def owned_items(self, node: ir.Expr) -> Source:
        """Items that belong to whoever takes them."""
        source = self.iterated(node, take=True)
        form = source.items
        if form == "ref":
            return Source(f"{source.iterator()}.cloned()", "value")
        if isinstance(form, tuple) and any(part != "value" for part in form):
            return Source(f"{source.iterator()}.map({copied_parts(form)})", "value")
        return source

    def iterated(self, node: ir.Expr, take: bool = False) -> Source:
        """Something that can stand in `for x in ...`; with `take`, given away if possible."""
        raise NotImplementedError


_EMPTY = re.compile(r"(Vec|Dict|Set)::<.*>::new\(\)")


def untold(text: str) -> str:
    """An empty container without the type of what it might hold; other text as it is."""
    if _EMPTY.fullmatch(text):
        return f"{text.partition('::')[0]}::new()"
    return text


EMPTY = {"Vec::new()": "List", "Dict::new()": "Dict", "Set::new()": "Set"}
"""Empty containers, with the variant of `Value` that holds such."""


def dynamic(text: str) -> str:
    """A value of its own as a `Value`."""
    empty = untold(text)
    return f"Value::{EMPTY[empty]}({empty})" if empty in EMPTY else f"Value::from({text})"


def receiver_text(made: Code) -> str:
    if made.form == "place" and made.text.startswith("*"):
        return made.text[1:]
    return made.within(c.ATOM)


def copied_parts(form: tuple[object, ...]) -> str:
    names = [chr(ord("a") + at) for at in range(len(form))]
    parts = (
        f"{name}.clone()" if part != "value" else name
        for name, part in zip(names, form, strict=True)
    )
    return f"|({', '.join(names)})| ({', '.join(parts)})"


def is_dynamic_key(node: ir.Expr) -> bool:
    """Whether only the running program knows if a value can be a key of a dict."""
    known = isinstance(node, ir.Convert) and isinstance(node.value.type, _ALWAYS_KEYS)
    return isinstance(node.type, t.AnyType) and not known
