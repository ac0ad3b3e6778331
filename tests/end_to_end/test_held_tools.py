"""Nodes that run tools which only Python knows do what they do on LangGraph."""

import json
from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.end_to_end.conftest import Migrate, report
from tests.types_cache import TYPES_CACHE

PROGRAM = Path(__file__).parent / "held_tools" / "program.py"


def test_only_the_tools_stay_python() -> None:
    functions = analyse(PROGRAM, cache_dir=TYPES_CACHE).functions
    left = {x.name for x in functions if x.disposition != "native"}
    assert left == {"tools of mixed", "tools of telling", "tools of unknown"}
    assert "add" in {x.name for x in functions}


@pytest.mark.crate
def test_crate_does_the_same(migrate: Migrate, work_dir: Path) -> None:
    cases = PROGRAM.with_name("cases.yaml")
    where = ("--work-dir", work_dir / "held_tools", "--against", "crate")
    result = report(migrate("validate", PROGRAM, "--cases", cases, *where, "--json"))
    assert result["equal"] is True, json.dumps(result, indent=1)
