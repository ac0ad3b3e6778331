"""Counting: what never ran has failed."""

import json
from pathlib import Path

import pytest

from conformance import record, score
from conformance.run import Choice, Outcome

EXPECTED = {
    "core": {
        "tests/test_a.py": {"public": {"memory": 2, "disk": 1}, "internals": {"memory": 1}},
        "tests/test_b.py": {"public": {"memory": 3}},
    }
}
FAST = Choice(levels=("memory",))


def _outcome(*rows: tuple[str, str], uncollected: dict[str, str] | None = None) -> Outcome:
    return Outcome(
        rows={i: {"id": i, "status": s, "why": "", "supersteps": 2} for i, s in rows},
        uncollected=uncollected or {},
        kinds={"tests/test_a.py::test_inner": "internals"},
        names={"tests/test_a.py::test_one": {"langgraph.types:Send"}},
    )


@pytest.fixture(autouse=True)
def _expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "expected.json").write_text(json.dumps(EXPECTED), encoding="utf-8")
    monkeypatch.setattr(score, "EXPECTED", tmp_path / "expected.json")
    monkeypatch.setattr(record, "RECORD", tmp_path / "record.json")


def _scored(choice: Choice = FAST) -> score.Score:
    outcome = _outcome(
        ("tests/test_a.py::test_one[memory]", "passed"),
        ("tests/test_a.py::test_one[sqlite]", "passed"),
        ("tests/test_a.py::test_two", "failed"),
        ("tests/test_a.py::test_inner", "passed"),
        uncollected={"tests/test_b.py": "ImportError: no name"},
    )
    return score.score({"core": outcome}, choice)


def test_a_file_that_cannot_be_imported_fails_with_all_its_tests() -> None:
    scored = _scored()
    assert scored.files["core::tests/test_b.py"] == {"public": (0, 3)}
    assert scored.failing["core::tests/test_b.py (3 public)"] == "ImportError: no name"


def test_only_the_chosen_levels_count() -> None:
    assert _scored().total("public") == (1, 5)
    assert _scored(Choice(levels=("memory", "disk"))).total("public") == (2, 6)
    assert _scored().total("internals") == (1, 1)


def test_features_are_known_by_names() -> None:
    assert _scored().features == {"Send": (1, 1)}


def test_a_test_that_skips_itself_has_not_passed() -> None:
    scored = score.score({"core": _outcome(("tests/test_a.py::test_one", "skipped"))}, FAST)
    assert scored.total("public") == (0, 5)


def test_the_ratchet_tells_what_was_lost_and_gained() -> None:
    record.save(_scored())
    now = score.score(
        {
            "core": _outcome(
                ("tests/test_a.py::test_one[memory]", "failed"),
                ("tests/test_a.py::test_two", "passed"),
            )
        },
        Choice(levels=("memory",), files=("test_a.py",), kinds=("public",)),
    )
    ratchet = record.compare(now)
    assert ratchet.lost == ["core::tests/test_a.py::test_one[memory]"]
    assert ratchet.gained == ["core::tests/test_a.py::test_two"]


def test_the_page_lists_every_failure_with_its_reason() -> None:
    record.save(_scored())
    page = record.page()
    assert "| core · test_b | 0 / 3 |" in page
    assert "ImportError: no name" in page
    assert "`test_two`" in page
    assert "1 of 5 public tests" in record.figure()
