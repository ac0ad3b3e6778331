"""A row of the table of codes."""

import msgspec

from langferry.diagnostics.fix import Applicability


class Remedy(msgspec.Struct, frozen=True):
    """A kind of fix that findings of a code may come with, and what it does."""

    applicability: Applicability
    what: str


class Code(msgspec.Struct, frozen=True):
    """A code with its title (what), explanation (why), the usual next step, and the fixes it may have."""

    code: str
    title: str
    explanation: str
    next_step: str
    fixes: tuple[Remedy, ...] = ()
