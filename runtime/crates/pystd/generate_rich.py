"""Writes src/rich/tables.rs: the names of emoji and the widths of characters, as rich (MIT licence) has them.

Usage: generate_rich.py [--check]; with --check nothing is written and a difference exits 1.
"""

import sys
from importlib.metadata import version
from pathlib import Path

from rich._emoji_codes import EMOJI
from rich._unicode_data import load


def _escaped(text: str) -> str:
    return "".join(f"\\u{{{ord(character):x}}}" for character in text)


def main() -> None:
    """Write the tables, or check them."""
    cells = load("latest")
    lines = [
        f"//! Tables of rich {version('rich')} (MIT licence), for Unicode {cells.unicode_version};",
        "//! written by generate_rich.py.",
        "",
        "/// Emoji by their names, in order.",
        "#[rustfmt::skip]",
        "pub(super) static EMOJI: &[(&str, &str)] = &[",
        *(
            f'    ("{_escaped(name) if not name.isascii() else name}", "{_escaped(EMOJI[name])}"),'
            for name in sorted(EMOJI, key=str.encode)
        ),
        "];",
        "",
        "/// First and last character of a range, and how many cells each takes.",
        "#[rustfmt::skip]",
        "pub(super) static WIDTHS: &[(u32, u32, u8)] = &[",
        *(f"    ({first}, {last}, {width})," for first, last, width in cells.widths),
        "];",
        "",
        "/// Characters that a variation selector makes wide, in order.",
        "#[rustfmt::skip]",
        "pub(super) static WIDENED: &[u32] = &[",
        *(f"    {ord(character)}," for character in sorted(cells.narrow_to_wide)),
        "];",
    ]
    path = Path(__file__).parent / "src" / "rich" / "tables.rs"
    text = "\n".join(lines) + "\n"
    if "--check" not in sys.argv[1:]:
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != text:
        sys.exit(f"{path.name} is out of date: run `make generate`")


if __name__ == "__main__":
    main()
