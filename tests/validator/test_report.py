"""A report says the same to a person and to a program."""

import io
import json

import msgspec
import pytest
from rich.console import Console

from langferry.diagnostics import Diagnostic, Span
from langferry.validator.coverage import Coverage, Share
from langferry.validator.diff import Divergence
from langferry.validator.report import (
    CaseReport,
    EngineReport,
    Report,
    as_json,
    print_report,
)
from langferry.validator.source_map import RustPlace

FOUND = Divergence(
    cause="LF523",
    event="update",
    run=0,
    step=2,
    task="classify",
    path="log[3]",
    expected="'[a]'",
    actual=None,
    equal_events=7,
    after="task of classify in step 2 of run 0",
)
EQUAL = CaseReport("first", 12, 0.0015)
DIFFERENT = CaseReport(
    *("second", 9, 0.002, FOUND), Span("x.py", 4, 2, 4, 9), RustPlace("src/nodes/classify.rs", 8, 9)
)
PROBLEM = Diagnostic("LF507", "error", "cargo build failed: [bold]", None, "Read it.")


def report(*engines: EngineReport) -> Report:
    shares = {"nodes": Share(1, 2, ["draft"]), "routes": Share(2, 2, [])}
    coverage = Coverage(["classify"], 1, 2, shares, open_routers=["draft"])
    return Report("x.py", "cases.yaml", "1.2.22", [0.01, 0.02], list(engines), coverage)


def crate(*cases: CaseReport) -> EngineReport:
    return EngineReport("crate", "0.1.0", 3.0, list(cases))


def text_of(given: Report, terminal: bool = False) -> str:
    stream = io.StringIO()
    print_report(given, Console(file=stream, width=100, force_terminal=terminal, highlight=False))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("engines", "code"),
    [
        ([crate(EQUAL, EQUAL)], 0),
        ([crate(EQUAL, DIFFERENT)], 1),
        ([crate(EQUAL, DIFFERENT), EngineReport("shim", "", 0.0, [], PROBLEM)], 2),
    ],
)
def test_exit_codes(engines: list[EngineReport], code: int) -> None:
    given = report(*engines)
    assert given.exit_code == code
    data = json.loads(as_json(given))
    assert (data["exit_code"], data["equal"]) == (code, code == 0)
    again = msgspec.convert(
        {k: v for k, v in data.items() if k in Report.__struct_fields__}, Report
    )
    assert again == given


def test_a_divergence_is_told_with_both_places() -> None:
    text = text_of(report(crate(EQUAL, DIFFERENT)))
    assert "x.py against LangGraph 1.2.22" in text
    assert "LF523 changed value: case second" in text
    assert "run 0, step 2, task classify, at log[3]" in text
    assert "langgraph  '[a]'" in text
    assert "crate  nothing" in text
    assert "python  x.py:4:3" in text
    assert "rust  src/nodes/classify.rs:8" in text
    assert "7 events, the last: task of classify in step 2 of run 0" in text
    assert "compared: 1 of 2 nodes, 2 of 2 routes (75 % of the graph), 1 interrupts, 2 runs" in text
    assert "nodes not seen in any trace: draft" in text
    assert "not counted, as no text says where they lead: draft" in text


def test_what_could_not_run_is_told_with_its_message() -> None:
    text = text_of(report(EngineReport("crate", "", 0.0, [], PROBLEM)))
    assert "LF507 crate could not run" in text
    assert "cargo build failed: [bold]" in text
    assert "next  Read it." in text


def test_colour_is_for_terminals_only() -> None:
    given = report(crate(EQUAL, DIFFERENT))
    assert "\x1b[" in text_of(given, terminal=True)
    assert "\x1b[" not in text_of(given)


def test_long_values_are_cut_for_people_only() -> None:
    long = msgspec.structs.replace(FOUND, expected="x" * 1000)
    given = report(crate(EQUAL, msgspec.structs.replace(DIFFERENT, divergence=long)))
    assert "… (1000 characters)" in text_of(given)
    assert "x" * 1000 in as_json(given)
