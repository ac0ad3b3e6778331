"""Edits of files in every form that Python reads: all that no edit is about stays, byte for byte."""

import pytest

from langferry.converter.fixing import edited
from langferry.diagnostics import Edit, Failure, Span

CUT = Edit(Span("a.py", 2, 5, 2, 9), "")
LINE = Edit(Span("a.py", 2, 0, 3, 0), "")
ADD = Edit(Span("a.py", 1, 0, 1, 0), "import x\nimport y\n")


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        pytest.param(b"a\nb = 1 # x\nc\n", [CUT], b"a\nb = 1\nc\n", id="in a line"),
        pytest.param(b"a\r\nb\r\n\tc\r\n", [LINE], b"a\r\n\tc\r\n", id="CRLF and a tab"),
        pytest.param(b"a\rb\rc", [LINE, ADD], b"import x\rimport y\ra\rc", id="CR"),
        pytest.param(b"a\r\nb\nc\r", [LINE], b"a\r\nc\r", id="newlines of several kinds"),
        pytest.param(b"a\nb", [LINE], b"a\n", id="no newline at the end"),
        pytest.param(b"\xef\xbb\xbfa\nb\n", [ADD], b"\xef\xbb\xbfimport x\nimport y\na\nb\n", id="BOM"),
        pytest.param(
            b"# coding: latin-1\nb\xe4\xf6 = 1 # x\n",
            [Edit(Span("a.py", 2, 7, 2, 11), "")],
            b"# coding: latin-1\nb\xe4\xf6 = 1\n",
            id="an encoding of its own",
        ),
        pytest.param(
            "# 𝄞é\n'é𝄞' # x\n".encode(),
            [Edit(Span("a.py", 2, 4, 2, 8), "")],
            "# 𝄞é\n'é𝄞'\n".encode(),
            id="columns are code points",
        ),
        pytest.param(b"a\x0c\x1c\nb\x0b\nc\n", [LINE], b"a\x0c\x1c\nc\n", id="what is no newline"),
    ],
)  # fmt: skip
def test_only_what_is_edited_changes(before: bytes, edits: list[Edit], after: bytes) -> None:
    assert edited(before, "a.py", edits) == after


def test_an_encoding_that_does_not_give_back_the_bytes_is_refused() -> None:
    # a letter that UTF-7 need not have encoded
    data = b"# coding: utf-7\n'+AGE-'\n"
    with pytest.raises(Failure, match="LF703"):
        edited(data, "a.py", [ADD])


def test_a_character_that_the_encoding_lacks_is_refused() -> None:
    given = Edit(Span("a.py", 1, 0, 1, 0), "'é'\n")
    with pytest.raises(Failure, match="LF703"):
        edited(b"# coding: ascii\n", "a.py", [given])


@pytest.mark.parametrize("named", ["latin-1", "unknown"])
def test_a_comment_that_would_become_the_one_of_the_encoding_is_refused(named: str) -> None:
    data = f"# x\n# é\n# coding: {named}\n".encode()
    with pytest.raises(Failure, match="LF703"):
        edited(data, "a.py", [Edit(Span("a.py", 1, 0, 2, 0), "")])
