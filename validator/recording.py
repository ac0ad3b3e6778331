"""Starts the recorder of a Python engine in its own process and reads back what it wrote."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from langferry.diagnostics import Diagnostic, Failure
from langferry.validator.cases import Case, CaseFile
from langferry.validator.events import TraceEvent
from langferry.validator.record import Engine, Summary
from langferry.validator.traces import read_trace

# Sets of texts are walked in an order that depends on the hash seed; one seed makes runs comparable.
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}
_SHOWN_LINES = 30


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
    for stale in (*out.glob("*.jsonl"), *out.glob("*.json")):
        stale.unlink()
    (out / "cases.json").write_bytes(msgspec.json.encode(cases))
    # A process that cannot fork runs every case itself; then each gets a process.
    if not hasattr(os, "fork") and len(cases.cases) > 1:
        return _one_by_one(engine, program, cases, out, name, environment)
    command = [sys.executable, "-P", "-m", "langferry.validator.record"]
    command += ["--engine", engine, "--program", str(program), "--name", name or str(program)]
    command += ["--cases", str(out / "cases.json"), "--out", str(out)]
    done = subprocess.run(
        command,
        env={**os.environ, **_ENVIRONMENT, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    problem = out / "failure.json"
    if problem.exists():
        told = msgspec.json.decode(problem.read_bytes(), type=Diagnostic)
        raise Failure(told.code, told.message, told.span)
    if done.returncode != 0:
        ended = f"the recorder of {engine} ended with status {done.returncode}"
        raise Failure("LF506", f"{ended}:\n{last_lines(done.stderr)}")
    summary = msgspec.json.decode((out / "summary.json").read_bytes(), type=Summary)
    return Recording(
        engine=engine,
        version=summary.engine_version,
        traces=[_trace(out / f"{i}.jsonl", case) for i, case in enumerate(cases.cases)],
        run_seconds=summary.run_seconds,
        start_seconds=summary.import_seconds,
        run_async=summary.run_async,
        stored=summary.stored,
    )


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
