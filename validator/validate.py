"""Records a program under LangGraph and under other engines, and compares every case."""

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from langferry.diagnostics import Diagnostic, Failure
from langferry.validator.asking import differing, missed, refused
from langferry.validator.cases import CaseFile, find_cases, read_cases
from langferry.validator.cassette import Cassette, Turn
from langferry.validator.cassette_server import standing_in
from langferry.validator.coverage import Wiring, covered
from langferry.validator.crate import Progress, build_crate, record_crate
from langferry.validator.diff import Divergence, first_divergence
from langferry.validator.kill_and_resume import kill_and_resume
from langferry.validator.recording import Recording, record_python
from langferry.validator.report import CaseReport, EngineReport, Report
from langferry.validator.source_map import Entry, SourceMap

Against = Literal["shim", "python", "crate"]
Place = Path | Callable[[], Path] | None

ENGINES: tuple[Against, ...] = ("shim", "python", "crate")


def validate(
    program: Path,
    cases: Path | CaseFile | None = None,
    against: Sequence[Against] = ENGINES,
    crate_dir: Place = None,
    python_dir: Place = None,
    progress: Progress = lambda line: None,
    *,
    entry: str | None = None,
    case_names: Sequence[str] | None = None,
    traces: Path | None = None,
    build_dir: Path | None = None,
    release: bool = False,
    kills: bool = False,
    wiring: Wiring | None = None,
    cassette: Path | None = None,
    records: bool = False,
) -> Report:
    """Prove, or disprove, that other engines do with `program` what LangGraph does.

    Args:
        program: the LangGraph program.
        cases: the case file, or what it would say; the one beside the program when None.
        against: which engines to compare.
        crate_dir: the program's crate, or what makes it when it is needed.
        python_dir: the directory that holds the converted program under the same file name (or
            that file), or what makes it when it is needed.
        progress: is told what is going on, a line each.
        entry: the graph, instead of the case file's entry.
        case_names: run only these cases.
        traces: where to leave the traces, one directory an engine; nowhere when None.
        build_dir: where cargo keeps what crates share.
        release: whether to build the crate optimised.
        kills: whether LangGraph and the crate must also go on with each other's threads, wherever a
            process ended.
        wiring: what the graph is made of, if that is known: how much of it the cases cover.
        cassette: the file that answers in place of the servers that the program asks.
        records: whether those are asked for what the cassette lacks when LangGraph runs; it has it then.

    Raises:
        Failure: the cases or the cassette cannot be read, or the program does not run on LangGraph. What
            stops another engine is in its part of the report.
    """
    known = cases if isinstance(cases, CaseFile) else read_cases(cases or find_cases(program))
    case_file = _chosen(known, entry, case_names)
    with tempfile.TemporaryDirectory(prefix="langferry-") as scratch:
        return _Validation(
            program=program,
            case_file=case_file,
            crate_dir=crate_dir,
            python_dir=python_dir,
            progress=progress,
            out=traces or Path(scratch),
            build_dir=build_dir,
            release=release,
            kills=kills,
            wiring=wiring,
            cassette=None if cassette is None else Cassette.read(cassette, records),
            records=records,
        ).report(against)


