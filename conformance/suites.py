"""Which suites are run, where they come from, and what of them cannot be counted."""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Level = Literal["memory", "disk", "service"]


class SuiteError(Exception):
    """Raised when a suite cannot be brought here as it was released."""


@dataclass(frozen=True)
class Suite:
    """A released sdist that carries tests."""

    name: str
    distribution: str
    version: str
    sha256: str
    plugins: tuple[str, ...]

    @property
    def archive(self) -> str:
        return f"{self.distribution.replace('-', '_')}-{self.version}.tar.gz"


SUITES: Final = {
    suite.name: suite
    for suite in (
        Suite(
            "core",
            "langgraph",
            "1.2.22",
            "32700dc34b5cf9ebb397258c2e56392f017d4dbc51c9591339225c3c1b7b5126",
            ("anyio.pytest_plugin", "syrupy"),
        ),
        Suite(
            "prebuilt",
            "langgraph-prebuilt",
            "1.1.2",
            "8ad6353b16ea76b04b1e35fdc9ed4ead469346f80730ca346e08f26549e7b56a",
            ("anyio.pytest_plugin", "pytest_asyncio.plugin", "syrupy"),
        ),
    )
}

NOT_COUNTED: Final = {
    "core::tests/test_delta_channel_benchmark.py::test_delta_channel_benchmark": "skips itself",
    "core::tests/test_remote_graph.py::test_langgraph_cloud_integration": "skips itself",
    "core::tests/test_tracing_interops.py::test_nested_tracing": "skips itself",
    "core::tests/test_type_checking.py::test_invoke_with_all_valid_types": "skips itself",
    "core::tests/test_pregel_async.py::test_imp_nested": "unsteady on LangGraph: depends on timing",
    "core::tests/test_remote_graph.py::test_remote_graph_basic_invoke": "needs a LangGraph server",
    "core::tests/test_remote_graph.py::test_remote_graph_stream_messages_tuple": "needs a server",
}
"""Tests without a steady answer on LangGraph itself, and why."""

_SERVICE_FILES: Final = ("tests/test_prune_postgres.py",)


def level(node_id: str) -> Level:
    """What a test needs beside Python, told by its parameters."""
    file, _, rest = node_id.partition("::")
    parameters = rest.partition("[")[2]
    if file in _SERVICE_FILES or re.search("postgres|redis", parameters):
        return "service"
    return "disk" if re.search("sqlite|memory_migrate_sends", parameters) else "memory"


def counted(suite: str, node_id: str) -> bool:
    """Whether LangGraph itself gives this test a steady answer on this machine."""
    test = f"{suite}::{node_id.partition('[')[0]}"
    return test not in NOT_COUNTED and level(node_id) != "service"


def fetch(suite: Suite, cache: Path) -> Path:
    """Bring a suite's sdist here, once; the folder it was unpacked to.

    Raises:
        SuiteError: if pip cannot bring it, or its hash is not the pinned one.
    """
    downloads = cache / "sdists"
    archive = downloads / suite.archive
    if not archive.exists():
        print(f"fetching {suite.distribution} {suite.version} (sdist)", file=sys.stderr)
        downloads.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--no-binary", suite.distribution]
        command += ["--dest", str(downloads), f"{suite.distribution}=={suite.version}"]
        if subprocess.run(command).returncode != 0 or not archive.exists():
            raise SuiteError(f"pip could not bring the sdist of {suite.distribution}")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != suite.sha256:
        raise SuiteError(f"{archive} has sha256 {digest}, pinned is {suite.sha256}")
    unpacked = cache / "src" / suite.archive.removesuffix(".tar.gz")
    if not unpacked.exists():
        with tarfile.open(archive) as tar:
            tar.extractall(unpacked.parent, filter="data")
    return unpacked


def workspace(suite: Suite, cache: Path) -> Path:
    """A folder with the suite's tests and nothing importable as `langgraph`."""
    unpacked = fetch(suite, cache)
    target = cache / "workspaces" / suite.archive.removesuffix(".tar.gz")
    shutil.rmtree(target, ignore_errors=True)
    for folder in ("tests", "bench"):
        if (unpacked / folder).exists():
            shutil.copytree(unpacked / folder, target / folder, dirs_exist_ok=True)
    shutil.copy(unpacked / "pyproject.toml", target / "pyproject.toml")
    return target


def core_fingerprints(cache: Path) -> frozenset[str]:
    """The sha256 of every source file of the real core, to recognise it wherever it may lie."""
    package = fetch(SUITES["core"], cache) / "langgraph"
    files = (path for path in package.rglob("*.py") if path.stat().st_size > 200)
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
