"""Runs one suite in its environment and returns what became of each test."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from conformance import needs
from conformance.suites import Level, Suite, core_fingerprints, workspace

ROOT: Final = Path(__file__).resolve().parent.parent
TIMEOUT: Final = 20.0
"""Seconds a test may take; the slowest takes 6 on LangGraph."""


@dataclass(frozen=True)
class Choice:
    """Which tests to run, and on what."""

    levels: tuple[Level, ...]
    kinds: tuple[needs.Kind, ...] = ("public", "internals", "remote")
    files: tuple[str, ...] = ()
    on_langferry: bool = True


@dataclass
class Outcome:
    """What became of a suite's tests.

    Attributes:
        rows: node id -> status, why, seconds, supersteps.
        uncollected: test file -> why it could not be imported.
        kinds: test without parameters -> its kind.
        names: test without parameters -> the names of LangGraph it needs.
    """

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    uncollected: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)

    @property
    def supersteps(self) -> int:
        return sum(row.get("supersteps", 0) for row in self.rows.values())

    @property
    def real_core(self) -> list[str]:
        return sorted({m for row in self.rows.values() for m in row.get("real_core", ())})


def run_suite(
    suite: Suite,
    python: Path,
    cache: Path,
    choice: Choice,
    *,
    workers: int,
    fresh: bool,
    progress: Callable[[int], None],
) -> Outcome:
    """Run a suite; tests that an earlier run of the same code has finished are not run again.

    Args:
        fresh: forget what earlier runs have finished.
        progress: called now and then with the number of finished tests.
    """
    folder = workspace(suite, cache)
    outcome = Outcome()
    for file, tests in needs.of_suite(folder).items():
        for test, found in tests.items():
            outcome.kinds[f"{file}::{test}"] = found.kind(file)
            outcome.names[f"{file}::{test}"] = found.names
    runs = cache / "runs" / _fingerprint(choice)
    runs.mkdir(parents=True, exist_ok=True)
    results = runs / f"{suite.name}.jsonl"
    if fresh:
        results.unlink(missing_ok=True)
    done = [row["id"] for row in _rows(results) if row["status"] != "uncollected"]
    settings = runs / f"{suite.name}.settings.json"
    settings.write_text(
        json.dumps(
            {
                "suite": suite.name,
                "needs": {test: sorted(names) for test, names in outcome.names.items()},
                "imported": sorted(needs.imported_with_a_file(folder)),
                "kinds": outcome.kinds,
                "select": choice.kinds,
                "levels": choice.levels,
                "done": done,
                "timeout": TIMEOUT,
                "results": str(results),
                "on_langferry": choice.on_langferry,
                "core_fingerprints": sorted(core_fingerprints(cache)),
            }
        ),
        encoding="utf-8",
    )
    _run_pytest(suite, python, folder, settings, choice.files, workers, results, progress)
    for row in _rows(results):
        if row["status"] == "uncollected":
            outcome.uncollected[row["id"]] = row["why"]
        else:
            outcome.rows[row["id"]] = row
    return outcome


def _run_pytest(
    suite: Suite,
    python: Path,
    folder: Path,
    settings: Path,
    files: tuple[str, ...],
    workers: int,
    results: Path,
    progress: Callable[[int], None],
) -> None:
    targets = [f"tests/{name}" for name in files if (folder / "tests" / name).exists()]
    if files and not targets:
        return
    plugins = ["conformance.plugin", "xdist.plugin", "xdist.looponfail", "pytest_timeout"]
    plugins += ["pytest_mock", *suite.plugins]
    command = [str(python), "-m", "pytest", *(targets or ["tests"]), "--rootdir", str(folder)]
    command += ["-c", "pyproject.toml", "-o", "addopts=", "-p", "no:cacheprovider", "-q"]
    command += ["--tb=short" if files else "--tb=native", "--disable-warnings"]
    command += ["--continue-on-collection-errors", "--snapshot-warn-unused"]
    command += ["--timeout", str(TIMEOUT), "--timeout-method=signal"]
    if workers:
        command += ["-n", str(workers), "--dist", "load", "--max-worker-restart", "200"]
    foreign = ("LANGCHAIN_", "LANGSMITH_", "LANGGRAPH_", "PYTEST_", "PYTHON")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(foreign)} | {
        "LANGFERRY_CONFORMANCE": str(settings),
        "LANGGRAPH_TEST_FAST": "false",
        "NO_DOCKER": "false",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_PLUGINS": ",".join(plugins),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / ".pkg"))),
    }
    log = results.with_suffix(".log")
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            while True:
                try:
                    process.wait(timeout=2 if sys.stderr.isatty() else 20)
                    break
                except subprocess.TimeoutExpired:
                    progress(_count_lines(results))
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
    progress(_count_lines(results))
    if not results.exists():
        print(log.read_text(encoding="utf-8")[-2000:], file=sys.stderr)


def _rows(results: Path) -> Iterator[dict[str, Any]]:
    if results.exists():
        for line in results.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue  # the last line of a run that was ended


def _count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _fingerprint(choice: Choice) -> str:
    """A name for this choice on the code as it now is."""
    digest = hashlib.sha256(repr(sorted(asdict(choice).items())).encode())
    if choice.on_langferry:
        for folder in ("compat", "graph", "diagnostics"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                digest.update(path.read_bytes())
        for path in sorted((ROOT / ".pkg" / "langferry").glob("_engine*.so")):
            digest.update(path.read_bytes())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
