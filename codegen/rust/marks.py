"""Marks in generated text: which stretch of it stands for which stretch of the user's Python.

`Marks.wrap` puts a number before and after a piece of text, in characters that no literal or
comment can hold (`literals` escapes them); `strip` takes them out again and says where they were.
"""

import re
from typing import Literal

import msgspec

from langferry.diagnostics import Span

_OPEN, _CLOSE, _END = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"([{_OPEN}{_CLOSE}])([0-9]+){_END}")

Kind = Literal[
    "node", "router", "reducer", "helper", "field", "global", "edge", "statement", "write"
]


class Mark(msgspec.Struct, frozen=True):
    """What a stretch stands for.

    `of` is the id of the function it is in, or that it is, for the kinds `node`, `router`,
    `reducer` and `helper`; of the constant for `global`, of the record for `field`; and the
    node it leaves for `edge`. A `write` writes `channel`, a `field` is it.
    """

    span: Span
    kind: Kind
    of: str
    channel: str | None


class Marked(msgspec.Struct, frozen=True):
    """A mark with the half-open range of offsets it covers in the text without marks."""

    mark: Mark
    start: int
    end: int


class Marks:
    """Hands out marks and finds them again."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []

    def wrap(self, text: str, span: Span, kind: Kind, of: str, channel: str | None = None) -> str:
        """`text`, marked as standing for `span`. Marks may nest."""
        number = len(self._marks)
        self._marks.append(Mark(span, kind, of, channel))
        return f"{_OPEN}{number}{_END}{text}{_CLOSE}{number}{_END}"

    def strip(self, text: str) -> tuple[str, list[Marked]]:
        """`text` without its marks, and where each of them was, in the order they open."""
        plain: list[str] = []
        length, last = 0, 0
        starts: dict[int, int] = {}
        found: list[Marked] = []
        for match in _MARK.finditer(text):
            piece = text[last : match.start()]
            plain.append(piece)
            length, last = length + len(piece), match.end()
            number = int(match[2])
            if match[1] == _OPEN:
                starts[number] = length
            else:
                found.append(Marked(self._marks[number], starts.pop(number), length))
        plain.append(text[last:])
        return "".join(plain), sorted(found, key=lambda marked: (marked.start, -marked.end))
