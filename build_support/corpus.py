"""Reads a folder of real programs and says, in one table, what would become of them.

    python -m build_support.corpus DIR [--manifest FILE] [--jobs N] [--json] [--list] [--twice] [--compile]

Every program is analysed and its crate generated in memory; nothing of it is run or written. With
`--twice` that is done by two processes, with hashes of their own, and what they made is compared, as
is the Python target of the Python target; results of before are not used then. With `--compile` the crates are written to target/corpus/crates, and
`cargo check` goes over all of them, with everything that stays Python and without. Results
are kept in target/corpus by program and by the state of the converter, so that an interrupted run goes
on where it was. `--manifest` is a JSON file with `programs`: objects of `variant` (a folder of DIR, the
program's root) and `path`; without it every file in DIR that builds a graph is a program.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from build_support import corpus_crates
from build_support.corpus_tools import runs_tools_in_python

if TYPE_CHECKING:
    from langferry.model import Program

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "target" / "corpus"
CRATES = RESULTS / "crates"
SOURCES = ("converter", "codegen", "model", "diagnostics")
SECONDS = 120
"""Of CPU, what one program may take."""

_BUILDS = re.compile(
    r"\b(StateGraph|MessageGraph|create_react_agent|create_agent|create_deep_agent|entrypoint)\b"
)

_LANGGRAPH = re.compile(r"\blanggraph\b")

Job = tuple[Path, Path, Path | None, Path, Path | None]
"""The folder of all programs, the program, its root where that is known, where its result goes, and where
its crate goes if it is wanted."""


def main() -> int:
    """Analyse what has not been analysed yet, then print the table."""
    options = _options()
    folder = RESULTS / _state()
    folder.mkdir(parents=True, exist_ok=True)
    jobs: list[Job] = []
    for path, root in programs(options.corpus, options.manifest):
        name = _id(options.corpus, path)
        crate = CRATES / f"program_{name}" if options.compile else None
        jobs.append((options.corpus, path, root, folder / f"{name}.json", crate))
    if options.compile:
        shutil.rmtree(CRATES, ignore_errors=True)
    left = [job for job in jobs if options.twice or options.compile or not job[3].is_file()]
    started = time.monotonic()
    _examine_all(left, options.jobs)
    results = [json.loads(job[3].read_text()) for job in jobs]
    if options.twice:
        _examine_all(left, options.jobs)
        before, results = results, [json.loads(job[3].read_text()) for job in jobs]
        for first, second in zip(before, results, strict=True):
            if first["made"] != second["made"]:
                second |= {"outcome": "differs", "why": "the second time gave something else"}
    summary = _summary(results)
    summary["seconds"] = round(time.monotonic() - started, 1) if left else None
    if options.compile:
        summary["compile"] = _compiled(jobs, results)
    if options.json:
        print(json.dumps({"summary": summary, "programs": results}, indent=1))
    else:
        _print(summary)
        if options.list:
            for item in results:
                if item["outcome"] != "converts":
                    print(f"{item['outcome']:9} {item['program']}: {item['why']}")
                if error := item.get("compile error"):
                    print(f"does not compile {item['program']}:\n{error}")
    uncompiled = any(item.get("compile error") for item in results)
    return 1 if uncompiled or {"crash", "differs"} & summary["outcomes"].keys() else 0


def _examine_all(jobs: list[Job], workers: int) -> None:
    # each process that is started anew has hashes of its own
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        for done, _ in enumerate(pool.map(_examine, jobs), 1):
            if sys.stderr.isatty():
                print(f"\r{done} of {len(jobs)}", end="", file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--manifest", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--twice", action="store_true", help="convert everything twice")
    parser.add_argument("--compile", action="store_true", help="compile the crates")
    parser.add_argument("--list", action="store_true", help="name the programs that do not convert")
    return parser.parse_args()


def _state() -> str:
    digest = hashlib.sha256()
    for part in SOURCES:
        for path in sorted((ROOT / part).rglob("*")):
            if path.suffix in {".py", ".jinja", ".pyi"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _id(corpus: Path, path: Path) -> str:
    return hashlib.sha256(path.relative_to(corpus).as_posix().encode()).hexdigest()[:12]


def programs(corpus: Path, manifest: Path | None) -> Iterator[tuple[Path, Path | None]]:
    if manifest is not None:
        for program in json.loads(manifest.read_text())["programs"]:
            root = corpus / program["variant"]
            path = root / program["path"]
            if path.is_file():
                yield path, root
        return
    for path in sorted(corpus.rglob("*")):
        # what an extraction made of a notebook is not a second program
        if path.suffix not in {".py", ".ipynb"} or path.name.endswith(".ipynb.py"):
            continue
        if _BUILDS.search(path.read_text(encoding="utf-8", errors="replace")):
            yield path, None


def _examine(job: Job) -> None:
    corpus, path, root, out, crate = job
    started = time.process_time()
    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        found = _read(path, root, crate)
    except _TooLong:
        why = f"more than {SECONDS} s"
        found = {"outcome": "timeout", "why": why, "functions": [], "made": None}
    except Exception:
        why = " | ".join(traceback.format_exc().strip().splitlines()[-3:])
        found = {"outcome": "crash", "why": why, "functions": [], "made": None}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    found["program"] = path.relative_to(corpus).as_posix()
    found["cpu"] = round(time.process_time() - started, 2)
    out.with_suffix(".part").write_text(json.dumps(found))
    out.with_suffix(".part").replace(out)


class _TooLong(BaseException):
    """Nothing that catches exceptions is to catch it."""


def _too_long(signum: int, frame: object) -> None:
    raise _TooLong


def _read(path: Path, root: Path | None, crate: Path | None) -> dict[str, Any]:
    from langferry import codegen
    from langferry.converter import analyse, read_source
    from langferry.diagnostics import Failure

    found: dict[str, Any] = {"outcome": "refused", "why": "", "functions": [], "made": None}
    try:
        program = analyse(path, root=root, cache_dir=RESULTS / "types")
        found["functions"] = [
            {
                "role": function.roles[0],
                "disposition": function.disposition,
                "reasons": [f"{x.code} {x.message}" for x in function.reasons],
                "tools in Python": runs_tools_in_python(function, program),
            }
            for function in program.functions
            if function.roles[0] != "helper"
        ]
        found["graphs"] = len(program.graphs)
        found["warnings"] = [x.code for x in program.diagnostics if x.severity == "warning"]
        errors = [x for x in program.diagnostics if x.severity == "error"]
        if errors:
            raise Failure(errors[0].code, errors[0].message)
        top = next(
            x
            for x in (root, *path.parents)
            if x and all((x / y.path).is_file() for y in program.files)
        )
        texts = {x.path: read_source(top / x.path).decode() for x in program.files}
        if crate is not None:
            program = msgspec.structs.replace(program, name=crate.name)
        options = codegen.CrateOptions(
            ROOT / "runtime", crate or ROOT / "x", workspace_member=crate is not None
        )
        files = codegen.generate_crate(program, texts, options)
        if crate is not None:
            codegen.write_files(files, crate, force=True)
    except Failure as failure:
        found["why"] = str(failure)
        return found
    found["made"] = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()
    found["python"] = _python_target(program, texts)
    failed = [x for item in found["functions"] for x in item["reasons"] if x.startswith("LF313")]
    if failed:
        found["outcome"], found["why"] = "crash", failed[0]
        return found
    found["outcome"] = "differs" if found["python"] in _DIFFERS else "converts"
    found["why"] = found["python"] if found["outcome"] == "differs" else ""
    return found


_DIFFERS = ("the Python target changes again", "the Python target changes more than imports")


def _python_target(program: "Program", texts: dict[str, str]) -> str:
    """What became of the Python target: "same" but for imports, an error's code, or what it changed."""
    from langferry import codegen
    from langferry.codegen.python.imports import rewritten
    from langferry.diagnostics import Failure

    try:
        made = codegen.generate_python(program, texts)
    except Failure as failure:
        return failure.diagnostic.code
    for path, before in texts.items():
        if rewritten(made[path], path) != made[path]:
            return _DIFFERS[0]
        lines = zip(before.split("\n"), made[path].split("\n"), strict=True)
        if any(x != y and not _LANGGRAPH.search(x) and "Saver" not in x for x, y in lines):
            return _DIFFERS[1]
    return "same"


