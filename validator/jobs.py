"""What a recorder is asked for, and what it answers."""

import msgspec

from langferry.diagnostics import Diagnostic
from langferry.validator.cases import CaseFile
from langferry.validator.record import Summary


class Job(msgspec.Struct, frozen=True):
    """A program to record.

    Attributes:
        program: its file.
        cases: what to run.
        out: the directory for the traces, `<position of the case>.jsonl`.
        name: what the program is called in them.
        environment: all of the environment it runs in, names and values as the system has them.
        directory: the one it runs in.
        said: the file that is to hold what it says on standard error; what it prints is dropped.
    """

    program: str
    cases: CaseFile
    out: str
    name: str
    environment: list[tuple[bytes, bytes]]
    directory: str
    said: str


class Answer(msgspec.Struct, frozen=True):
    """What became of a job: one of these.

    Attributes:
        summary: the recording's, when every trace is written.
        problem: why there are none.
        status: the exit code of a process that ended before it could tell, or minus its signal's number.
    """

    summary: Summary | None = None
    problem: Diagnostic | None = None
    status: int | None = None
