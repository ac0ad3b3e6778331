"""A piece of Rust: its text, what it yields, and how tightly it binds."""

from typing import Literal

import msgspec

Form = Literal["value", "place", "ref", "str", "optref", "array"]
"""What an expression of type `T` yields in Rust.

`value`: a `T` of its own. `place`: a variable or field that holds a `T`. `ref`: a `&T`.
`str`: a `&str` where `T` is `String`. `optref`: an `Option<&U>` where `T` is `Option<U>`.
"""

ATOM, UNARY, PRODUCT, SUM, SHIFT, BIT_AND, BIT_XOR, BIT_OR, COMPARE, AND, OR, LOOSE = range(12)


class Code(msgspec.Struct, frozen=True):
    """Rust text with its form; `movable` places may be given away."""

    text: str
    form: Form
    binds: int = ATOM
    movable: bool = False

    def within(self, binds: int) -> str:
        """The text, in parentheses where something that binds as `binds` surrounds it."""
        return f"({self.text})" if self.binds > binds else self.text


ItemForm = Form | tuple["ItemForm", ...]
"""Forms of what iterating yields; a tuple of forms where it is taken apart."""


class Source(msgspec.Struct, frozen=True):
    """What can be iterated over: an iterator, a container of its own, or a reference to one."""

    text: str
    items: ItemForm
    kind: Literal["iterator", "container", "reference"] = "iterator"
    binds: int = ATOM

    def iterator(self) -> str:
        """The text as an iterator, to which adaptors can be added."""
        if self.kind == "iterator":
            return self.text
        reference = self.kind == "reference"
        text = self.text.removeprefix("&") if reference else self.text
        shown = text if self.binds == ATOM else f"({text})"
        return f"{shown}.{'iter' if reference else 'into_iter'}()"
