"""The pytest plugin that runs inside the suites' environment, in every worker.

It puts the library under test in place before any conftest, picks the tests, notes with each result
how many supersteps our engine ran and whether code of the real core was loaded, and appends the
result to a file as soon as it is known, so that a run that was ended can be taken up again.
"""

import faulthandler
import hashlib
import importlib
import importlib.metadata
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance import placeholders, suites

SETTINGS: dict[str, Any] = json.loads(
    Path(os.environ["LANGFERRY_CONFORMANCE"]).read_text(encoding="utf-8")
)
SUITE: str = SETTINGS["suite"]
NEEDS: dict[str, list[str]] = SETTINGS["needs"]
DONE = frozenset(SETTINGS["done"])
ON_LANGFERRY: bool = SETTINGS["on_langferry"]
_STALLED_AFTER = SETTINGS["timeout"] + 15
_ENGINE: Any = None

if ON_LANGFERRY:
    if any(d.metadata["Name"] == "langgraph" for d in importlib.metadata.distributions()):
        sys.exit("the real core of LangGraph is installed where its replacement is to be measured")
    importlib.import_module("langferry.compat").install()
    _ENGINE = importlib.import_module("langferry._engine")

MISSING = placeholders.stand_in(SETTINGS["imported"])


class _RealCore:
    """Recognises source files of the real core by their content, under whatever name."""

    def __init__(self, fingerprints: list[str]) -> None:
        self._fingerprints = frozenset(fingerprints)
        self._seen: set[str] = set()

    def newly_loaded(self) -> list[str]:
        found = []
        for name in [n for n in sys.modules if n not in self._seen]:
            self._seen.add(name)
            path = Path(getattr(sys.modules.get(name), "__file__", None) or "")
            if path.suffix == ".py" and path.is_file():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                if digest in self._fingerprints:
                    found.append(f"{name} ({path})")
        return found


_REAL_CORE = _RealCore(SETTINGS["core_fingerprints"])


def _test_of(node_id: str) -> str:
    return node_id.partition("[")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    allowed = SETTINGS["levels"]
    kinds = SETTINGS["kinds"]
    keep = [
        item
        for item in items
        if item.nodeid not in DONE
        and suites.counted(SUITE, item.nodeid)
        and suites.level(item.nodeid) in allowed
        and kinds.get(_test_of(item.nodeid), "public") in SETTINGS["select"]
    ]
    chosen = {id(item) for item in keep}
    config.hook.pytest_deselected(items=[item for item in items if id(item) not in chosen])
    items[:] = keep


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """End a worker that hangs in native code, where pytest-timeout's signal is not seen."""
    before = _ENGINE.supersteps() if _ENGINE else 0
    item.stash[_SUPERSTEPS] = before
    faulthandler.dump_traceback_later(_STALLED_AFTER, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


_SUPERSTEPS = pytest.StashKey[int]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    gone = sorted(MISSING.intersection(NEEDS.get(_test_of(item.nodeid), ())))
    if gone:
        pytest.fail(f"missing: {', '.join(gone)}", pytrace=False)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    if not ON_LANGFERRY:
        return
    item.user_properties.append(("supersteps", _ENGINE.supersteps() - item.stash[_SUPERSTEPS]))
    item.user_properties.append(("real_core", _REAL_CORE.newly_loaded()))


class _Results:
    """Joins a test's phases into one row and appends it to the results file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: dict[str, dict[str, Any]] = {}

    def add(self, report: pytest.TestReport) -> None:
        row = self._open.setdefault(
            report.nodeid, {"id": report.nodeid, "status": "passed", "seconds": 0.0, "why": ""}
        )
        row["seconds"] = round(row["seconds"] + report.duration, 3)
        if report.failed:
            row["status"] = "failed"
            row["why"] = row["why"] or _reason(report)
        elif report.skipped and row["status"] == "passed":
            row["status"], row["why"] = "skipped", _reason(report)
        crashed = report.when not in ("setup", "call", "teardown")
        if report.when == "teardown" or crashed:
            row |= dict(report.user_properties)
            del self._open[report.nodeid]
            self.append(row)

    def append(self, row: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


_RESULTS = _Results(Path(SETTINGS["results"]))
_IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if not _IN_WORKER:
        _RESULTS.add(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed and not _IN_WORKER:
        _RESULTS.append({"id": report.nodeid, "status": "uncollected", "why": _reason(report)})


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """One line that stays the same from run to run."""
    if isinstance(report.longrepr, tuple):
        text = report.longrepr[2]
    else:
        crash = getattr(report.longrepr, "reprcrash", None)
        text = crash.message if crash else _last_error(str(report.longrepr))
    text = " ".join(text.split())
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]{6,}|[0-9a-f]{32}", "…", text)
    return text[:160]


def _last_error(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line[1:] for line in lines if line.startswith("E ")]
    return (errors or lines or [""])[-1]
