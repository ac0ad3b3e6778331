import json

from langferry.diagnostics import Diagnostic, lookup
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
