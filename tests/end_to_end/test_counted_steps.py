"""Agents in a state that counts steps itself show it to tools as it is."""

import json
from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.end_to_end.conftest import Migrate, report
from tests.types_cache import TYPES_CACHE

PROGRAM = Path(__file__).parent / "counted_steps" / "program.py"


def test_the_model_is_asked_in_python() -> None:
    functions = analyse(PROGRAM, cache_dir=TYPES_CACHE).functions
    left = {(x.roles[0], x.name) for x in functions if x.disposition != "native"}
    assert left == {("node", "agent")}


@pytest.mark.crate
def test_crate_does_the_same(migrate: Migrate, work_dir: Path) -> None:
    cases = PROGRAM.with_name("cases.yaml")
    where = ("--work-dir", work_dir / "counted_steps", "--against", "crate")
    result = report(migrate("validate", PROGRAM, "--cases", cases, *where, "--json"))
    assert result["equal"] is True, json.dumps(result, indent=1)
