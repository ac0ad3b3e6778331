"""Verdicts over crates with faults, and how they are told."""

import io

import msgspec
from rich.console import Console

from langferry.diagnostics import Span
from langferry.validator.mutants import Mutant, MutationReport, Verdict
from langferry.validator.mutation_report import mutation_as_json, print_mutation_report

MUTANT = Mutant("fault-1", "constant", "1 becomes 2", Span("a.py", 3, 4, 3, 5))


def _report(*verdicts: Verdict, false_alarms: int = 0) -> MutationReport:
    return MutationReport("a.py", "a.cases.yaml", 50, false_alarms, list(verdicts))


def _printed(report: MutationReport) -> str:
    out = io.StringIO()
    print_mutation_report(report, Console(file=out, width=100))
    return out.getvalue()


def test_a_survivor_is_named_and_is_exit_1() -> None:
    report = _report(Verdict(MUTANT, "survived"), Verdict(MUTANT, "caught", "first", "LF523"))
    assert report.exit_code == 1
    text = _printed(report)
    assert "not caught  a.py:3:5: constant: 1 becomes 2" in text
    assert "caught: 1 of 2 faults, 0 false alarms in 50 runs" in text
    assert "next: add cases to a.cases.yaml" in text


def test_what_the_compiler_refuses_counts_for_nothing() -> None:
    report = _report(Verdict(MUTANT, "not built"), Verdict(MUTANT, "caught", "first", "LF523"))
    assert report.exit_code == 0
    assert "caught: 1 of 1 faults" in _printed(report)


def test_a_false_alarm_is_exit_1() -> None:
    assert _report(false_alarms=1).exit_code == 1


def test_the_json_holds_every_verdict() -> None:
    told = msgspec.json.decode(mutation_as_json(_report(Verdict(MUTANT, "survived"))))
    assert told["exit_code"] == 1
    assert told["outcomes"] == {"caught": 0, "survived": 1, "not built": 0}
    assert told["verdicts"][0]["mutant"]["span"]["line"] == 3
