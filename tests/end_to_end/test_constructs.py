"""Small programs, one a construct: all native, and equal to LangGraph in every case."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from langferry.converter import analyse
from tests.end_to_end.conftest import Migrate, report
from tests.types_cache import TYPES_CACHE

PROGRAMS = sorted((Path(__file__).parent / "constructs").glob("*.py"))
SHOWN = [path for path in PROGRAMS if path.stem in {"dataclass_state", "output"}]
"""Programs of which the output is compared, too, and what they print."""
_INVOKE = """
import importlib, json, sys
app = importlib.import_module(sys.argv[1]).app
for given in json.loads(sys.argv[2]):
    print(json.dumps(app.invoke(given), separators=(",", ":")))
"""

_STREAM = """
import asyncio, importlib, json, sys
app = importlib.import_module(sys.argv[1]).app


async def main():
    async for chunk in app.astream(json.loads(sys.argv[2]), stream_mode=["custom", "updates"]):
        print(json.dumps(chunk, separators=(",", ":")))


asyncio.run(main())
"""


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_every_function_is_native(program: Path) -> None:
    functions = analyse(program, cache_dir=TYPES_CACHE).functions
    why = {x.name: [str(reason) for reason in x.reasons] for x in functions if x.reasons}
    assert not why
    assert functions


def _validated(migrate: Migrate, work_dir: Path, program: Path) -> dict[str, Any]:
    cases = program.with_suffix(".cases.yaml")
    arguments = ("--against", "crate", "--work-dir", work_dir / program.stem, "--json")
    return report(migrate("validate", program, "--cases", cases, *arguments))


def _binary(work_dir: Path, program: Path) -> Path:
    name = program.stem.replace("_", "-")
    return work_dir / program.stem / "crate" / "target" / "debug" / name


@pytest.mark.crate
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_crate_does_the_same(migrate: Migrate, work_dir: Path, program: Path) -> None:
    result = _validated(migrate, work_dir, program)
    assert result["equal"] is True, json.dumps(result, indent=1)


@pytest.mark.crate
@pytest.mark.parametrize("program", SHOWN, ids=lambda path: path.stem)
def test_crate_ends_and_prints_the_same(migrate: Migrate, work_dir: Path, program: Path) -> None:
    _validated(migrate, work_dir, program)
    cases = yaml.safe_load(program.with_suffix(".cases.yaml").read_text())["cases"]
    inputs = [case["runs"][0]["input"] for case in cases]
    expected = subprocess.run(
        [sys.executable, "-c", _INVOKE, program.stem, json.dumps(inputs)],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    built = _binary(work_dir, program)
    done = [
        subprocess.run(
            [built, "run", "--input", json.dumps(given)], capture_output=True, text=True, check=True
        )
        for given in inputs
    ]
    assert "".join(run.stdout for run in done) == expected.stdout
    assert "".join(run.stderr for run in done) == expected.stderr


@pytest.mark.crate
def test_crate_shows_what_nodes_write(migrate: Migrate, work_dir: Path) -> None:
    program = next(path for path in PROGRAMS if path.stem == "writers")
    _validated(migrate, work_dir, program)
    given = json.dumps({"names": ["a"]})
    expected = subprocess.run(
        [sys.executable, "-c", _STREAM, program.stem, given],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    built = _binary(work_dir, program)
    modes = ("--mode", "custom", "--mode", "updates")
    done = subprocess.run(
        [built, "stream", *modes, "--input", given], capture_output=True, text=True, check=True
    )
    assert done.stdout == expected.stdout
    assert '["custom","over"]' in done.stdout
