"""Proves that other engines do with a program what LangGraph does with it.

    report = validate(Path("agent.py"), against=["shim", "crate"], crate_dir=Path("agent-rs"))
    print_report(report)            # or as_json(report)
    sys.exit(report.exit_code)      # 0 equal, 1 different, 2 an engine could not run

`validate` records the program's cases (`find_cases`, `read_cases`) once on real LangGraph and once on
every other engine, each in its own process, and compares the traces case by case. `crate_dir` and
`python_dir` may be callables, which are called only when their engine's turn comes: that is how a
conversion is put in without this package knowing about it. What stops LangGraph itself raises
`langferry.diagnostics.Failure`; the exit code is 2 then too.
"""

from langferry.validator.cases import Case, CaseFile, Run, find_cases, read_cases
from langferry.validator.coverage import END, START, Coverage, Way, Wiring
from langferry.validator.crate import build_crate, record_crate
from langferry.validator.diff import Divergence, first_divergence
from langferry.validator.findings import difference, findings
from langferry.validator.fuzz import Search, search
from langferry.validator.mutants import Mutant, MutationReport, judge
from langferry.validator.mutation_report import mutation_as_json, print_mutation_report
from langferry.validator.recording import Recording, record_python
from langferry.validator.report import CaseReport, EngineReport, Report, as_json, print_report
from langferry.validator.traces import read_trace
from langferry.validator.validate import ENGINES, validate

__all__ = [
    "END",
    "ENGINES",
    "START",
    "Case",
    "CaseFile",
    "CaseReport",
    "Coverage",
    "Divergence",
    "EngineReport",
    "Mutant",
    "MutationReport",
    "Recording",
    "Report",
    "Run",
    "Search",
    "Way",
    "Wiring",
    "as_json",
    "build_crate",
    "difference",
    "find_cases",
    "findings",
    "first_divergence",
    "judge",
    "mutation_as_json",
    "print_mutation_report",
    "print_report",
    "read_cases",
    "read_trace",
    "record_crate",
    "record_python",
    "search",
    "validate",
]
