"""What `migrate validate` leaves behind, and when its answer is no."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from langferry.cli.validate import validate

APPROVAL = Path(__file__).parents[2] / "examples" / "approval" / "approval.py"
ONE_CASE = [str(APPROVAL), "--against", "shim", "--case", "small-claim-passes", "--quiet"]


def test_reports_are_written_and_too_little_coverage_is_a_no(tmp_path: Path) -> None:
    page, tests = tmp_path / "reports" / "page.html", tmp_path / "reports" / "tests.xml"
    given = [*ONE_CASE, "--work-dir", str(tmp_path), "--report", str(page), "--report", str(tests)]
    done = CliRunner().invoke(validate, [*given, "--min-coverage", "90"], standalone_mode=False)
    assert done.return_value == 1, done.output
    assert "less than 90 %" in done.output
    assert "routes not seen in any trace:" in done.output
    assert "<svg" in page.read_text(encoding="utf-8")
    assert 'name="small-claim-passes"' in tests.read_text(encoding="utf-8")
    enough = CliRunner().invoke(
        validate, [*given, "--min-coverage", "10", "--json"], standalone_mode=False
    )
    assert enough.return_value == 0
    assert json.loads(enough.stdout)["coverage"]["shares"]["nodes"]["known"] == 5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--report", "result.pdf"], "must end in one of .html, .json, .md, .sarif, .xml"),
        (["--github", "--json"], "choose one"),
        (["--min-coverage", "101"], "0<=x<=100"),
    ],
)
def test_bad_options_are_told_before_anything_runs(options: list[str], said: str) -> None:
    done = CliRunner().invoke(validate, [*ONE_CASE, *options])
    assert done.exit_code == 2
    assert said in done.output
