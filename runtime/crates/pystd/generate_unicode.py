"""Write src/unicode/tables.rs: what the running CPython's `str` knows about each character.

Usage: generate_unicode.py [--check]; with --check nothing is written and a difference exits 1. Crates
behave as CPython 3.11: under another version nothing is done, and it says so.
"""

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

SURROGATES = range(0xD800, 0xE000)
CHARACTERS = [chr(code) for code in range(sys.maxunicode + 1) if code not in SURROGATES]


def is_cased(char: str) -> bool:
    """`title` writes a letter small after a cased character only."""
    return (char + "a").title()[-1] == "a"


def is_case_ignorable(char: str) -> bool:
    """A sigma is final if a cased character comes before it, ignorable ones left out."""
    return ("A" + char + "Σ").lower()[-1] == "ς" and (char + "Σ").lower()[-1] != "ς"


FLAGS: dict[str, Callable[[str], bool]] = {
    "ALPHA": str.isalpha,
    "DECIMAL": str.isdecimal,
    "DIGIT": str.isdigit,
    "NUMERIC": str.isnumeric,
    "SPACE": str.isspace,
    "PRINTABLE": str.isprintable,
    "LOWER": str.islower,
    "UPPER": str.isupper,
    "TITLE": lambda char: unicodedata.category(char) == "Lt",
    "CASED": is_cased,
    "CASE_IGNORABLE": is_case_ignorable,
    "IDENTIFIER_START": str.isidentifier,
    "IDENTIFIER_PART": lambda char: ("a" + char).isidentifier(),
}
MAPPINGS: dict[str, Callable[[str], str]] = {
    "LOWER_OF": str.lower,
    "UPPER_OF": str.upper,
    "TITLE_OF": str.title,
    "FOLDED": str.casefold,
}


def flag_ranges() -> list[tuple[int, int, int]]:
    """Ranges of characters with the same flags, those without any left out."""
    ranges: list[tuple[int, int, int]] = []
    for char in CHARACTERS:
        flags = sum(1 << bit for bit, test in enumerate(FLAGS.values()) if test(char))
        code = ord(char)
        if ranges and ranges[-1][1] == code - 1 and ranges[-1][2] == flags:
            ranges[-1] = (ranges[-1][0], code, flags)
        else:
            ranges.append((code, code, flags))
    return [item for item in ranges if item[2]]


def escaped(text: str) -> str:
    """`text` as the inside of a Rust string literal."""
    return "".join(f"\\u{{{ord(char):x}}}" for char in text)


def main() -> None:
    """Write the table beside this file."""
    lines = [
        f"//! Unicode {unicodedata.unidata_version} as CPython sees it; written by generate_unicode.py.",
        "",
    ]
    for bit, name in enumerate(FLAGS):
        lines.append(f"pub(super) const {name}: u16 = 1 << {bit};")
    lines += ["", "/// First and last character of a range, and its flags.", "#[rustfmt::skip]"]
    lines.append("pub(super) static FLAGS: &[(u32, u32, u16)] = &[")
    lines += [f"    ({start:#x}, {end:#x}, {flags})," for start, end, flags in flag_ranges()]
    lines.append("];")
    for name, convert in MAPPINGS.items():
        lines += ["", "/// Characters that change, and what they become.", "#[rustfmt::skip]"]
        lines.append(f"pub(super) static {name}: &[(char, &str)] = &[")
        lines += [
            f"    ('{escaped(char)}', \"{escaped(convert(char))}\"),"
            for char in CHARACTERS
            if convert(char) != char
        ]
        lines.append("];")
    lines += ["", "/// The zero of each run of ten decimal digits.", "#[rustfmt::skip]"]
    lines.append("pub(super) static ZEROS: &[u32] = &[")
    lines += [
        f"    {ord(char):#x},"
        for char in CHARACTERS
        if char.isdecimal() and unicodedata.decimal(char) == 0
    ]
    lines.append("];")
    target = Path(__file__).parent / "src" / "unicode" / "tables.rs"
    text = "\n".join(lines) + "\n"
    if "--check" not in sys.argv[1:]:
        target.write_text(text, encoding="utf-8")
    elif target.read_text(encoding="utf-8") != text:
        sys.exit(f"{target.name} is out of date: run `make generate`")


if __name__ == "__main__":
    if sys.version_info[:2] == (3, 11):
        main()
    else:
        print("skipped: the Unicode tables are CPython 3.11's", file=sys.stderr)