class _Validation(msgspec.Struct):
    program: Path
    case_file: CaseFile
    crate_dir: Place
    python_dir: Place
    progress: Progress
    out: Path
    build_dir: Path | None
    release: bool
    kills: bool
    wiring: Wiring | None
    cassette: Cassette | None
    records: bool
    asked: Turn | None = None
    source_map: SourceMap | None = None
    binary: Path | None = None

    def report(self, against: Sequence[Against]) -> Report:
        self.progress(f"recording {self.program.name} on LangGraph")
        golden = self._golden()
        # Other graphs do not tell whether they must be awaited; what LangGraph's said holds for all.
        self.case_file = msgspec.structs.replace(self.case_file, run_async=golden.run_async)
        # The crate first: its source map tells the Python lines for every engine.
        order = sorted(against, key=lambda engine: engine != "crate")
        done = {engine: self._compare(engine, golden) for engine in order}
        resumed = self._killed_and_resumed() if self.kills else []
        return Report(
            program=str(self.program),
            cases_file=self.case_file.path,
            langgraph_version=golden.version,
            langgraph_seconds=golden.run_seconds,
            engines=[*(done[engine] for engine in against), *resumed],
            coverage=covered(golden.traces, self.wiring),
        )

    def _golden(self) -> Recording:
        out = self.out / "langgraph"
        if self.cassette is None:
            return record_python("langgraph", self.program, self.case_file, out)
        try:
            with standing_in(self.cassette, self.records) as servers:
                golden = record_python(
                    "langgraph",
                    self.program,
                    self.case_file,
                    out,
                    environment=servers.environment,
                )
        finally:
            if self.records:
                # also where the program fails: what was asked has been paid for
                self.cassette.write()
        found = [*missed(servers), *refused(servers)]
        if found:
            raise Failure("LF516", "; ".join(found))
        self.asked = servers.turn
        return golden

    def _compare(self, engine: Against, golden: Recording) -> EngineReport:
        requests: list[Diagnostic] = []
        try:
            if self.cassette is None or self.asked is None:
                recording = self._record(engine, {})
            else:
                if engine == "crate":
                    self._built()
                with standing_in(self.cassette, records=False) as servers:
                    recording = self._record(engine, servers.environment)
                requests = differing(servers, self.asked)
        except Failure as problem:
            return EngineReport(engine, "unknown", 0.0, [], problem.diagnostic)
        cases = []
        for position, case in enumerate(self.case_file.cases):
            expected, actual = golden.traces[position], recording.traces[position]
            found = first_divergence(expected, actual)
            place = self._place(found)
            cases.append(
                CaseReport(
                    case=case.name,
                    events=len(expected),
                    seconds=recording.run_seconds[position],
                    divergence=found,
                    python=place.python if place else None,
                    rust=place.rust if place and engine == "crate" else None,
                )
            )
        version, seconds = recording.version, recording.start_seconds
        return EngineReport(engine, version, seconds, cases, requests=requests)

    def _record(self, engine: Against, environment: Mapping[str, str]) -> Recording:
        name = str(self.program)
        out = self.out / engine
        if engine == "shim":
            self.progress(f"recording {self.program.name} on the shim")
            return record_python("shim", self.program, self.case_file, out, name, environment)
        if engine == "python":
            place = _made(self.python_dir, "python", "the converted program's directory")
            converted = place / self.program.name if place.is_dir() else place
            self.progress(f"recording the converted {converted.name}")
            return record_python("python", converted, self.case_file, out, name, environment)
        started = time.perf_counter()
        binary = self._built()
        seconds = time.perf_counter() - started
        self.progress(f"recording {binary.name}")
        if self.source_map is not None and "LANGFERRY_PROGRAM" not in os.environ:
            # where LangGraph finds the program's own files, too
            root = str(self.source_map.program_root(self.program))
            environment = {"LANGFERRY_PROGRAM": root, **environment}
        return record_crate(binary, self.case_file, out, name, seconds, environment=environment)

    def _built(self) -> Path:
        if self.binary is None:
            crate = _made(self.crate_dir, "crate", "the crate's directory")
            self.source_map = SourceMap.read(crate)
            features = ["sqlite"] if self.kills else []
            self.binary = build_crate(crate, self.progress, self.build_dir, self.release, features)
        return self.binary

    def _killed_and_resumed(self) -> list[EngineReport]:
        try:
            binary, out = self._built(), self.out / "killed"
            return kill_and_resume(self.program, self.case_file, binary, out, self.progress)
        except Failure as problem:
            return [EngineReport("kill and resume", "unknown", 0.0, [], problem.diagnostic)]

    def _place(self, found: Divergence | None) -> Entry | None:
        if found is None or self.source_map is None:
            return None
        places = located(found, self.source_map)
        return places[0] if places else None


def located(found: Divergence, source_map: SourceMap) -> list[Entry]:
    """Where what differs is decided, finest first."""
    if found.cause in ("LF525", "LF526", "LF527", "LF528"):
        return source_map.of_routing(found.sources or ["__start__"])
    if found.cause == "LF529":  # the argument of a Send, when no reducer makes the channel
        return source_map.of_reduction(found.channel) or source_map.of_routing(found.sources)
    if found.cause == "LF537":
        return source_map.of_reduction(found.channel)
    if found.task is None:
        return []
    return source_map.of_write(found.task, found.channel)


def _chosen(case_file: CaseFile, entry: str | None, case_names: Sequence[str] | None) -> CaseFile:
    if entry is not None:
        case_file = msgspec.structs.replace(case_file, entry=entry)
    if case_names is None:
        return case_file
    known = {case.name: case for case in case_file.cases}
    for name in case_names:
        if name not in known:
            raise Failure("LF502", f"{case_file.path} has no case {name!r}")
    return msgspec.structs.replace(case_file, cases=[known[name] for name in case_names])


def _made(place: Place, engine: Against, what: str) -> Path:
    if place is None:
        raise Failure("LF510", f"engine {engine} needs {what}")
    return place() if callable(place) else place
