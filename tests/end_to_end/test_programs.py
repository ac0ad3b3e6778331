"""The six programs: equal in every case, LangGraph against shim, Python target and crate."""

import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Migrate, report

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ["shim", "python", "crate"]
EXAMPLES = ["ticket_triage", "map_reduce", "approval"]
PUBLIC = ["sequential", "fanout_to_subgraph", "wide_dict"]


@pytest.fixture(scope="session")
def public_programs() -> dict[str, Path]:
    """The public programs by name, fetched into the cache when they are not there."""
    sys.path.insert(0, str(ROOT / "examples" / "public"))
    try:
        from fetch import DEFAULT, fetch  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    return {path.stem: path for path in fetch(DEFAULT)}


def _assert_equal(migrate: Migrate, program: Path, cases: Path, work_dir: Path) -> None:
    done = migrate(
        *("validate", program, "--cases", cases, "--work-dir", work_dir / program.stem),
        *("--against", ",".join(ENGINES), "--json"),
    )
    result = report(done)
    assert done.returncode == 0, done.stdout + done.stderr
    assert result["equal"] is True
    assert [engine["engine"] for engine in result["engines"]] == ENGINES
    for engine in result["engines"]:
        assert engine["cases"], f"{engine['engine']} compared no case"
        assert all(case["events"] > 2 for case in engine["cases"])


@pytest.mark.crate
@pytest.mark.parametrize("name", EXAMPLES)
def test_example(migrate: Migrate, work_dir: Path, name: str) -> None:
    directory = ROOT / "examples" / name
    _assert_equal(migrate, directory / f"{name}.py", directory / "cases.yaml", work_dir)


@pytest.mark.crate
@pytest.mark.parametrize("name", PUBLIC)
def test_public_program(
    migrate: Migrate, work_dir: Path, public_programs: dict[str, Path], name: str
) -> None:
    cases = ROOT / "examples" / "public" / f"{name}.cases.yaml"
    _assert_equal(migrate, public_programs[name], cases, work_dir)
