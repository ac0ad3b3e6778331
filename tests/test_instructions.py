"""The gate on instruction counts."""

import runpy
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "build_support" / "instructions.py"
compare = runpy.run_path(str(SCRIPT))["compare"]


def test_what_grows_by_more_than_a_twentieth_is_complained_of() -> None:
    recorded = {"loop": 1000, "chain": 1000, "sends": 1000}
    assert compare(recorded, {"loop": 1050, "chain": 500, "sends": 1000}) == []
    assert compare(recorded, {"loop": 1051, "chain": 500, "sends": 1000}) == [
        "loop: 1051 instructions, +5.1% of 1000"
    ]


def test_cases_cannot_come_or_go_unseen() -> None:
    assert compare({"loop": 1000}, {"chain": 1000}) == [
        "the cases are ['chain'], recorded are ['loop']"
    ]
