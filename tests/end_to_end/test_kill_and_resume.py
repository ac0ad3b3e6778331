"""Threads begun under LangGraph go on in the crate and back, wherever a process ended.

`make test` takes one case; `make test-long` every case of every example.
"""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import ROOT, Migrate, report
from tests.end_to_end.test_programs import EXAMPLES, PUBLIC, public_programs

__all__ = ["public_programs"]


def _assert_resumed(migrate: Migrate, work_dir: Path, program: Path, *more: str | Path) -> None:
    done = migrate(
        *("validate", program, "--work-dir", work_dir / f"{program.stem}-killed", *more),
        *("--against", "crate", "--kill-and-resume", "--json"),
    )
    result = report(done)
    assert done.returncode == 0, done.stdout + done.stderr
    crate, *both = result["engines"]
    assert crate["engine"] == "crate"
    assert [engine["engine"] for engine in both] == [
        "langgraph, then crate",
        "crate, then langgraph",
    ]
    for engine in both:
        # even a run without a task stores its input, what that wrote, and a checkpoint
        assert all(case["resumptions"] >= 3 for case in engine["cases"])


@pytest.mark.crate
def test_a_thread_with_questions(migrate: Migrate, work_dir: Path) -> None:
    program = ROOT / "examples" / "approval" / "approval.py"
    _assert_resumed(migrate, work_dir, program, "--case", "approved-by-a-person")


@pytest.mark.long
@pytest.mark.crate
@pytest.mark.parametrize("name", EXAMPLES)
def test_example(migrate: Migrate, work_dir: Path, name: str) -> None:
    _assert_resumed(migrate, work_dir, ROOT / "examples" / name / f"{name}.py")


@pytest.mark.long
@pytest.mark.crate
@pytest.mark.parametrize("name", PUBLIC)
def test_public_program(
    migrate: Migrate, work_dir: Path, public_programs: dict[str, Path], name: str
) -> None:
    cases = ROOT / "examples" / "public" / f"{name}.cases.yaml"
    _assert_resumed(migrate, work_dir, public_programs[name], "--cases", cases)
