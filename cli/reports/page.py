"""A validation as one HTML page that needs nothing else: the graph, what was covered, what differs."""

from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from langferry.cli.places import found_file
from langferry.cli.reports.drawing import drawing
from langferry.cli.reports.subject import Subject
from langferry.diagnostics import lookup
from langferry.validator import CaseReport

AROUND = 4
"""How many lines are shown above and below the ones that are meant."""


class Excerpt(NamedTuple):
    """Lines of a source: their number, whether they are meant, and their text."""

    place: str
    lines: list[tuple[int, bool, str]]


def page(subject: Subject) -> str:
    """The page's text. Whatever comes from the program or its values is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["ms"] = lambda seconds: f"{seconds * 1000:.1f} ms"
    report = subject.report
    return environment.get_template("page.html.jinja").render(
        report=report,
        verdict={0: "equal", 1: "different", 2: "not all could run"}[report.exit_code],
        ran=[engine for engine in report.engines if engine.problem is None],
        problems=[engine for engine in report.engines if engine.problem is not None],
        differences=list(_differences(subject)),
        graph=None if subject.wiring is None else drawing(subject.wiring),
        marks=_marks(subject),
        ways=set(report.coverage.ways),
    )


def _differences(subject: Subject) -> list[dict[str, Any]]:
    return [
        {
            "engine": engine.engine,
            "case": case,
            "found": case.divergence,
            "code": lookup(case.divergence.cause),
            "python": _python(case, subject),
            "rust": _rust(case, subject),
        }
        for engine in subject.report.engines
        for case in engine.cases
        if case.divergence is not None
    ]


def _python(case: CaseReport, subject: Subject) -> Excerpt | None:
    span = case.python
    path = None if span is None else found_file(span.file, subject.program)
    return None if span is None else _excerpt(str(span), path, span.line, span.end_line)


def _rust(case: CaseReport, subject: Subject) -> Excerpt | None:
    place = case.rust
    if place is None or subject.crate is None:
        return None
    return _excerpt(str(place), subject.crate / place.file, place.line, place.end_line)


def _excerpt(place: str, path: Path | None, first: int, last: int) -> Excerpt:
    try:
        text = "" if path is None else path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    shown = enumerate(text.splitlines(), 1)
    lines = [
        (number, first <= number <= last, line)
        for number, line in shown
        if first - AROUND <= number <= last + AROUND
    ]
    return Excerpt(place, lines)


def _marks(subject: Subject) -> dict[str, str]:
    """What became of each node: the first that differs, those that ran, and the rest."""
    marks = dict.fromkeys(subject.report.coverage.nodes_run, "ran")
    marks |= {"__start__": "end", "__end__": "end"}
    cases = (case for engine in subject.report.engines for case in engine.cases)
    found = [x.divergence for x in cases if x.divergence is not None and x.divergence.task]
    return marks | {str(at.task): "differs" for at in found[:1]}
