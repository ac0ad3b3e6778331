"""f-strings and joined text as `format!`."""

import re
from collections.abc import Sequence
from typing import Literal

from langferry.codegen.rust.functions.code import Code
from langferry.codegen.rust.functions.values import Values
from langferry.codegen.rust.literals import escaped, string
from langferry.model import ir
from langferry.model import types as t


class Text(Values):
    """Writes text."""

    def _formatstring(self, node: ir.FormatString) -> Code:
        pieces: list[str] = []
        args: list[str] = []
        match node.parts:
            case (ir.Formatted(value=value, conversion="" | "s", spec=()),):
                if isinstance(value.type, t.StrType):
                    return self.emit(value)
                if isinstance(value.type, t.AnyType):
                    return Code(self.shown(value, "str_of"), "value")
        for part in node.parts:
            if isinstance(part, ir.StrLit):
                pieces.append(part.value)
            elif _is_literal(part) and isinstance(part.value, ir.StrLit):
                pieces.append(part.value.value)
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
        return self.shown(part.value, "str_of")

    def _converted(self, part: ir.Formatted) -> str:
        if part.conversion == "a":
            return f"ascii({self.borrowed(part.value)})"
        return self.shown(part.value, "str_of" if part.conversion == "s" else "repr")

    def shown(self, node: ir.Expr, function: Literal["str_of", "repr"]) -> str:
        """The `str` or `repr` of a value."""
        if not t.may_hold_objects(node.type):
            return f"{function}({self.borrowed(node)})"
        value = self.borrowed(node)
        if not isinstance(node.type, t.AnyType):
            value = f"&{self.converted(self.own(node), node.type, t.AnyType())}"
        called = "str_of" if function == "str_of" else "repr_of"
        return self.attempt(f"langferry::objects::{called}({value})").text

    def converted(self, made: Code, found: t.Type, want: t.Type) -> str:
        """`made`, which is a `found` of its own, as a `want`."""
        raise NotImplementedError

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


def _is_literal(part: ir.Formatted) -> bool:
    return isinstance(part.value, ir.StrLit) and not part.spec and not part.conversion


def _format_character(character: str) -> str:
    return character * 2 if character in "{}" else escaped(character)
