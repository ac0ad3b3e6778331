"""The examples tell the same on LangGraph and on the shim, in every case."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import langferry

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent.name for path in ROOT.glob("examples/*/cases.yaml"))

RECORD = """
import asyncio, json, runpy, sys
sys.path.insert(0, sys.argv[1])
from tests.compat.recording import record
engine, program, way = sys.argv[2:]
if engine == "shim":
    import langferry.compat
    langferry.compat.install()
graph = runpy.run_path(program)["graph"]
from langgraph.types import Command
print(json.dumps(record(graph, Command, program, way), default=repr))
"""


def recorded(engine: str, example: str, way: str) -> object:
    program = ROOT / "examples" / example / f"{example}.py"
    packages = str(Path(langferry.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", RECORD, str(ROOT), engine, str(program), way],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": packages},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example(example: str, way: str) -> None:
    expected = recorded("real", example, way)
    assert expected
    assert recorded("shim", example, way) == expected
