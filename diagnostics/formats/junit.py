"""JUnit's XML, which CI servers show as tests: a finding is a test case, an error a failed one.

Format: https://github.com/testmoapp/junitxml
"""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from langferry.diagnostics.diagnostic import Diagnostic

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(findings: Sequence[Diagnostic]) -> str:
    """One suite. Errors are failures; warnings and the rest pass, their words in `system-out`."""
    errors = sum(found.severity == "error" for found in findings)
    counts = {"tests": str(max(len(findings), 1)), "failures": str(errors), "errors": "0"}
    root = ElementTree.Element("testsuites", {"name": "migrate check", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": "migrate check", **counts})
    if not findings:
        # a suite without a case is taken for a run that did not happen
        ElementTree.SubElement(suite, "testcase", {"name": "nothing found", "classname": "check"})
    for found in findings:
        _case(suite, found)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode")


def _case(suite: ElementTree.Element, found: Diagnostic) -> None:
    place = str(found.span) if found.span else "program"
    names = {"name": _text(f"{found.code} at {place}"), "classname": _text(place)}
    if found.span is not None:
        names |= {"file": _text(found.span.file), "line": str(found.span.line)}
    case = ElementTree.SubElement(suite, "testcase", names)
    words = _text(found.message)
    if found.severity == "error":
        failure = ElementTree.SubElement(case, "failure", {"type": found.code, "message": words})
        failure.text = _text(found.help or found.message)
    else:
        said = ElementTree.SubElement(case, "system-out")
        said.text = f"{found.severity}: {words}"


def _text(text: str) -> str:
    """`text` without the characters that XML has no way to write."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
