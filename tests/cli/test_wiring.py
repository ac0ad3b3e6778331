"""The validator's idea of a graph is the converter's."""

from pathlib import Path

from langferry.cli.wiring import wiring_of
from langferry.converter import analyse
from langferry.validator import START
from tests.types_cache import TYPES_CACHE

APPROVAL = Path(__file__).parents[2] / "examples" / "approval" / "approval.py"


def test_the_wiring_is_what_the_program_says() -> None:
    wiring = wiring_of(analyse(APPROVAL, cache_dir=TYPES_CACHE))
    assert sorted(wiring.nodes) == ["add_up", "check_rules", "human_review", "pay", "reject"]
    assert (START, "add_up") in [*wiring.edges, *wiring.routes]
    assert wiring.open_routers == []
