from langferry.diagnostics import Diagnostic
from langferry.diagnostics.formats import FORMATS


def test_a_line_a_finding(refused: Diagnostic, told: Diagnostic, placeless: Diagnostic) -> None:
    assert FORMATS["concise"]([refused, told, placeless]).split("\n") == [
        "a b,c:d.py:3:5: error[LF201] it holds 100 %, | a <b> & `code|d` \x00 ::error::x",
        "m.py:7:1: info[LF303] `f` stays Python",
        "warning[LF222] its saver is not carried over",
    ]


def test_nothing_is_no_line() -> None:
    assert FORMATS["concise"]([]) == ""
