"""A validation as JUnit's XML: a suite an engine, a test a case."""

from collections.abc import Iterator

from langferry.cli.places import seen_from_here
from langferry.cli.reports.subject import Subject
from langferry.diagnostics.formats.junit import Tested, document
from langferry.validator import EngineReport, difference


def junit(subject: Subject) -> str:
    """A case that differs is a failed test, an engine that could not run is an error."""
    engines = subject.report.engines
    suites = {engine.engine: list(_tests(engine, subject)) for engine in engines}
    return document(f"migrate validate {subject.program}", suites)


def _tests(engine: EngineReport, subject: Subject) -> Iterator[Tested]:
    classname = f"{subject.program.stem}.{engine.engine.replace(' ', '-')}"
    if engine.problem is not None:
        yield Tested(f"{engine.engine} runs", classname, engine.problem, could_run=False)
    for case in engine.cases:
        found = difference(engine, case)
        problem = None if found is None else seen_from_here([found], subject.program)[0]
        yield Tested(
            case.case,
            classname,
            problem,
            seconds=case.seconds,
            said=f"{case.events} events compared",
            span=None if problem is None else problem.span,
        )
