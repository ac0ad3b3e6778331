"""JUnit's XML, which CI servers show as tests: a finding is a test case, an error a failed one.

Format: https://github.com/testmoapp/junitxml
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from xml.etree import ElementTree

from langferry.diagnostics.diagnostic import Diagnostic
from langferry.diagnostics.span import Span

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Tested(NamedTuple):
    """One test of a suite: passed unless it has a `problem`.

    Attributes:
        name: what a CI server lists.
        classname: what it is listed under.
        problem: why it failed, or could not run.
        could_run: False for what JUnit calls an error instead of a failure.
        seconds: how long it took; None where that means nothing.
        said: what else is to be read about it.
        span: the place in the source it is about.
    """

    name: str
    classname: str
    problem: Diagnostic | None = None
    could_run: bool = True
    seconds: float | None = None
    said: str | None = None
    span: Span | None = None


def junit(findings: Sequence[Diagnostic]) -> str:
    """One suite. Errors are failures; warnings and the rest pass, their words in `system-out`."""
    # a suite without a case is taken for a run that did not happen
    cases = [_case_of(found) for found in findings] or [Tested("nothing found", "check")]
    return document("migrate check", {"migrate check": cases})


def document(name: str, suites: Mapping[str, Sequence[Tested]]) -> str:
    """The XML of several suites, by their names."""
    every = [case for cases in suites.values() for case in cases]
    root = ElementTree.Element("testsuites", {"name": _text(name), **_counts(every)})
    for suite, cases in suites.items():
        element = ElementTree.SubElement(
            root, "testsuite", {"name": _text(suite), **_counts(cases)}
        )
        for case in cases:
            _add(element, case)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode")


def _case_of(found: Diagnostic) -> Tested:
    place = str(found.span) if found.span else "program"
    name = f"{found.code} at {place}"
    if found.severity == "error":
        return Tested(name, place, found, span=found.span)
    said = f"{found.severity}: {found.message}"
    if found.fix is not None:
        said += f"\nfix ({found.fix.applicability}): {found.fix.message}"
    return Tested(name, place, said=said, span=found.span)


def _counts(cases: Sequence[Tested]) -> dict[str, str]:
    failed = [case for case in cases if case.problem is not None]
    errors = sum(not case.could_run for case in failed)
    counts = {"tests": len(cases), "failures": len(failed) - errors, "errors": errors}
    return {name: str(count) for name, count in counts.items()}


def _add(suite: ElementTree.Element, case: Tested) -> None:
    names = {"name": _text(case.name), "classname": _text(case.classname)}
    if case.span is not None:
        names |= {"file": _text(case.span.file), "line": str(case.span.line)}
    if case.seconds is not None:
        names["time"] = f"{case.seconds:.6f}"
    element = ElementTree.SubElement(suite, "testcase", names)
    if case.problem is not None:
        kind = "failure" if case.could_run else "error"
        told = {"type": case.problem.code, "message": _text(case.problem.message)}
        problem = ElementTree.SubElement(element, kind, told)
        problem.text = _text(case.problem.help or case.problem.message)
    if case.said is not None:
        ElementTree.SubElement(element, "system-out").text = _text(case.said)


def _text(text: str) -> str:
    """`text` without the characters that XML has no way to write."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
