"""The faults of a whole program."""

from collections.abc import Iterator

import msgspec

from langferry.diagnostics import Span
from langferry.model import Program
from langferry.mutation import bodies, wiring
from langferry.mutation.variants import variants


class Fault(msgspec.Struct, frozen=True):
    """A program with one fault in it.

    Attributes:
        kind: the kind of fault, a word or two.
        what: what was done, for a person.
        span: where in the program's source.
        program: the model with the fault.
    """

    kind: str
    what: str
    span: Span
    program: Program


def faults(program: Program) -> Iterator[Fault]:
    """Every fault that can be seeded into `program`, in the model's order.

    Only what is native is touched: what the bridge runs is the program's own text.
    """
    parts = {"functions": bodies, "globals": bodies, "records": wiring, "graphs": wiring}
    for name, family in parts.items():
        for change, new in variants(getattr(program, name), family.changes):
            mutated = msgspec.structs.replace(program, **{name: new})
            yield Fault(change.kind, change.what, change.span, mutated)