def _summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    dispositions: dict[str, Counter[str]] = {}
    reasons: Counter[str] = Counter()
    with_tools = 0
    for item in results:
        for function in item["functions"]:
            role = dispositions.setdefault(function["role"], Counter())
            role[function["disposition"]] += 1
            if function["role"] == "node" and function["tools in Python"]:
                with_tools += 1
            if function["reasons"]:
                # where it stopped; those before it only tell of what may change the state
                reasons[_general(function["reasons"][-1])] += 1
    return {
        "programs": len(results),
        "outcomes": Counter(item["outcome"] for item in results),
        "Python target": Counter(item.get("python") for item in results if item.get("python")),
        "run as one node": sum(
            item["outcome"] == "converts" and "LF224" in item["warnings"] for item in results
        ),
        "functions": dispositions,
        "native nodes with tools in Python": with_tools,
        "why not converted": Counter(
            _general(item["why"]) for item in results if item["outcome"] != "converts"
        ).most_common(),
        "why not native": reasons.most_common(),
        "cpu seconds": round(sum(item["cpu"] for item in results), 1),
    }


def _compiled(jobs: list[Job], results: list[dict[str, Any]]) -> dict[str, int]:
    """How many of the crates compile, and how many even without Python; why one does not stands in its result.

    A crate without Python is refused by itself if a function of it needs that.
    """
    places = {job[4].name: item for job, item in zip(jobs, results, strict=True) if job[4]}
    with_bridge = corpus_crates.check(CRATES, RESULTS / "cargo")
    without = corpus_crates.check(CRATES, RESULTS / "cargo", features=False)
    for crate, error in with_bridge.items():
        places[crate]["compile error"] = error
    return {
        "crates": len(with_bridge),
        "compile": sum(error is None for error in with_bridge.values()),
        "compile without Python": sum(error is None for error in without.values()),
    }


