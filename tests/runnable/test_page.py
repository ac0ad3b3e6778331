"""The page of what became of programs."""

from pathlib import Path

import pytest

from build_support.runnable import page
from build_support.runnable.outcome import Outcome


def test_programs_are_counted_by_what_became_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "RECORD", tmp_path / "record.json")
    page.save(
        {
            "Some programs": [
                Outcome("equal", "", 2, 3),
                Outcome("equal", "", 1, 4, as_one_node=True),
                *[Outcome("differs", "LF523: changed value")] * 2,
                Outcome("not measured", "it has not been run here"),
            ]
        }
    )
    text = page.page()
    told = " ".join(text.split())
    assert "2 of 5 programs are equal (40.0%), in 3 cases; 4 were measured." in told
    assert "2 of them ask models: 7 requests." in told
    assert "| 2 | differs | LF523: changed value |" in text
