"""Reports say what was found, escape what they show, and are there whole or not at all."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from langferry.cli.reports import REPORTS, write
from langferry.cli.reports.subject import Subject
from langferry.diagnostics import Diagnostic, Failure, Span
from langferry.validator import (
    END,
    START,
    CaseReport,
    Coverage,
    Divergence,
    EngineReport,
    Report,
    Wiring,
)
from langferry.validator.coverage import Share
from langferry.validator.source_map import RustPlace

FOUND = Divergence(
    cause="LF523",
    event="task_result",
    run=0,
    step=2,
    task="draft",
    path="log[3]",
    expected="'<script>alert(1)</script>'",
    actual=None,
    equal_events=7,
    after="task of draft in step 2 of run 0",
)


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Subject:
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "agent.py"
    program.write_text("".join(f"line_{number} = '</pre>'\n" for number in range(1, 21)))
    crate = tmp_path / "crate"
    (crate / "src").mkdir(parents=True)
    (crate / "src" / "draft.rs").write_text("fn draft() {}\n")
    cases = [
        CaseReport("first", 12, 0.0015),
        CaseReport(
            *("second", 9, 0.002, FOUND),
            Span("agent.py", 8, 0, 9, 4),
            RustPlace("src/draft.rs", 1, 1),
        ),
    ]
    broken = Diagnostic("LF507", "error", "cargo build failed", None, "Read it.")
    report = Report(
        program="agent.py",
        cases_file="cases.yaml",
        langgraph_version="1.2.22",
        langgraph_seconds=[0.01, 0.02],
        engines=[
            EngineReport("crate", "0.1.0", 3.0, cases),
            EngineReport("shim", "", 0.0, [], broken),
        ],
        coverage=Coverage(
            ["draft"], 1, 0, {"nodes": Share(1, 2, ["<b>"])}, [(START, "draft")], ["draft"]
        ),
    )
    wiring = Wiring(["draft", "<b>"], [(START, "draft"), ("draft", "<b>"), ("<b>", END)])
    return Subject(program, report, wiring, crate)


def test_the_page_shows_both_sources_and_escapes_everything(subject: Subject) -> None:
    text = REPORTS[".html"](subject)
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "&lt;b&gt;" in text
    assert '<span class="line meant" data-n="8">line_8 = &#39;&lt;/pre&gt;&#39;</span>' in text
    assert '<span class="line" data-n="13">' in text
    assert 'data-n="14"' not in text
    assert "fn draft() {}" in text
    assert '<g class="differs">' in text
    assert '<g class="missed">' in text
    assert "cargo build failed" in text
    assert "http" not in text.replace("http://www.w3.org", "")


def test_a_page_needs_neither_the_graph_nor_the_sources(subject: Subject) -> None:
    subject.program.unlink()
    text = REPORTS[".html"](subject._replace(wiring=None, crate=None))
    assert "<svg" not in text
    assert "agent.py:8" in text


def test_junit_has_a_suite_an_engine_and_a_test_a_case(subject: Subject) -> None:
    root = ElementTree.fromstring(REPORTS[".xml"](subject))
    counts = {key: root.attrib[key] for key in ("tests", "failures", "errors")}
    assert counts == {"tests": "3", "failures": "1", "errors": "1"}
    crate, shim = root.iter("testsuite")
    first, second = crate.iter("testcase")
    assert first.find("failure") is None
    assert first.attrib["time"] == "0.001500"
    failure = second.find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "LF523"
    assert "second" in failure.attrib["message"]
    assert (second.attrib["file"], second.attrib["line"]) == ("agent.py", "8")
    assert shim.attrib["errors"] == "1"


def test_the_other_formats_list_the_findings(subject: Subject) -> None:
    assert json.loads(REPORTS[".json"](subject))["exit_code"] == 2
    assert "| LF523 |" in REPORTS[".md"](subject)
    results = json.loads(REPORTS[".sarif"](subject))["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["LF523", "LF507"]


def test_a_report_that_cannot_be_written_is_told_and_leaves_nothing(
    subject: Subject, tmp_path: Path
) -> None:
    write(subject, tmp_path / "deep" / "report.html")
    assert [x.name for x in (tmp_path / "deep").iterdir()] == ["report.html"]
    (tmp_path / "taken.xml").mkdir()
    with pytest.raises(Failure, match="LF701"):
        write(subject, tmp_path / "taken.xml")
    assert not [x for x in tmp_path.iterdir() if x.name.endswith(".part")]
