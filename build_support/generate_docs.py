"""Writes the documentation that is made from tables: `docs/codes.md`.

Usage: generate_docs.py [--check]; with --check nothing is written and a difference exits 1.
"""

import sys
from pathlib import Path

from langferry.diagnostics import TABLE

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Codes

Every message of langferry carries one of these codes. `migrate explain CODE` prints the same.
Made from `diagnostics/families/` by `make generate`.
"""


def codes_page() -> str:
    """The page of codes as markdown."""
    parts = [HEAD]
    for code in sorted(TABLE):
        row = TABLE[code]
        parts.append(
            f"\n## {row.code}: {row.title}\n\n{row.explanation}\n\n**Next step.** {row.next_step}\n"
        )
    return "".join(parts)


def main() -> int:
    """Write or check the pages; the exit code."""
    page = ROOT / "docs" / "codes.md"
    text = codes_page()
    if "--check" in sys.argv[1:]:
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            print(f"{page.relative_to(ROOT)} is out of date: run `make generate`", file=sys.stderr)
            return 1
        return 0
    page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
