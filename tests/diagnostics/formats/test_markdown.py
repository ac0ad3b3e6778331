from langferry.diagnostics import Diagnostic
from langferry.diagnostics.formats import FORMATS


def test_a_row_a_finding_and_no_cell_broken(refused: Diagnostic, placeless: Diagnostic) -> None:
    _, _, error, warning = FORMATS["markdown"]([refused, placeless]).split("\n")
    assert error.startswith("| `a b,c:d.py:3:5` | error | LF201 | it holds 100 %, \\| a \\<b\\> & ")
    assert "`code\\|d`" in error
    assert error.endswith("| Make it a constant. |")
    assert warning == "|  | warning | LF222 | its saver is not carried over |  |"


def test_nothing_is_said() -> None:
    assert FORMATS["markdown"]([]) == "Nothing was found."
