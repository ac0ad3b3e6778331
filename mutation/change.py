"""One place of a model done differently."""

from typing import Any

import msgspec

from langferry.diagnostics import Span


class Change(msgspec.Struct, frozen=True):
    """What stands in a model instead of one of its parts.

    Attributes:
        kind: the kind of fault, a word or two: `constant`, `comparison`, `dropped write`, ...
        what: what was done, for a person.
        span: where in the program.
        new: the part in its new form.
    """

    kind: str
    what: str
    span: Span
    new: Any
