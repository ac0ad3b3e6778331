"""Every code that the validator uses stands in its table, once, and the other way round."""

import re
from collections import Counter
from pathlib import Path

from langferry.validator import errors

SOURCES = Path(__file__).parents[2] / "validator"


def test_codes_used_and_codes_in_the_table_are_the_same() -> None:
    used = {
        code
        for path in SOURCES.glob("*.py")
        if path.name != "errors.py"
        for code in re.findall(r"\bLF5\d\d\b", path.read_text(encoding="utf-8"))
    }
    rows = Counter(row.code for row in errors.ROWS)
    assert set(rows) == used
    assert max(rows.values()) == 1


def test_a_failure_carries_the_tables_next_step() -> None:
    problem = errors.failure("LF501", "no such file").diagnostic
    assert problem.help == errors.row("LF501").next_step
    assert str(errors.failure("LF501", "no such file")) == "LF501: no such file"
