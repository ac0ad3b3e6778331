"""The faults a function's body can have."""

from typing import Any

import pytest

from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.mutation.bodies import changes

SPAN = Span("program.py", 1, 0, 1, 5)
INT, BOOL, STR = t.IntType(), t.BoolType(), t.StrType()
X, Y = ir.Name("x", INT, SPAN), ir.Name("y", INT, SPAN)
TEXT, NAME = ir.StrLit("a", STR, SPAN), ir.Name("name", STR, SPAN)


def _update(*channels: str) -> ir.Update:
    return ir.Update("State", tuple((name, X, SPAN) for name in channels), SPAN)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (ir.BoolLit(True, BOOL, SPAN), ["True becomes False"]),
        (ir.IntLit("-1", INT, SPAN), ["-1 becomes 0"]),
        (ir.FloatLit("0.5", t.FloatType(), SPAN), ["0.5 becomes 1.5"]),
        (ir.FloatLit("inf", t.FloatType(), SPAN), []),
        (TEXT, ["'a' becomes 'ax'"]),
        (ir.Binary("-", X, Y, INT, SPAN), ["- becomes +"]),
        (ir.Binary("+", TEXT, NAME, STR, SPAN), ["the sides of + are swapped"]),
        (ir.Binary("+", TEXT, TEXT, STR, SPAN), []),
        (ir.Compare("<", X, Y, BOOL, SPAN), ["< becomes >=", "< becomes <="]),
        (ir.Compare("in", X, Y, BOOL, SPAN), ["in becomes not in"]),
        (ir.Logical("and", X, Y, INT, SPAN), ["and becomes or"]),
        (ir.Conditional(X, X, Y, INT, SPAN), ["the two results are swapped"]),
        (ir.If(X, (), (), SPAN), ["the test is negated"]),
        (ir.If(ir.Compare("<", X, Y, BOOL, SPAN), (), (), SPAN), []),
        (
            ir.Augment(ir.NameTarget("x", INT, SPAN), "+", Y, SPAN),
            ["+= becomes -=", "the statement is dropped"],
        ),
        (ir.SetItem(X, Y, None, Y, SPAN), ["the statement is dropped"]),
        (
            ir.Clause(ir.NameTarget("x", INT, SPAN), Y, INT, (X, Y)),
            ["a condition is dropped", "a condition is dropped"],
        ),
        (
            _update("a", "b"),
            ["'a' is not written", "'b' is not written", "'b' is written before 'a'"],
        ),
        (ir.Raise("ValueError", (), None, SPAN), ["ValueError becomes TypeError"]),
        (ir.Raise("KeyError", (), None, SPAN), ["KeyError becomes ValueError"]),
        (ir.Raise(None, (), None, SPAN), []),
        (X, []),
    ],
)
def test_what_can_be_wrong(part: Any, expected: list[str]) -> None:
    found = list(changes(part))
    assert [change.what for change in found] == expected
    assert all(change.new != part for change in found)


def test_writes_are_dropped_and_swapped() -> None:
    found = [change.new for change in changes(_update("a", "b", "c"))]
    orders = [[channel for channel, _, _ in update.writes] for update in found]
    assert orders == [
        ["b", "c"],
        ["a", "c"],
        ["b", "a", "c"],
        ["a", "b"],
        ["a", "c", "b"],
    ]
