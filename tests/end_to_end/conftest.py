"""What the end-to-end tests share: the command, and one place to build crates in."""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from langferry.cli import main
from langferry.cli.work_dir import place_key
from tests.end_to_end.agents.server import Server

ROOT = Path(__file__).resolve().parents[2]

Migrate = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def work_dir() -> Path:
    """Where crates are made and built; kept, so that a second run builds only what changed."""
    directory = ROOT / "target" / "end-to-end"
    directory.mkdir(parents=True, exist_ok=True)
    # what the runtime's own tests have built of its dependencies is not built again
    with contextlib.suppress(FileExistsError):
        (directory / "cargo-build").symlink_to(ROOT / "runtime" / "target", True)
    return directory


@pytest.fixture(scope="session")
def migrate() -> Migrate:
    """Runs `migrate` with the given arguments and returns what it printed and its exit code.

    In this process: what it imports, and the recorders it starts, are there for the next test.
    `tests/cli/test_app.py` and `test_install.py` run the command itself.
    """

    def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        given = ["migrate", *map(str, arguments)]
        printed, said = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", given)
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
                try:
                    main()
                except SystemExit as end:
                    code = end.code
        assert isinstance(code, int)
        return subprocess.CompletedProcess(given, code, printed.getvalue(), said.getvalue())

    return call


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that stands for OpenAI's."""
    with Server() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


def tell_apart(crate: Path) -> None:
    """Give `crate` a version of its own: in a build directory cargo knows it by its name and version."""
    manifest = crate / "Cargo.toml"
    text = manifest.read_text()
    manifest.write_text(text.replace('"0.1.0"', f'"0.1.0+{place_key(crate)}"', 1))


def cargo_environment(work_dir: Path, crate: Path) -> dict[str, str]:
    """Lets cargo share with other crates what it builds, and keep with `crate` what that makes."""
    tell_apart(crate)
    return {
        **os.environ,
        "CARGO_BUILD_BUILD_DIR": str(work_dir / "cargo-build"),
        "CARGO_TARGET_DIR": str(crate / "target"),
    }


def report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON a command printed; fails with its messages when it printed none."""
    try:
        parsed: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        pytest.fail(f"exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return parsed
