"""Every tree that differs in one place."""

import msgspec

from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.mutation.change import Change
from langferry.mutation.variants import variants

SPAN = Span("program.py", 1, 0, 1, 5)


def _number(digits: str) -> ir.IntLit:
    return ir.IntLit(digits, t.IntType(), SPAN)


def _to_nine(part: object) -> list[Change]:
    if isinstance(part, ir.IntLit):
        return [Change("nine", part.digits, part.span, msgspec.structs.replace(part, digits="9"))]
    return []


def test_each_variant_differs_in_one_place() -> None:
    list_type = t.ListType(t.IntType())
    inner = ir.ListLit((_number("2"), _number("3")), list_type, SPAN)
    outer = ir.TupleLit((_number("1"), inner), t.TupleType((t.IntType(), list_type)), SPAN)
    found = list(variants(outer, _to_nine))
    assert [change.what for change, _ in found] == ["1", "2", "3"]
    assert found[0][1].items == (_number("9"), inner)
    assert found[2][1].items[1].items == (_number("2"), _number("9"))


def test_what_is_known_of_code_is_no_code() -> None:
    note = ir.Evaluate(_number("1"), SPAN, comments=("1",))
    ((change, new),) = variants(note, _to_nine)
    assert change.kind == "nine"
    assert new == ir.Evaluate(_number("9"), SPAN, comments=("1",))
