"""How what was found can be put right: edits of the source, and how far they are to be trusted."""

from typing import Literal

import msgspec

from langferry.diagnostics.span import Span

Applicability = Literal["safe", "unsafe", "manual"]
"""safe: the program means the same afterwards. unsafe: what it does may change, mostly to what was
meant. manual: a person has to do it, and is told what."""


class Edit(msgspec.Struct, frozen=True):
    """Puts `text` in place of what stands at `span`; a span without extent is a place to insert at.

    Lines of `text` end with newlines, whatever those of the file are.
    """

    span: Span
    text: str


class Fix(msgspec.Struct, frozen=True):
    """All `edits`, which are of one file, or none. A manual fix has no edits."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...] = ()
