"""Tools that stay Python ask the run that calls them, and do what they do on LangGraph."""

import json
import subprocess
from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.end_to_end.conftest import Migrate, report
from tests.types_cache import TYPES_CACHE

PROGRAM = Path(__file__).parent / "tools_in_python" / "program.py"
_CALL = {"name": "colour", "args": {"hue": 0.5}, "id": "x", "type": "tool_call"}


def test_only_the_tools_stay_python() -> None:
    functions = analyse(PROGRAM, cache_dir=TYPES_CACHE).functions
    left = {x.name for x in functions if x.disposition != "native"}
    assert left == {"colour", "ask", "told"}


@pytest.mark.crate
def test_crate_does_the_same(migrate: Migrate, work_dir: Path) -> None:
    cases = PROGRAM.with_name("cases.yaml")
    where = ("--work-dir", work_dir / "tools_in_python", "--against", "crate")
    result = report(migrate("validate", PROGRAM, "--cases", cases, *where, "--json"))
    assert result["equal"] is True, json.dumps(result, indent=1)
    built = work_dir / "tools_in_python" / "crate" / "target" / "debug" / "program"
    given = ("--input", json.dumps({"calls": [_CALL]}), "--thread", "2")
    done = subprocess.run(
        [built, "stream", "--mode", "custom", *given], capture_output=True, text=True, check=True
    )
    assert done.stdout == '{"mixing":0.5}\n[0.0,1.0,1.0]\n'
