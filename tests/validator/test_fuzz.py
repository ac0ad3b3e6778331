"""How inputs that differ are found and cut down."""

from typing import Any

import pytest
from hypothesis import strategies as st

from langferry.diagnostics import Diagnostic, Failure
from langferry.validator.coverage import Coverage
from langferry.validator.diff import Divergence
from langferry.validator.fuzz import CUTS, TOGETHER, search
from langferry.validator.report import CaseReport, EngineReport, Report

INPUTS = st.fixed_dictionaries({"n": st.integers(0, 1000), "words": st.lists(st.text(max_size=5))})


def report(batch: list[Any], problem: Diagnostic | None = None) -> Report:
    """What comes out where an engine is wrong about large numbers."""
    wrong = Divergence("LF523", "state", 0, 0, None, "n", "1", "2", 0, "nothing")
    cases = [CaseReport(str(x), 1, 0.0, wrong if x["n"] > 500 else None) for x in batch]
    engines = [EngineReport("crate", "1", 0.0, cases, problem)]
    return Report("p", "c", "1", [0.0] * len(batch), engines, Coverage([], 0, 0))


def test_the_first_difference_is_cut_down() -> None:
    found = search(INPUTS, 400, 1, report)
    assert found.found["words"] == []
    assert 500 < found.found["n"] < 800
    assert found.report.exit_code == 1
    assert [case.case for case in found.report.engines[0].cases] == [str(found.found)]
    assert 0 < found.tried <= 400


def test_as_many_inputs_as_wanted_are_compared() -> None:
    compared: list[int] = []

    def compare(batch: list[Any]) -> Report:
        compared.append(len(batch))
        return report([{**given, "n": 0} for given in batch])

    found = search(INPUTS, 57, 3, compare)
    assert (found.found, found.tried) == (None, 57)
    assert compared == [TOGETHER, TOGETHER, 17]


def test_the_same_seed_draws_the_same_inputs() -> None:
    def drawn(seed: int) -> list[Any]:
        seen: list[Any] = []

        def compare(batch: list[Any]) -> Report:
            seen.extend(batch)
            return report([{**given, "n": 0} for given in batch])

        search(INPUTS, 30, seed, compare)
        return seen

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_cutting_down_ends() -> None:
    calls = 0

    def compare(batch: list[Any]) -> Report:
        nonlocal calls
        calls += 1
        return report([{"n": 900}] * len(batch))

    search(st.lists(st.integers(), min_size=20), 10, 1, compare)
    assert calls <= CUTS + 2


def test_an_engine_that_cannot_run_ends_the_search() -> None:
    problem = Diagnostic("LF507", "error", "cargo build failed", None)
    with pytest.raises(Failure) as found:
        search(INPUTS, 10, 1, lambda batch: report(batch, problem))
    assert found.value.diagnostic.code == "LF507"
