"""Looks for inputs on which engines differ, and cuts the first one down to what matters."""

import contextlib
import json
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.report import Report

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TOGETHER = 20
"""How many inputs are compared at once: starting an engine takes longer than a run."""
CUTS = 30
"""How often an input that differs is tried to be cut down."""


class Search(msgspec.Struct, frozen=True):
    """What a search came to.

    Attributes:
        report: of the input that differs, cut down; else of the last ones that were compared.
        found: that input; None where no input differs.
        tried: how many inputs were compared before one was found.
    """

    report: Report
    found: Any
    tried: int


def search(
    inputs: "SearchStrategy[Any]",
    count: int,
    seed: int,
    compare: Callable[[list[Any]], Report],
) -> Search:
    """Compare `count` inputs, or fewer if one differs.

    Args:
        inputs: what they are drawn from, none of them None.
        seed: the same one draws the same inputs.
        compare: what engines make of some inputs; its cases are in their order.

    Raises:
        Failure: what an engine could not do.
    """
    drawn: list[Any] = []

    def kept(given: Any) -> bool:
        drawn.append(given)
        return False

    _go_through(inputs, count, seed, kept)
    known: dict[str, bool] = {}
    report, found, tried = None, None, 0
    for start in range(0, len(drawn), TOGETHER):
        batch = drawn[start : start + TOGETHER]
        report = _compared(batch, compare)
        tried += len(batch)
        wrong = _differing(report, batch)
        known |= {_key(given): False for given in batch}
        if wrong is not None:
            found = wrong
            known[_key(wrong)] = True
            report = _compared([wrong], compare)
            break
    assert report is not None  # one input is drawn at least
    if found is None:
        return Search(report, None, tried)
    cuts = 0

    def differs(given: Any) -> bool:
        nonlocal cuts, found, report
        if _key(given) not in known:
            cuts += 1
            if cuts > CUTS:
                return False
            told = _compared([given], compare)
            known[_key(given)] = bool(told.exit_code)
            if told.exit_code and len(_key(given)) <= len(_key(found)):
                found, report = given, told
        return known[_key(given)]

    # drawn in the same order again, the first one that differs is the one that is known to
    _go_through(inputs, count, seed, differs)
    return Search(report, found, tried)


def _go_through(
    inputs: "SearchStrategy[Any]", count: int, seed: int, wanted: Callable[[Any], bool]
) -> None:
    """Draw inputs until one is wanted, and then simpler ones for as long as those are."""
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import NoSuchExample

    chosen = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    with contextlib.suppress(NoSuchExample):
        find(inputs, wanted, settings=chosen, random=random.Random(seed))


def _compared(inputs: list[Any], compare: Callable[[list[Any]], Report]) -> Report:
    report = compare(inputs)
    problem = next((x.problem for x in report.engines if x.problem is not None), None)
    if problem is not None:
        raise Failure(problem.code, problem.message, problem.span)
    return report


def _differing(report: Report, inputs: list[Any]) -> Any:
    """The first input that an engine makes something else of; None if there is none."""
    for engine in report.engines:
        for case, given in zip(engine.cases, inputs, strict=True):
            if case.divergence is not None:
                return given
    return None


def _key(given: Any) -> str:
    return json.dumps(given)
