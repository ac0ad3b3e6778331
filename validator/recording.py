"""Has a process that has imported a Python engine record programs, and reads back what it wrote."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.cases import Case, CaseFile
from langferry.validator.events import TraceEvent
from langferry.validator.forks import CAN_FORK
from langferry.validator.jobs import Answer, Job
from langferry.validator.record import Engine, Summary
from langferry.validator.traces import read_trace

# Sets of texts are walked in an order that depends on the hash seed; one seed makes runs comparable.
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}
_SHOWN_LINES = 30
_SECONDS_TO_END = 5.0


class Recording(msgspec.Struct, frozen=True):
    """What one engine did with the cases.

    Attributes:
        engine: `langgraph`, `shim`, `python` or `crate`.
        version: the engine's version.
        traces: one a case, in the order of the case file.
        run_seconds: one a case.
        start_seconds: how long it took until the first case could run: imports, or the build.
        run_async: whether the graph was awaited.
        stored: how many things each case stored in a file, as far as the engine tells.
    """

    engine: str
    version: str
    traces: list[list[TraceEvent]]
    run_seconds: list[float]
    start_seconds: float
    run_async: bool = False
    stored: list[int] = []


def record_python(
    engine: Engine,
    program: Path,
    cases: CaseFile,
    out: Path,
    name: str | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Recording:
    """Record `cases` of `program` under `engine`; the traces stay in `out`.

    Args:
        name: the program's name in the traces; its path when None.
        environment: what the program's environment holds beside the user's.

    Raises:
        Failure: what stopped the recorder.
    """
    out.mkdir(parents=True, exist_ok=True)
    for stale in out.glob("*.jsonl"):
        stale.unlink()
    # A process that cannot fork runs every case itself; then each gets a process.
    if not CAN_FORK and len(cases.cases) > 1:
        return _one_by_one(engine, program, cases, out, name, environment)
    said = out / "said.txt"
    said.touch()
    world = {**os.environ, **_ENVIRONMENT, **environment}
    job = Job(
        program=str(program),
        cases=cases,
        out=str(out),
        name=name or str(program),
        environment=[(os.fsencode(key), os.fsencode(value)) for key, value in world.items()],
        directory=str(Path.cwd()),
        said=str(said.absolute()),
    )
    try:
        summary = _summary(engine, job)
    finally:
        said.unlink(missing_ok=True)
    return Recording(
        engine=engine,
        version=summary.engine_version,
        traces=[_trace(out / f"{i}.jsonl", case) for i, case in enumerate(cases.cases)],
        run_seconds=summary.run_seconds,
        start_seconds=summary.import_seconds,
        run_async=summary.run_async,
        stored=summary.stored,
    )


def _summary(engine: Engine, job: Job) -> Summary:
    answer = _answer(engine, job)
    if answer.problem is not None:
        raise Failure(answer.problem.code, answer.problem.message, answer.problem.span)
    if answer.summary is None:
        ended = f"the recorder of {engine} ended with status {answer.status}"
        text = Path(job.said).read_text(errors="replace")
        raise Failure("LF506", f"{ended}:\n{last_lines(text)}")
    return answer.summary


def _answer(engine: Engine, job: Job) -> Answer:
    """The recorder's answer; its status when it dies itself."""
    with _RECORDERS_LOCK:
        recorder = _RECORDERS.pop(engine, None)
        if recorder is None or recorder.poll() is not None:
            recorder = _started(engine, job.said)
        assert recorder.stdin is not None
        assert recorder.stdout is not None
        try:
            recorder.stdin.write(msgspec.json.encode(job) + b"\n")
            recorder.stdin.flush()
            answer = recorder.stdout.readline()
        except BrokenPipeError:
            answer = b""
        except BaseException:
            # interrupted: what it answers one day is not for the next job
            _end(recorder)
            raise
        if not answer:
            # it is ending by itself, and says how
            with contextlib.suppress(subprocess.TimeoutExpired):
                recorder.wait(_SECONDS_TO_END)
            return Answer(status=_end(recorder))
        if CAN_FORK:
            _RECORDERS[engine] = recorder
        else:
            _end(recorder)
    return msgspec.json.decode(answer, type=Answer)


_RECORDERS: dict[Engine, subprocess.Popen[bytes]] = {}
"""The processes that have imported an engine; they stay for the next program as long as this one does."""
_RECORDERS_LOCK = threading.Lock()


def _started(engine: Engine, said: str) -> subprocess.Popen[bytes]:
    """A recorder; what it says on standard error before it takes its first job goes to `said`."""
    with open(said, "wb") as early:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "langferry.validator.recorder_process", engine],
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=early,
            # by which it is ended with all that programs have started
            process_group=0 if CAN_FORK else None,
        )


def _end(recorder: subprocess.Popen[bytes]) -> int:
    if CAN_FORK:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(recorder.pid, signal.SIGKILL)
    else:
        recorder.kill()
    for pipe in (recorder.stdin, recorder.stdout):
        assert pipe is not None
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
    return recorder.wait()


@atexit.register
def _end_all() -> None:
    while _RECORDERS:
        _end(_RECORDERS.popitem()[1])


def _trace(path: Path, case: Case) -> list[TraceEvent]:
    """A case's trace; one that was to end before it was written has none."""
    return [] if case.dies_after is not None and not path.exists() else read_trace(path)


def last_lines(text: str) -> str:
    """The end of a process's output, for a message."""
    return "\n".join(text.rstrip().splitlines()[-_SHOWN_LINES:])


def child_environment() -> dict[str, str]:
    """What the environment of a recorded process holds beside the user's."""
    return dict(_ENVIRONMENT)


def _one_by_one(
    engine: Engine,
    program: Path,
    cases: CaseFile,
    out: Path,
    name: str | None,
    environment: Mapping[str, str],
) -> Recording:
    parts = [
        record_python(
            engine,
            program,
            msgspec.structs.replace(cases, cases=[case]),
            out / str(i),
            name,
            environment,
        )
        for i, case in enumerate(cases.cases)
    ]
    return msgspec.structs.replace(
        parts[0],
        traces=[trace for part in parts for trace in part.traces],
        run_seconds=[seconds for part in parts for seconds in part.run_seconds],
        stored=[stored for part in parts for stored in part.stored],
    )
