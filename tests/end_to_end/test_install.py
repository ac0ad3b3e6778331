"""`pip install .` gives a `migrate` that works outside the checkout, Rust source included."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "examples" / "map_reduce" / "map_reduce.py"


@pytest.mark.crate
def test_an_installed_migrate_converts_and_builds(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    _copy_tracked_files(checkout)
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    uv = Path(sys.executable).parent / "uv"
    # the runtime's own target directory, and its profile: what it depends on is built once
    build = os.environ | {
        "CARGO_TARGET_DIR": str(ROOT / "runtime" / "target"),
        "MATURIN_PEP517_ARGS": "--profile dev",
    }
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", python, checkout], env=build, check=True
    )

    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "program.py").write_bytes(PROGRAM.read_bytes())
    clean = {key: value for key, value in build.items() if not key.startswith("PYTHON")}
    migrate = environment / "bin" / "migrate"
    subprocess.run(
        [migrate, "convert", "program.py", "-o", "crate"], cwd=outside, env=clean, check=True
    )
    subprocess.run(
        ["cargo", "build", "--quiet"], cwd=outside / "crate", env=clean, check=True, timeout=600
    )
    answer = subprocess.run(
        [
            *("cargo", "run", "--quiet", "--", "run"),
            *("--input", '{"documents": ["a red red fox"], "top": 1}'),
        ],
        cwd=outside / "crate",
        env=clean,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "3 words in 1 chunks: red x2 (66.7%); longest 'red'" in answer.stdout


def _copy_tracked_files(target: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source = ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(source.read_bytes())
