"""Which findings are new."""

from pathlib import Path

import pytest

from langferry.cli.baseline import new_findings, write_baseline
from langferry.diagnostics import Diagnostic, Failure, Span


def finding(line: int, message: str = "it is", file: str = "a.py") -> Diagnostic:
    return Diagnostic("LF801", "warning", message, Span(file, line, 0, line, 1))


def test_known_findings_may_move_within_their_file(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline([finding(1), finding(9), Diagnostic("LF201", "error", "no graph", None)], path)
    moved = [finding(4), finding(5), Diagnostic("LF201", "error", "no graph", None)]
    assert new_findings(moved, path) == []
    third, other, elsewhere = finding(6), finding(1, "it was"), finding(1, file="b.py")
    assert new_findings([*moved, third, other, elsewhere], path) == [third, other, elsewhere]
    assert new_findings([], path) == []


@pytest.mark.parametrize("text", [None, "", "{}", '[{"code": 1}]'])
def test_what_is_no_baseline(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(Failure) as found:
        new_findings([], path)
    assert found.value.diagnostic.code == "LF702"


def test_a_baseline_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(Failure) as found:
        write_baseline([], tmp_path / "none" / "baseline.json")
    assert found.value.diagnostic.code == "LF702"
