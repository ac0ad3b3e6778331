"""Every code that is used stands in the table, and every code of the table is used."""

import re
from pathlib import Path

import pytest

from langferry.diagnostics import TABLE, Failure

ROOT = Path(__file__).parents[2]
PACKAGES = ("cli", "codegen", "compat", "converter", "graph", "validator")
CRATES = "runtime/crates/langferry/src"
"""What a crate answers with codes is Rust."""


def _used() -> set[str]:
    python = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {
        code
        for path in (*python, *(ROOT / CRATES).rglob("*.rs"))
        for code in re.findall(r"\bLF[0-9]{3}\b", path.read_text(encoding="utf-8"))
    }


def test_codes_used_and_codes_in_the_table_are_the_same() -> None:
    assert _used() == set(TABLE)


@pytest.mark.parametrize("code", sorted(TABLE))
def test_a_row_says_what_why_and_what_next(code: str) -> None:
    row = TABLE[code]
    assert re.fullmatch(r"LF[1-8][0-9]{2}", row.code)
    assert row.title
    assert row.title == row.title.strip().rstrip(".")
    assert row.explanation.endswith(".")
    assert row.next_step.endswith(".")
    assert all(remedy.what.endswith(".") for remedy in row.fixes)


def test_a_failure_carries_the_tables_next_step() -> None:
    failure = Failure("LF501", "no such file")
    assert failure.diagnostic.help == TABLE["LF501"].next_step
    assert str(failure) == "LF501: no such file"
