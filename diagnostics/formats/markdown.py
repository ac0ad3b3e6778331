"""A table of findings for a pull request or a page."""

import re
from collections.abc import Sequence

from langferry.diagnostics.diagnostic import Diagnostic


def markdown(findings: Sequence[Diagnostic]) -> str:
    """A row a finding; a line that says so when there is none."""
    if not findings:
        return "Nothing was found."
    rows = ["| where | | code | what | what to do |", "|---|---|---|---|---|"]
    for found in findings:
        place = _code(str(found.span)) if found.span else ""
        step = found.help or ""
        if found.fix is not None:
            step += f" Fix ({found.fix.applicability}): {found.fix.message}"
        cells = (place, found.severity, found.code, cell(found.message), cell(step))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def cell(text: str) -> str:
    """`text` on one line, as itself: nothing in it is a cell's end, a link, a mention or a tag."""
    pieces = re.split(r"(`[^`]+`)", " ".join(text.split()))
    return "".join(
        _code(piece[1:-1]) if at % 2 else re.sub(r"([\\`*_\[\]<>|@#~])", r"\\\1", piece)
        for at, piece in enumerate(pieces)
    )


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return f"{fence}{' '.join(text.split()).replace('|', chr(92) + '|')}{fence}"
