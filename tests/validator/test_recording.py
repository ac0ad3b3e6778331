"""A recording is of this run only, whatever an earlier one left in its directory."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from langferry.diagnostics import Failure
from langferry.validator import recording
from langferry.validator.cases import Case, CaseFile, Run
from langferry.validator.events import Header, RunEnd
from langferry.validator.recording import last_lines, record_python

PROGRAM = """
from langgraph.graph import START, MessagesState, StateGraph
def node(state):
    print("noise")
    return {"messages": []}
builder = StateGraph(MessagesState).add_node(node).add_edge(START, "node")
"""
ONE = CaseFile("c", "builder", [Case("a", [Run("input", {"messages": []})])])


def test_an_earlier_failure_is_forgotten(tmp_path: Path) -> None:
    program, out = tmp_path / "chat.py", tmp_path / "out"
    cases = [Case(name, [Run("input", {"messages": []})]) for name in ("a", "b")]
    both = CaseFile("c", "builder", cases)
    program.write_text("import nowhere")
    with pytest.raises(Failure, match="LF506"):
        record_python("langgraph", program, both, out)

    program.write_text(PROGRAM)
    recording = record_python("langgraph", program, both, out, "by name")
    assert [len(trace) for trace in recording.traces] == [8, 8]
    header, end = recording.traces[1][0], recording.traces[1][-1]
    assert header == Header(1, "langgraph", recording.version, "by name", "b")
    assert end == RunEnd(0, "finished", {"messages": []}, None)
    assert len(recording.run_seconds) == 2
    assert recording.start_seconds > 0

    record_python("langgraph", program, CaseFile("c", "builder", cases[:1]), out)
    assert [path.name for path in out.iterdir()] == ["0.jsonl"]


def test_only_the_end_of_long_output_is_shown() -> None:
    assert last_lines("\n".join(str(n) for n in range(100))).splitlines()[0] == "70"


def test_a_program_that_ends_its_recorder_is_told_and_the_next_is_recorded(tmp_path: Path) -> None:
    program = tmp_path / "chat.py"
    program.write_text(
        "import os, sys\nprint('aiming', file=sys.stderr, flush=True)\nos.kill(os.getppid(), 9)"
    )
    with pytest.raises(Failure, match="LF506: the recorder of langgraph ended with status -9"):
        record_python("langgraph", program, ONE, tmp_path / "out")
    program.write_text(PROGRAM)
    assert len(record_python("langgraph", program, ONE, tmp_path / "out").traces) == 1


def test_what_a_program_says_before_it_dies_is_shown(tmp_path: Path) -> None:
    program = tmp_path / "chat.py"
    program.write_text("import os, sys\nprint('no luck', file=sys.stderr, flush=True)\nos._exit(3)")
    with pytest.raises(Failure, match=r"ended with status 3:\nno luck"):
        record_python("langgraph", program, ONE, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_recorder_that_ended_between_two_programs_is_replaced(tmp_path: Path) -> None:
    program = tmp_path / "chat.py"
    program.write_text(PROGRAM)
    record_python("langgraph", program, ONE, tmp_path / "out")
    running = recording._RECORDERS["langgraph"]
    running.kill()
    running.wait()
    assert len(record_python("langgraph", program, ONE, tmp_path / "out").traces) == 1


def test_an_interrupted_recording_ends_with_all_it_has_started(tmp_path: Path) -> None:
    program, begun = tmp_path / "chat.py", tmp_path / "begun"
    program.write_text(
        f"import os, pathlib, time\npathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    )
    caller = (
        "import sys, pathlib\nfrom tests.validator.test_recording import ONE, record_python\n"
        f"record_python('langgraph', pathlib.Path({str(program)!r}), ONE, pathlib.Path({str(tmp_path / 'o')!r}))"
    )
    with subprocess.Popen([sys.executable, "-c", caller], stderr=subprocess.PIPE) as asking:
        while not (begun.exists() and begun.read_text()):
            time.sleep(0.1)
        asking.send_signal(signal.SIGINT)
        asking.communicate(timeout=30)
    assert asking.returncode != 0
    deadline = time.monotonic() + 20
    while _is_there(int(begun.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
