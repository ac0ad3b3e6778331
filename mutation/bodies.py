"""The faults a function's body can have."""

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

import msgspec

from langferry.model import ir
from langferry.model import types as t
from langferry.mutation.change import Change

_NUMBERS = (t.IntType, t.FloatType)
_OTHER_ARITHMETIC: dict[ir.BinaryOp, ir.BinaryOp] = {"+": "-", "-": "+", "*": "+"}
_NEGATED: dict[ir.CompareOp, ir.CompareOp] = {
    **{"==": "!=", "!=": "==", "in": "not in", "not in": "in"},
    **{"is none": "is not none", "is not none": "is none"},
    **{"<": ">=", ">=": "<", ">": "<=", "<=": ">"},
}
_AT_THE_BOUND: dict[ir.CompareOp, ir.CompareOp] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_OTHER_EXCEPTION = {"ValueError": "TypeError"}


@singledispatch
def changes(part: Any) -> Iterable[Change]:
    """What could be wrong with this part of a body, its own parts left alone."""
    return ()


def _changed(part: Any, kind: str, what: str, **fields: Any) -> Change:
    return Change(kind, what, part.span, msgspec.structs.replace(part, **fields))


@changes.register
def _bool(part: ir.BoolLit) -> Iterable[Change]:
    yield _changed(part, "constant", f"{part.value} becomes {not part.value}", value=not part.value)


@changes.register
def _int(part: ir.IntLit) -> Iterable[Change]:
    digits = str(int(part.digits) + 1)
    yield _changed(part, "constant", f"{part.digits} becomes {digits}", digits=digits)


@changes.register
def _float(part: ir.FloatLit) -> Iterable[Change]:
    text = repr(float(part.text) + 1.0)
    if text != part.text:
        yield _changed(part, "constant", f"{part.text} becomes {text}", text=text)


@changes.register
def _str(part: ir.StrLit) -> Iterable[Change]:
    text = f"{part.value}x"  # a letter: most code tells one from another
    yield _changed(part, "constant", f"{part.value!r} becomes {text!r}", value=text)


@changes.register
def _binary(part: ir.Binary) -> Iterable[Change]:
    other = _OTHER_ARITHMETIC.get(part.op)
    if other is not None and isinstance(part.type, _NUMBERS):
        yield _changed(part, "arithmetic", f"{part.op} becomes {other}", op=other)
    elif part.op == "+" and part.left != part.right and part.left.type == part.right.type:
        yield _changed(
            part, "arithmetic", "the sides of + are swapped", left=part.right, right=part.left
        )


@changes.register
def _augment(part: ir.Augment) -> Iterable[Change]:
    other = _OTHER_ARITHMETIC.get(part.op)
    if other is not None and isinstance(part.target.type, _NUMBERS):
        yield _changed(part, "arithmetic", f"{part.op}= becomes {other}=", op=other)
    yield _dropped(part)


@changes.register
def _compare(part: ir.Compare) -> Iterable[Change]:
    negated = _NEGATED[part.op]
    yield _changed(part, "comparison", f"{part.op} becomes {negated}", op=negated)
    if part.op in _AT_THE_BOUND:
        bound = _AT_THE_BOUND[part.op]
        yield _changed(part, "comparison", f"{part.op} becomes {bound}", op=bound)


@changes.register
def _logical(part: ir.Logical) -> Iterable[Change]:
    other = "or" if part.op == "and" else "and"
    yield _changed(part, "logic", f"{part.op} becomes {other}", op=other)


@changes.register
def _conditional(part: ir.Conditional) -> Iterable[Change]:
    yield _changed(
        part, "logic", "the two results are swapped", then=part.otherwise, otherwise=part.then
    )


@changes.register
def _if(part: ir.If) -> Iterable[Change]:
    if not isinstance(part.test, ir.Compare):
        test = ir.Unary("not", part.test, t.BoolType(), part.test.span)
        yield _changed(part, "logic", "the test is negated", test=test)


@changes.register
def _clause(part: ir.Clause) -> Iterable[Change]:
    for position, condition in enumerate(part.conditions):
        left = (*part.conditions[:position], *part.conditions[position + 1 :])
        new = msgspec.structs.replace(part, conditions=left)
        yield Change("logic", "a condition is dropped", condition.span, new)


@changes.register
def _set_item(part: ir.SetItem) -> Iterable[Change]:
    yield _dropped(part)


def _dropped(part: ir.Augment | ir.SetItem) -> Change:
    return Change("dropped statement", "the statement is dropped", part.span, ir.Pass(part.span))


@changes.register
def _update(part: ir.Update) -> Iterable[Change]:
    for position, (channel, _, _) in enumerate(part.writes):
        left = (*part.writes[:position], *part.writes[position + 1 :])
        yield _changed(part, "dropped write", f"{channel!r} is not written", writes=left)
        if position > 0:
            before = part.writes[position - 1]
            swapped = (
                *part.writes[: position - 1],
                *(part.writes[position], before),
                *part.writes[position + 1 :],
            )
            what = f"{channel!r} is written before {before[0]!r}"
            yield _changed(part, "swapped writes", what, writes=swapped)


@changes.register
def _raise(part: ir.Raise) -> Iterable[Change]:
    if part.exception is not None:
        other = _OTHER_EXCEPTION.get(part.exception, "ValueError")
        what = f"{part.exception} becomes {other}"
        yield _changed(part, "exception", what, exception=other)
