"""Runs crates with one fault in each, and finds the faults that a program's cases do not see.

A crate that has no fault goes first, and often: what is reported of it is a false alarm.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from langferry.diagnostics import Failure, Span
from langferry.validator.cases import CaseFile, find_cases, read_cases
from langferry.validator.crate import Progress, build_workspace, record_crate
from langferry.validator.diff import first_divergence
from langferry.validator.recording import Recording, record_python

Outcome = Literal["caught", "survived", "not built"]

UNCHANGED_RUNS = 50
"""How many runs of the crate without a fault are compared at least."""

_AT_ONCE = 24
"""Crates that are built together; their binaries are kept only for so long."""

_SECONDS = 20.0
"""A fault can make a loop endless: what takes longer is caught."""


class Mutant(msgspec.Struct, frozen=True):
    """A crate with a fault in it. `binary` is the name of what it builds to; the rest says what was
    done and where in the program."""

    binary: str
    kind: str
    what: str
    span: Span


class Verdict(msgspec.Struct, frozen=True):
    """What became of a mutant.

    Attributes:
        mutant: which.
        outcome: `not built` if the compiler refused it, which is no merit of the cases.
        case: the first case that saw it.
        cause: the code of the difference, LF508 if the binary failed; None if it was not caught.
    """

    mutant: Mutant
    outcome: Outcome
    case: str | None = None
    cause: str | None = None


class MutationReport(msgspec.Struct, frozen=True):
    """What the cases are worth.

    Attributes:
        program: the program.
        cases_file: where the cases came from.
        unchanged_runs: how many runs of the crate without a fault were compared.
        false_alarms: how many of those differed.
        verdicts: one a mutant.
    """

    program: str
    cases_file: str
    unchanged_runs: int
    false_alarms: int
    verdicts: list[Verdict]

    def count(self, outcome: Outcome) -> int:
        """How many mutants ended so."""
        return sum(verdict.outcome == outcome for verdict in self.verdicts)

    @property
    def exit_code(self) -> int:
        """0 every fault was caught, 1 one survived or there was a false alarm."""
        return int(self.count("survived") > 0 or self.false_alarms > 0)


def judge(
    program: Path,
    mutants: Sequence[Mutant],
    write: Callable[[Sequence[str]], Path],
    unchanged: str,
    cases: Path | None = None,
    progress: Progress = lambda line: None,
    *,
    entry: str | None = None,
    build_dir: Path | None = None,
) -> MutationReport:
    """Build and run `mutants`, and the crate without a fault; compare each with LangGraph.

    Args:
        program: the LangGraph program.
        mutants: what was seeded.
        write: makes a cargo workspace of the crates whose binaries have these names.
        unchanged: the name of the binary that has no fault.
        cases: the case file; the one beside the program when None.
        progress: is told what is going on, a line each.
        entry: the graph, instead of the case file's entry.
        build_dir: where cargo keeps what crates share.

    Raises:
        Failure: the cases cannot be read, the program does not run on LangGraph, or the crate
            without a fault is not built.
    """
    case_file = read_cases(cases or find_cases(program))
    if entry is not None:
        case_file = msgspec.structs.replace(case_file, entry=entry)
    with tempfile.TemporaryDirectory(prefix="langferry-") as scratch:
        progress(f"recording {program.name} on LangGraph")
        golden = record_python("langgraph", program, case_file, Path(scratch) / "langgraph")
        case_file = msgspec.structs.replace(case_file, run_async=golden.run_async)
        judging = _Judging(str(program), case_file, golden, Path(scratch) / "crate")
        binary = build_workspace(write([unchanged]), progress, build_dir).get(unchanged)
        if binary is None:
            raise Failure("LF507", f"{unchanged} is not built: `migrate validate` says why")
        rounds = -(-UNCHANGED_RUNS // len(case_file.cases))
        runs = rounds * len(case_file.cases)
        progress(f"running the crate without a fault {runs} times")
        alarms = sum(judging.differences(binary) for _ in range(rounds))
        verdicts: list[Verdict] = []
        for start in range(0, len(mutants), _AT_ONCE):
            batch = mutants[start : start + _AT_ONCE]
            last = start + len(batch)
            progress(f"faults {start + 1} to {last} of {len(mutants)}: building")
            binaries = build_workspace(write([m.binary for m in batch]), build_dir=build_dir)
            progress(f"faults {start + 1} to {last} of {len(mutants)}: running")
            for mutant in batch:
                verdicts.append(judging.verdict(mutant, binaries.get(mutant.binary)))
            for path in binaries.values():
                path.unlink(missing_ok=True)
    return MutationReport(str(program), case_file.path, runs, alarms, verdicts)


class _Judging(msgspec.Struct, frozen=True):
    program: str
    cases: CaseFile
    golden: Recording
    out: Path

    def differences(self, binary: Path) -> int:
        """In how many cases `binary` does something else than LangGraph."""
        return sum(self._cause(binary, i) is not None for i in range(len(self.cases.cases)))

    def verdict(self, mutant: Mutant, binary: Path | None) -> Verdict:
        if binary is None:
            return Verdict(mutant, "not built")
        for position, case in enumerate(self.cases.cases):
            cause = self._cause(binary, position)
            if cause is not None:
                return Verdict(mutant, "caught", case.name, cause)
        return Verdict(mutant, "survived")

    def _cause(self, binary: Path, position: int) -> str | None:
        alone = msgspec.structs.replace(self.cases, cases=[self.cases.cases[position]])
        try:
            done = record_crate(binary, alone, self.out, self.program, limit=_SECONDS)
        except Failure as problem:
            return problem.diagnostic.code
        found = first_divergence(self.golden.traces[position], done.traces[0])
        return found.cause if found is not None else None
