import json

import pytest
from msgspec.structs import replace

from langferry.diagnostics import Diagnostic, Edit, Fix, Span, lookup
from langferry.diagnostics.formats import FORMATS


def test_a_result_a_finding(refused: Diagnostic, told: Diagnostic, placeless: Diagnostic) -> None:
    log = json.loads(FORMATS["sarif"]([refused, told, placeless]))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["LF201", "LF222", "LF303"]
    assert rules[0]["shortDescription"]["text"] == lookup("LF201").title
    error, hint, whole = run["results"]
    assert [rules[result["ruleIndex"]]["id"] for result in (error, hint, whole)] == [
        "LF201",
        "LF303",
        "LF222",
    ]
    assert [result["level"] for result in (error, hint, whole)] == ["error", "note", "warning"]
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b%2Cc%3Ad.py"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 5, "endColumn": 7}
    assert "locations" not in whole


@pytest.mark.parametrize(("file", "has_fix"), [("m.py", True), ("m.ipynb", False)])
def test_a_fix_is_told_of_files_whose_lines_are_meant(
    told: Diagnostic, file: str, has_fix: bool
) -> None:
    span = Span(file, 7, 0, 7, 9)
    fixed = replace(told, span=span, fix=Fix("unsafe", "do it", (Edit(span, "x\n"),)))
    by_hand = replace(told, fix=Fix("manual", "do it"))
    first, second = json.loads(FORMATS["sarif"]([fixed, by_hand]))["runs"][0]["results"]
    assert ("fixes" in first, "fixes" in second) == (has_fix, False)