def _general(reason: str) -> str:
    """A reason without the names of one program, but with those of libraries."""
    if match := re.match(r"(LF\d+:? `[\w.]+` is not native)", reason):
        return match[1]
    return re.sub(r"\(\S+:\d+:\d+\)|'[^']*'|`[^`]*`", "…", reason)[:90]


def _print(summary: dict[str, Any]) -> None:
    outcomes = ", ".join(f"{count} {name}" for name, count in summary["outcomes"].most_common())
    print(f"{summary['programs']} programs: {outcomes}; {summary['cpu seconds']} s of CPU")
    python = ", ".join(f"{count} {name}" for name, count in summary["Python target"].most_common())
    print(f"Python target: {python}; {summary['run as one node']} programs run a graph as one node")
    if "compile" in summary:
        print("compile: " + ", ".join(f"{n} {name}" for name, n in summary["compile"].items()))
    for role, counts in sorted(summary["functions"].items()):
        total = sum(counts.values())
        shares = ", ".join(f"{n} {kind} ({n / total:.1%})" for kind, n in counts.most_common())
        print(f"{total} {role}s: {shares}")
    print(f"{summary['native nodes with tools in Python']} native nodes run tools that stay Python")
    for title in ("why not converted", "why not native"):
        print(f"\n{title}\n\n| | |\n|---|---|")
        for reason, count in summary[title][:40]:
            print(f"| {count} | {reason.replace('|', chr(92) + '|')} |")


if __name__ == "__main__":
    sys.exit(main())
