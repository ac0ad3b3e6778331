"""`migrate mutate` on the examples: every fault is caught, and nothing else."""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import ROOT, Migrate, report

EXAMPLES = ("approval", "map_reduce", "ticket_triage")


@pytest.mark.crate
def test_a_few_faults_are_caught(migrate: Migrate, work_dir: Path) -> None:
    _all_are_caught(migrate, work_dir, "map_reduce", "--faults", "6")


@pytest.mark.crate
@pytest.mark.long
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_fault_is_caught(migrate: Migrate, work_dir: Path, name: str) -> None:
    _all_are_caught(migrate, work_dir, name)


def _all_are_caught(migrate: Migrate, work_dir: Path, name: str, *options: str) -> None:
    program = ROOT / "examples" / name / f"{name}.py"
    work = work_dir / f"{name}-mutants"
    done = migrate("mutate", program, "--work-dir", work, "--json", *options)
    told = report(done)
    survivors = [v["mutant"] for v in told["verdicts"] if v["outcome"] == "survived"]
    assert survivors == []
    assert told["false_alarms"] == 0
    assert told["unchanged_runs"] >= 50
    assert told["outcomes"]["caught"] >= 6
    assert done.returncode == 0


@pytest.mark.crate
def test_cases_that_see_nothing_are_told_so(
    migrate: Migrate, work_dir: Path, tmp_path: Path
) -> None:
    cases = tmp_path / "cases.yaml"
    cases.write_text("entry: graph\ncases: [{name: empty, runs: [{input: {documents: []}}]}]\n")
    program = ROOT / "examples" / "map_reduce" / "map_reduce.py"
    work = work_dir / "map_reduce-mutants"
    done = migrate(
        *("mutate", program, "--cases", cases, "--work-dir", work),
        *("--faults", "3", "--seed", "1"),
    )
    assert done.returncode == 1, done.stderr
    assert "not caught" in done.stdout
    assert "next: add cases to" in done.stdout
