"""Ends a process after each thing it stores, and has LangGraph and the crate go on from what is there.

Every case is run on either engine with its thread in an SQLite file, each of its runs in processes that
are killed after the first stored thing, the second, and so on. From every file left behind both engines go
on to the end of the case, each from a copy of its own. What they do must be the same, event by event, and
every run must end as it does when nobody is killed, or as it can where LangGraph alone was killed in the same
run and went on: there, an answer may be taken for that to a later question.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.cases import Case, CaseFile, Run
from langferry.validator.crate import Progress, record_crate
from langferry.validator.diff import Divergence, first_divergence
from langferry.validator.events import RunEnd, TraceEvent
from langferry.validator.recording import Recording, record_python
from langferry.validator.report import CaseReport, EngineReport
from langferry.validator.values import shown

Side = Literal["langgraph", "crate"]

_ENDINGS = ("", "-wal", "-shm")
"""What SQLite keeps of a database in files beside it."""


class _Kill(msgspec.Struct, frozen=True):
    """A process to end: the case and the run it is in, and after how many things stored in that run."""

    case: int
    run: int
    after: int

    def __str__(self) -> str:
        return f"run {self.run}, {self.after} stored"


def kill_and_resume(
    program: Path, case_file: CaseFile, binary: Path, out: Path, progress: Progress
) -> list[EngineReport]:
    """Compare the two engines from every place at which a process may end, in both directions.

    Args:
        program: the LangGraph program.
        case_file: its cases.
        binary: its crate's, built with the feature `sqlite`.
        out: a directory for files and traces.
        progress: is told what is going on, a line each.

    Raises:
        Failure: LF510 when LangGraph's SQLite saver is not installed; what stops an engine; LF513
            when the crate stores fewer things than LangGraph.
    """
    shutil.rmtree(out, ignore_errors=True)
    return _Comparison(program, case_file, binary, out, progress).reports()


class _Comparison(msgspec.Struct):
    program: Path
    case_file: CaseFile
    binary: Path
    out: Path
    progress: Progress

    def reports(self) -> list[EngineReport]:
        whole = self._begun("langgraph")
        kills = list(self._kills(whole))
        self._begun("crate")
        ends = self._ends(whole)
        return [self._direction(first, kills, ends) for first in ("langgraph", "crate")]

    def _begun(self, side: Side) -> Recording:
        """Every case up to each of its runs, in a file of its own. The last ones are whole cases."""
        self.progress(f"storing the threads of {self.program.name} with {side}")
        cases = [
            self._stored(case, case.runs[: run + 1], self._file(side, position, run))
            for position, case in enumerate(self.case_file.cases)
            for run in range(len(case.runs))
        ]
        return self._record(side, cases, f"{side}/whole")

    def _kills(self, whole: Recording) -> Iterator[_Kill]:
        counts = iter(whole.stored)
        for position, case in enumerate(self.case_file.cases):
            before = 0
            for run in range(len(case.runs)):
                stored = next(counts)
                for after in range(1, stored - before + 1):
                    yield _Kill(position, run, after)
                before = stored

    def _direction(
        self, first: Side, kills: list[_Kill], ends: dict[tuple[int, int], list[list[RunEnd]]]
    ) -> EngineReport:
        """What came out where `first` was killed. `ends` is how cases may end from a run on; LangGraph adds
        to it what it makes of its own threads."""
        second: Side = "crate" if first == "langgraph" else "langgraph"
        self.progress(f"ending {first} {len(kills)} times, going on with {second}")
        left = [self._killed(first, kill) for kill in kills]
        died = self._record(first, [case for _, case in left], f"{first}/killed")
        for (_, case), trace in zip(left, died.traces, strict=True):
            if trace:
                said = f"case {case.name!r} stores fewer than {case.dies_after} things in a run"
                raise Failure("LF513", f"{first}: {said}")
        expected = self._resumed("langgraph", kills, left, first)
        actual = self._resumed("crate", kills, left, first)
        if first == "langgraph":
            for kill, trace in zip(kills, expected.traces, strict=True):
                ends[kill.case, kill.run].append(_run_ends(trace))
        reports = []
        for position, case in enumerate(self.case_file.cases):
            own = [at for at, kill in enumerate(kills) if kill.case == position]
            found = [
                (kills[at], divergence)
                for at in own
                for divergence in [
                    first_divergence(expected.traces[at], actual.traces[at])
                    or _other_end(case, ends[kills[at].case, kills[at].run], expected.traces[at])
                ]
                if divergence is not None
            ]
            stop, divergence = found[0] if found else (None, None)
            reports.append(
                CaseReport(
                    case=case.name,
                    events=sum(len(expected.traces[at]) for at in own),
                    seconds=sum(actual.run_seconds[at] for at in own),
                    divergence=divergence,
                    killed=str(stop) if stop else None,
                    resumptions=len(own),
                )
            )
        return EngineReport(f"{first}, then {second}", actual.version, 0.0, reports)

    def _killed(self, side: Side, kill: _Kill) -> tuple[Path, Case]:
        """Where the process is to end, with the thread as it was before the run."""
        case = self.case_file.cases[kill.case]
        file = self.out / side / "killed" / f"{kill.case}-{kill.run}-{kill.after}.db"
        file.parent.mkdir(parents=True, exist_ok=True)
        if kill.run > 0:
            _copy(self._file(side, kill.case, kill.run - 1), file)
        stored = self._stored(case, case.runs[kill.run : kill.run + 1], file)
        return file, msgspec.structs.replace(stored, dies_after=kill.after)

    def _resumed(
        self, side: Side, kills: list[_Kill], left: list[tuple[Path, Case]], first: Side
    ) -> Recording:
        cases = []
        for kill, (file, _) in zip(kills, left, strict=True):
            case = self.case_file.cases[kill.case]
            own = file.with_suffix(f".{side}.db")
            _copy(file, own)
            runs = [Run("input", None), *case.runs[kill.run + 1 :]]
            cases.append(self._stored(case, runs, own))
        return self._record(side, cases, f"{first}/{side}")

    def _stored(self, case: Case, runs: list[Run], file: Path) -> Case:
        configurable = {"thread_id": case.name, **case.config.get("configurable", {})}
        config = {**case.config, "configurable": configurable}
        return msgspec.structs.replace(case, runs=runs, config=config, store=str(file))

    def _file(self, side: Side, case: int, run: int) -> Path:
        file = self.out / side / f"{case}-{run}.db"
        file.parent.mkdir(parents=True, exist_ok=True)
        return file

    def _record(self, side: Side, cases: list[Case], folder: str) -> Recording:
        case_file = msgspec.structs.replace(self.case_file, cases=cases)
        out = self.out / "traces" / folder
        if side == "langgraph":
            return record_python("langgraph", self.program, case_file, out)
        return record_crate(self.binary, case_file, out, str(self.program))

    def _ends(self, whole: Recording) -> dict[tuple[int, int], list[list[RunEnd]]]:
        """How each case ends when nobody is killed, from each of its runs on."""
        ends = {}
        traces = iter(whole.traces)
        for position, case in enumerate(self.case_file.cases):
            *_, trace = [next(traces) for _ in case.runs]
            own = _run_ends(trace)
            for run in range(len(case.runs)):
                # who goes on with a thread counts runs from there
                rest = [msgspec.structs.replace(end, run=end.run - run) for end in own[run:]]
                ends[position, run] = [rest]
        return ends


def _copy(database: Path, to: Path) -> None:
    for ending in _ENDINGS:
        beside = database.with_name(database.name + ending)
        if beside.exists():
            shutil.copyfile(beside, to.with_name(to.name + ending))


def _run_ends(trace: list[TraceEvent]) -> list[RunEnd]:
    return [event for event in trace if isinstance(event, RunEnd)]


def _other_end(
    case: Case, known: list[list[RunEnd]], resumed: list[TraceEvent]
) -> Divergence | None:
    """Where a resumed case ends in a way that is not known. What is drawn at random after a crash is drawn
    anew, so that a case with a seed may."""
    found = _run_ends(resumed)
    if case.seed is not None or found in known:
        return None
    for number, (expected, own) in enumerate(zip(known[0], found, strict=True)):
        if expected != own:
            return Divergence(
                cause="LF514",
                event="run_end",
                run=number,
                step=None,
                task=None,
                path="",
                expected=f"{expected.status}: {shown(expected.output)}",
                actual=f"{own.status}: {shown(own.output)}",
                equal_events=0,
                after="the process was ended",
            )
    return None
