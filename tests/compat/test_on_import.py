"""Modules that are waited for are told of once, by whomever they are imported."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from langferry.compat.on_import import on_import


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = f"waited_for_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)


def test_it_is_told_of_after_it_has_run_and_before_its_importer_goes_on(module: str) -> None:
    told: list[ModuleType] = []
    on_import(module, told.append)
    on_import(module, lambda found: setattr(found, "y", found.x + 1))
    assert told == []
    found = importlib.import_module(module)
    assert told == [found]
    assert found.y == 2


def test_it_looks_as_if_nobody_had_waited(module: str) -> None:
    on_import(module, lambda found: None)
    found = importlib.import_module(module)
    assert type(found.__loader__).__name__ == "SourceFileLoader"
    assert found.__spec__ is not None
    assert found.__spec__.loader is found.__loader__


def test_one_that_is_only_looked_for_is_not_told_of(module: str) -> None:
    told: list[ModuleType] = []
    on_import(module, told.append)
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert told == []
    assert [importlib.import_module(module)] == told


def test_one_that_fails_is_told_of_when_it_succeeds(module: str, tmp_path: Path) -> None:
    told: list[ModuleType] = []
    on_import(module, told.append)
    file = tmp_path / f"{module}.py"
    file.write_text("raise RuntimeError('not now')\n")
    with pytest.raises(RuntimeError, match="not now"):
        importlib.import_module(module)
    assert told == []
    file.write_text("x = 22\n")
    importlib.invalidate_caches()
    assert [importlib.import_module(module)] == told
