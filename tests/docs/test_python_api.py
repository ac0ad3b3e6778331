"""Runs what the documentation shows."""

import re
import types
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "python-api.md"


def test_every_block_of_the_guide_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = list(re.finditer(r"```python\n(.*?)```", text, re.DOTALL))
    assert len(blocks) >= 6
    module = types.ModuleType("guide")
    monkeypatch.setitem(__import__("sys").modules, "guide", module)
    for block in blocks:
        line = text.count("\n", 0, block.start(1))
        code = compile("\n" * line + block[1], str(PAGE), "exec")
        exec(code, module.__dict__)
