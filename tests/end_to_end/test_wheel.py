"""`migrate convert --target wheel`: an example's own tests pass on the compiled module, unchanged."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ROOT, Migrate, cargo_environment

EXAMPLES = ("approval", "ticket_triage")
MATURIN = Path(sys.executable).parent / "maturin"


def _pytest(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*command, f"test_{name}.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _built(crate: Path, work_dir: Path) -> Path:
    """The wheel that maturin makes of `crate`."""
    dist = crate.parent / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    environment = {
        **cargo_environment(work_dir, crate),
        "PYO3_PYTHON": sys.executable,
    }
    done = subprocess.run(
        [MATURIN, "build", "--quiet", "--interpreter", sys.executable, "--out", dist],
        cwd=crate,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = dist.glob("*.whl")
    return wheel


@pytest.mark.crate
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_tests_pass_on_the_wheel(migrate: Migrate, work_dir: Path, name: str) -> None:
    example = ROOT / "examples" / name
    on_python = _pytest(example, name)
    assert on_python.returncode == 0, on_python.stdout

    place = work_dir / "wheel" / name
    crate = place / "crate"
    done = migrate(
        *("convert", example / f"{name}.py", "--target", "wheel", "-o", crate),
        *("--runtime", ROOT / "runtime", "--force", "--json"),
    )
    assert done.returncode == 0, done.stderr

    installed = place / "installed"
    shutil.rmtree(installed, ignore_errors=True)
    with zipfile.ZipFile(_built(crate, work_dir)) as wheel:
        wheel.extractall(installed)
    shutil.copy(example / f"test_{name}.py", installed)
    on_wheel = _pytest(installed, name)
    assert on_wheel.returncode == 0, on_wheel.stdout
    assert _last_line(on_wheel).split(" in ")[0] == _last_line(on_python).split(" in ")[0]

    # it was the compiled graph, and it needed no LangGraph
    look = (
        f"import sys, {name} as program; print(type(program.graph).__module__);"
        " print('langgraph' in sys.modules)"
    )
    seen = subprocess.run(
        [sys.executable, "-c", look],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.split() == ["_langferry_extension", "False"]


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.strip().splitlines()[-1]


def test_a_notebook_makes_no_wheel(migrate: Migrate, tmp_path: Path) -> None:
    source = (ROOT / "examples" / "map_reduce" / "map_reduce.py").read_text().splitlines(True)
    notebook = tmp_path / "program.ipynb"
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
    notebook.write_text(json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}))
    out = tmp_path / "crate"
    done = migrate("convert", notebook, "--target", "wheel", "-o", out)
    assert done.returncode == 2
    assert "LF614" in done.stderr
    assert not out.exists()
