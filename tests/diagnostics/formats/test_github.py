from langferry.diagnostics import Diagnostic
from langferry.diagnostics.formats import FORMATS


def test_a_command_a_finding(refused: Diagnostic, told: Diagnostic, placeless: Diagnostic) -> None:
    error, notice, warning = FORMATS["github"]([refused, told, placeless]).split("\n")
    assert error.startswith(
        "::error title=LF201,file=a b%2Cc%3Ad.py,line=3,col=5,endLine=5::it holds 100 %25,"
    )
    assert error.endswith("%0A::error::x%0AMake it a%0Aconstant.")
    assert notice == (
        "::notice title=LF303,file=m.py,line=7,col=1,endLine=7,endColumn=9::`f` stays Python"
    )
    assert warning == "::warning title=LF222::its saver is not carried over"
