"""What is kept is kept where it may be, and nothing is where nothing can be."""

from pathlib import Path

import pytest

from langferry.cli.work_dir import types_cache


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGFERRY_CACHE", str(tmp_path / "types"))
    assert types_cache() == tmp_path / "types"
    assert (tmp_path / "types").is_dir()


def test_where_nothing_can_be_kept_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LANGFERRY_CACHE", str(tmp_path / "file" / "types"))
    assert types_cache() is None
