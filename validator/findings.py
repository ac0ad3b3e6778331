"""A validation's differences and problems as coded findings, for whatever prints those."""

from langferry.diagnostics import Diagnostic, lookup
from langferry.validator.report import CaseReport, EngineReport, Report


def findings(report: Report) -> list[Diagnostic]:
    """What an engine could not run or asked otherwise, and each case's first difference, engine by engine."""
    found: list[Diagnostic] = []
    for engine in report.engines:
        if engine.problem is not None:
            found.append(engine.problem)
        found.extend(engine.requests)
        cases = (difference(engine, case) for case in engine.cases)
        found.extend(case for case in cases if case is not None)
    return found


def difference(engine: EngineReport, case: CaseReport) -> Diagnostic | None:
    """The first difference of a case at the Python line it comes from; None if there is none."""
    at = case.divergence
    if at is None:
        return None
    code = lookup(at.cause)
    where = [f"run {at.run}"]
    where += [f"step {at.step}"] if at.step is not None else []
    where += [f"task {at.task}"] if at.task else []
    where += [at.path] if at.path else []
    message = (
        f"{code.title} in case {case.case!r} on {engine.engine}, {', '.join(where)}: "
        f"LangGraph has {at.expected or 'nothing'}, {engine.engine} has {at.actual or 'nothing'}"
    )
    return Diagnostic(at.cause, "error", message, case.python, code.next_step)
