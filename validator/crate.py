"""Builds a generated crate with cargo and records cases with its binary."""

import json
import os
import site
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.cases import CaseFile
from langferry.validator.events import Header, RunEnd, TraceEvent
from langferry.validator.recording import Recording, child_environment, last_lines
from langferry.validator.traces import read_trace

Progress = Callable[[str], None]

_SHOWN_LINES = 60


def build_crate(
    crate: Path,
    progress: Progress = lambda line: None,
    build_dir: Path | None = None,
    release: bool = False,
    features: Sequence[str] = (),
) -> Path:
    """Build the crate in the directory `crate`; the path of its binary.

    Args:
        progress: is told what cargo is at, a line each.
        build_dir: where cargo keeps what crates share, so that the next builds less; its
            target directory when None. The binary is in the crate's own `target` then: crates
            of one name that are built at once would take each other's.
        release: whether to optimise.
        features: of the crate, beside its default ones.

    Raises:
        Failure: LF507, with the compiler's message.
    """
    if not (crate / "Cargo.toml").is_file():
        raise Failure("LF507", f"{crate} holds no Cargo.toml")
    options = ["--release"] if release else []
    options += ["--features", ",".join(features)] if features else []
    done = _build(crate, options, progress, build_dir)
    if done.status != 0:
        raise Failure("LF507", f"cargo build failed in {crate}:\n{done.said}")
    if len(done.binaries) != 1:
        names = ", ".join(done.binaries) or "none"
        raise Failure("LF507", f"the crate in {crate} should make one binary and makes {names}")
    return next(iter(done.binaries.values()))


def build_workspace(
    workspace: Path, progress: Progress = lambda line: None, build_dir: Path | None = None
) -> dict[str, Path]:
    """Build every crate of a cargo workspace that compiles; the binaries by their names.

    Args:
        progress: is told what cargo is at, a line each.
        build_dir: as for `build_crate`.

    Raises:
        Failure: LF507, cargo does not start.
    """
    built = _build(workspace, ["--keep-going"], progress, build_dir).binaries
    # one that is gone could not be told from one that fails
    return {name: path for name, path in built.items() if path.is_file()}


class _Built(msgspec.Struct, frozen=True):
    status: int
    binaries: dict[str, Path]
    said: str


def _build(directory: Path, options: list[str], progress: Progress, shared: Path | None) -> _Built:
    environment = dict(os.environ)
    if shared is not None:
        # a cargo older than 1.91 knows no build directory: it shares nothing
        environment["CARGO_BUILD_BUILD_DIR"] = str(shared.resolve())
        environment["CARGO_TARGET_DIR"] = str(directory.resolve() / "target")
    try:
        cargo = subprocess.Popen(
            ["cargo", "build", "--message-format=json-render-diagnostics", *options],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Failure("LF507", f"cargo does not start: {error}") from error
    said: deque[str] = deque(maxlen=_SHOWN_LINES)
    with cargo:
        assert cargo.stdout is not None
        assert cargo.stderr is not None
        reader = threading.Thread(target=_pass_on, args=(cargo.stderr, said, progress))
        reader.start()
        binaries = [path for line in cargo.stdout if (path := _binary(line)) is not None]
        reader.join()
    return _Built(cargo.returncode, {path.name: path for path in binaries}, "\n".join(said))


def record_crate(
    binary: Path,
    cases: CaseFile,
    out: Path,
    name: str,
    start_seconds: float = 0.0,
    limit: float | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Recording:
    """Record `cases` with a crate's binary, one process a case; the traces stay in `out`.

    Args:
        name: the program's name in the traces.
        start_seconds: how long the build took, for the report.
        limit: how many seconds a case may take; as many as it wants when None.
        environment: what the crate's environment holds beside the user's.

    Raises:
        Failure: LF508 when the binary does not write a whole trace, LF509 when it is no trace.
    """
    out.mkdir(parents=True, exist_ok=True)
    world = {
        "LANGFERRY_PYTHONPATH": os.pathsep.join(site.getsitepackages()),
        **({} if site.ENABLE_USER_SITE else {"PYTHONNOUSERSITE": "1"}),
        **os.environ,
        **child_environment(),
        **environment,
    }
    traces: list[list[TraceEvent]] = []
    seconds: list[float] = []
    for position, case in enumerate(cases.cases):
        given, written = out / f"{position}.case.json", out / f"{position}.jsonl"
        given.write_bytes(msgspec.json.encode(cases.in_crate(name, case)))
        written.unlink(missing_ok=True)
        command = [str(binary), "trace", "--case", str(given), "--out", str(written)]
        command += ["--checkpoint-db", case.store] if case.store is not None else []
        command += ["--dies-after", str(case.dies_after)] if case.dies_after is not None else []
        started = time.perf_counter()
        try:
            done = subprocess.run(
                command,
                env=world,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=limit,
            )
        except OSError as error:
            raise Failure("LF508", f"{binary} does not start: {error}") from error
        except subprocess.TimeoutExpired as error:
            late = f"{binary.name} takes more than {limit} s for case {case.name!r}"
            raise Failure("LF508", late) from error
        seconds.append(time.perf_counter() - started)
        if case.dies_after is not None and done.returncode < 0:
            traces.append([])
            continue
        if done.returncode not in (0, 1) or not written.exists():
            ended = f"{binary.name} ended with status {done.returncode} in case {case.name!r}"
            raise Failure("LF508", f"{ended}:\n{last_lines(done.stderr)}")
        trace = read_trace(written)
        if sum(isinstance(event, RunEnd) for event in trace) != len(case.runs):
            stopped = f"{binary.name} stopped within case {case.name!r}"
            raise Failure("LF508", f"{stopped}:\n{last_lines(done.stderr)}")
        traces.append(trace)
    headers = [trace[0] for trace in traces if trace]
    header = headers[0] if headers else None
    version = header.engine_version if isinstance(header, Header) else "unknown"
    return Recording("crate", version, traces, seconds, start_seconds)


def _pass_on(stream: IO[str], said: deque[str], progress: Progress) -> None:
    for line in stream:
        said.append(line.rstrip("\n"))
        if line.lstrip().startswith(("Compiling", "Downloading", "Downloaded", "Finished")):
            progress(line.strip())


def _binary(line: str) -> Path | None:
    """The executable that a line of cargo's messages announces, if it does."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    if message.get("reason") != "compiler-artifact" or not message.get("executable"):
        return None
    return Path(message["executable"])
