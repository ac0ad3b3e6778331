"""Writes the documentation that is made from tables and records: `docs/codes.md`,
`docs/conformance.md`, `docs/runnable.md` and the sentence of README.md and COMPATIBILITY.md that quotes it.

Usage: generate_docs.py [--check]; with --check nothing is written and a difference exits 1.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from build_support.runnable import page as runnable
from conformance import record  # tools of the repository, not part of the package
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
        for remedy in row.fixes:
            parts.append(f"\n**Fix, {remedy.applicability}.** {remedy.what}\n")
    return "".join(parts)


def pages() -> dict[Path, str]:
    """Every generated page, and what it is to hold."""
    written = {
        ROOT / "docs" / "codes.md": codes_page(),
        ROOT / "docs" / "conformance.md": record.page(),
        runnable.PAGE: runnable.page(),
    }
    for name in ("README.md", "COMPATIBILITY.md"):
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        written[path] = re.sub(
            r"(<!-- conformance -->).*?(<!-- /conformance -->)",
            lambda found: f"{found[1]}{record.figure()}{found[2]}",
            text,
            flags=re.DOTALL,
        )
    return written


def main() -> int:
    """Write or check the pages; the exit code."""
    stale = [path for path, text in pages().items() if not _holds(path, text)]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date: run `make generate`", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages()[path], encoding="utf-8")
    return 0


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
