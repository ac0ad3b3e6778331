"""Runs LangGraph's own test suite on langferry's engine.

Exit codes: 0 no test was lost; 1 a test that the record says passes does not pass; 2 the suites
could not be run; 3 code of the real core was loaded, or our engine did not run.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from conformance import environment, record
from conformance.run import ROOT, Choice, Outcome, run_suite
from conformance.score import EXPECTED, Score, expectations, score
from conformance.suites import SUITES, Level, SuiteError


def main() -> int:
    """The exit code; see above."""
    options = _options()
    levels: tuple[Level, ...] = ("memory",) if options.fast else ("memory", "disk")
    files = tuple(Path(name).name for name in options.files)
    choice = Choice(levels=levels, files=files, on_langferry=not options.baseline)
    try:
        outcomes = _run(options, choice)
    except (SuiteError, subprocess.CalledProcessError) as error:
        print(f"conformance: {error}", file=sys.stderr)
        return 2
    if not any(outcome.rows for outcome in outcomes.values()):
        print("conformance: no test ran", file=sys.stderr)
        return 2
    if options.baseline:
        if not files and not options.fast:
            text = json.dumps(expectations(outcomes), indent=1)
            EXPECTED.write_text(text + "\n", encoding="utf-8")
        return 0
    result = score(outcomes, choice)
    foreign = sorted({module for outcome in outcomes.values() for module in outcome.real_core})
    if options.record:
        record.save(result)
    return _tell(result, foreign, as_json=options.json)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m conformance", description=__doc__)
    add = parser.add_argument
    add("files", nargs="*", help="only these files of the suites, e.g. test_state.py")
    add("--fast", action="store_true", help="memory savers only")
    add("--fresh", action="store_true", help="run again what an earlier run of this code finished")
    add("--workers", type=int, default=os.cpu_count() or 2, help="processes (default: one a core)")
    add("--json", action="store_true", help="print the result as JSON")
    add("--record", action="store_true", help="make this run the committed record")
    add("--baseline", action="store_true", help="run on the real LangGraph; remake expected.json")
    add("--cache", type=Path, default=ROOT / "target" / "conformance", help="where things are kept")
    options = parser.parse_args()
    if options.record and (options.files or options.fast):
        parser.error("--record needs a run of everything")
    return options


def _run(options: argparse.Namespace, choice: Choice) -> dict[str, Outcome]:
    core = SUITES["core"].version if options.baseline else None
    python = environment.make(options.cache, core=core)
    outcomes = {}
    for suite in SUITES.values():
        started = time.monotonic()

        def progress(count: int, name: str = suite.name, started: float = started) -> None:
            end = "\r" if sys.stderr.isatty() else "\n"
            print(
                f"{name}: {count} tests, {time.monotonic() - started:.0f} s",
                end=end,
                file=sys.stderr,
            )

        outcomes[suite.name] = run_suite(
            suite,
            python,
            options.cache,
            choice,
            workers=options.workers,
            fresh=options.fresh,
            progress=progress,
        )
    return outcomes


def _tell(result: Score, real_core: list[str], *, as_json: bool) -> int:
    ratchet = record.compare(result)
    invalid = bool(real_core) or result.supersteps == 0
    code = 3 if invalid else 1 if ratchet.lost else 0
    totals = {kind: result.total(kind) for kind in ("public", "internals", "remote")}
    if as_json:
        told = {
            "exit": code,
            "totals": totals,
            "files": result.files,
            "features": result.features,
            "failing": result.failing,
            "lost": ratchet.lost,
            "gained": ratchet.gained,
            "real_core": real_core,
            "supersteps": result.supersteps,
        }
        print(json.dumps(told, indent=1))
        return code
    for module in real_core:
        print(f"code of the real core was loaded: {module}")
    for lost in ratchet.lost:
        print(f"LOST {lost}: {result.failing[lost]}")
    if ratchet.gained:
        print(
            f"{len(ratchet.gained)} tests pass that the record says fail: make conformance-record"
        )
    print(
        f"{result.supersteps:,} supersteps on langferry's engine; real core not loaded"
        if not invalid
        else "INVALID"
    )
    for kind, (passed, expected) in totals.items():
        if expected:
            print(f"{kind}: {passed} of {expected} pass ({100 * passed / expected:.1f} %)")
    return code


if __name__ == "__main__":
    sys.exit(main())
