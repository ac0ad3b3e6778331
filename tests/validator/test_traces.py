"""Traces are read back as they were written, and what is no trace is refused."""

from pathlib import Path

import pytest

from langferry.diagnostics import Failure
from langferry.validator.events import Header, RunEnd, TaskResult, TraceError, Values
from langferry.validator.traces import read_trace, write_trace

HEADER = Header(1, "langgraph", "1.2", "p.py", "c")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    events = [
        HEADER,
        TaskResult(0, 1, "a", [("n", 1.0), ("é", "\u2028")], TraceError("E", "m"), []),
        Values(0, 1, {"n": {"$type": "tuple", "items": [True]}}),
        RunEnd(0, "finished", None, None),
    ]
    path = tmp_path / "t.jsonl"
    write_trace(path, events)
    assert read_trace(path) == events
    assert path.read_bytes().count(b"\n") == len(events)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not begin with a header"),
        ('{"event":"values","run":0,"step":1,"value":1}', "does not begin with a header"),
        ("{", "line 1: "),
        ('{"event":"dance"}', "line 1: Invalid value 'dance'"),
        ('{"event":"values","run":"0","step":1,"value":1}', "line 1: Expected `int`"),
        (
            '{"event":"header","schema":9,"engine":"e","engine_version":"","program":"","case":""}',
            "is of schema version 9, not 1",
        ),
    ],
)
def test_what_is_no_trace_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(text)
    with pytest.raises(Failure, match="LF509") as caught:
        read_trace(path)
    assert words in caught.value.diagnostic.message


def test_a_trace_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="LF509: cannot read"):
        read_trace(tmp_path / "none")
