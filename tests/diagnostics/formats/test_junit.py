from xml.etree import ElementTree

from langferry.diagnostics import Diagnostic
from langferry.diagnostics.formats import FORMATS


def test_errors_are_failed_cases_and_the_rest_pass(
    refused: Diagnostic, told: Diagnostic, placeless: Diagnostic
) -> None:
    suites = ElementTree.fromstring(FORMATS["junit"]([refused, told, placeless]))
    assert suites.attrib["tests"] == "3"
    assert suites.attrib["failures"] == "1"
    failed, hint, whole = suites.iter("testcase")
    failure = failed.find("failure")
    assert failure is not None
    assert failure.attrib["type"] == "LF201"
    assert "a <b> & `code|d` \N{REPLACEMENT CHARACTER}" in failure.attrib["message"]
    assert (failed.attrib["file"], failed.attrib["line"]) == ("a b,c:d.py", "3")
    assert hint.find("failure") is None
    assert whole.attrib["name"] == "LF222 at program"


def test_nothing_found_is_a_test_that_passed() -> None:
    suites = ElementTree.fromstring(FORMATS["junit"]([]))
    assert suites.attrib["tests"] == "1"
    assert [case.attrib["name"] for case in suites.iter("testcase")] == ["nothing found"]
