"""One process records one program after another, none of which sees anything of the others."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from langferry.validator.cases import Case, CaseFile, Run
from langferry.validator.events import RunEnd
from langferry.validator.jobs import Answer, Job
from langferry.validator.traces import read_trace

PROGRAM = """
import os, sys
from typing import TypedDict
from langferry.graph import START, StateGraph
import beside
print("noise")
print("said {0}", file=sys.stderr)
class State(TypedDict, total=False):
    seen: list
def node(state):
    return {{"seen": [beside.NAME, os.environ.get("GIVEN"), os.path.basename(os.getcwd()), sys.argv[0][-5:]]}}
builder = StateGraph(State).add_node(node).add_edge(START, "node")
"""
CASES = CaseFile("c", "builder", [Case("one", [Run("input", {"seen": []})])])


@pytest.fixture
def recorder() -> Iterator["subprocess.Popen[bytes]"]:
    """A recorder of our own graph API."""
    command = [sys.executable, "-P", "-m", "langferry.validator.recorder_process", "python"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        yield running
        running.communicate()
        assert running.returncode == 0


def _asked(recorder: "subprocess.Popen[bytes]", directory: Path, **given: str) -> Answer:
    assert recorder.stdin is not None
    assert recorder.stdout is not None
    directory.mkdir(exist_ok=True)
    environment = [(os.fsencode(k), os.fsencode(v)) for k, v in {**os.environ, **given}.items()]
    where, said = str(directory), str(directory / "said.txt")
    job = Job(str(directory / "p.py"), CASES, where, "named", environment, where, said)
    recorder.stdin.write(msgspec.json.encode(job) + b"\n")
    recorder.stdin.flush()
    return msgspec.json.decode(recorder.stdout.readline(), type=Answer)


def _program(directory: Path) -> Path:
    directory.mkdir()
    (directory / "beside.py").write_text(f"NAME = {directory.name!r}")
    (directory / "p.py").write_text(PROGRAM.format(directory.name))
    return directory


def test_programs_are_apart(recorder: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    for name, given in (("first", {"GIVEN": "yes"}), ("second", {})):
        directory = _program(tmp_path / name)
        answer = _asked(recorder, directory, **given)
        assert answer.summary is not None, answer
        assert answer.summary.import_seconds > 0
        end = read_trace(directory / "0.jsonl")[-1]
        assert isinstance(end, RunEnd)
        assert end.output == {"seen": [name, given.get("GIVEN"), name, "/p.py"]}
        assert (directory / "said.txt").read_text() == f"said {name}\n"


def test_the_next_is_recorded_whatever_became_of_the_last(
    recorder: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    missing = _asked(recorder, tmp_path / "missing")
    assert missing.problem is not None
    assert missing.problem.code == "LF506"
    dies = _program(tmp_path / "dies")
    (dies / "beside.py").write_text("import os; os._exit(7)")
    ended = _asked(recorder, dies)
    assert ended.status == 7
    assert _asked(recorder, _program(tmp_path / "well")).summary is not None


def test_what_a_program_does_at_its_end_is_done(
    recorder: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    ends = _program(tmp_path / "ends")
    (ends / "beside.py").write_text(
        "NAME = 'ends'\nimport atexit, pathlib\natexit.register(pathlib.Path('ended').touch)"
    )
    assert _asked(recorder, ends).summary is not None
    assert (ends / "ended").exists()
