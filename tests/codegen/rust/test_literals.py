"""Whatever a text holds, it stays data."""

import pytest

from langferry.codegen.rust.literals import doc, floating, integer, string
from langferry.diagnostics import Failure


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain é 日本", '"plain é 日本"'),
        ('say "hi"', r'"say \"hi\""'),
        (r"\d+\.", r'r"\d+\."'),
        (r'say "hi" \\', r"""r#"say "hi" \\"#"""),
        (r'"# \ "###', r"""r####""# \ "###"####"""),
        ("\\\n", r'"\\\n"'),
        ("a\r\n\tb\0", r'"a\r\n\tb\0"'),
        ('"#; }} {{ x }} {% raw %}', r'"\"#; }} {{ x }} {% raw %}"'),
        ("\u202e\ue000\x7f", r'"\u{202e}\u{e000}\u{7f}"'),
    ],
)
def test_strings(text: str, literal: str) -> None:
    assert string(text) == literal


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(Failure) as raised:
        string("a\ud800")
    assert raised.value.diagnostic.code == "LF604"


@pytest.mark.parametrize(
    ("text", "literal"),
    [("1", "1.0"), ("0.1", "0.1"), ("1e+300", "1e+300"), ("-inf", "f64::NEG_INFINITY")],
)
def test_floats(text: str, literal: str) -> None:
    assert floating(text) == literal


def test_integers_beyond_64_bits_are_no_literals() -> None:
    assert integer("-9223372036854775808") == "-9223372036854775808"
    assert integer("9223372036854775808") is None


def test_no_line_of_a_text_leaves_its_doc_comment() -> None:
    text = "first\r\n*/ fn main() {}\rthird\u2028//! fourth\x0b\n\n```\nloop {}\n```\u202e"
    lines = doc(text).split("\n")
    assert all(line == "///" or line.startswith("/// ") for line in lines)
    assert "\r" not in doc(text)
    assert lines[-1] == r"/// ```\u{202e}"
    assert doc("", "//!") == "//!"
