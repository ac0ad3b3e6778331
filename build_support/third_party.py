"""Runs third-party packages, and the suites in their sdists, on LangGraph and on the shim.

Makes two virtual environments under target/third-party: one with LangGraph, one with all the same
packages but LangGraph's core. Writes docs/third-party.md; ends with 1 if an agent answers differently.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "third-party"
PAGE = ROOT / "docs" / "third-party.md"
HERE = ROOT / "tests" / "third_party"

LANGGRAPH = "langgraph==1.2.22"
PACKAGES = {
    "langchain": ("1.5.2", "tests/unit_tests"),
    "langgraph-supervisor": ("0.0.31", "tests"),
    "langgraph-swarm": ("0.1.0", "tests"),
    "deepagents": ("0.7.32", None),
}
"""Version, and where the sdist has its tests."""
FOR_THEIR_SUITES = (
    *("pytest", "pytest-asyncio", "pytest-benchmark", "pytest-mock", "pytest-socket"),
    *("pytest-xdist", "syrupy", "toml", "blockbuster", "langchain-tests", "langchain-openai"),
    "fastmcp",
)


def main() -> int:
    """Run everything; returns the exit code."""
    pythons = {"langgraph": _environment("langgraph"), "shim": _environment("shim")}
    answers = {engine: _agents(engine, python) for engine, python in pythons.items()}
    for name, told in answers["langgraph"].items():
        print(f"{name}: {'the same' if answers['shim'].get(name) == told else 'DIFFERENT'}")
    rows = []
    for package, (version, tests) in PACKAGES.items():
        same = (
            "the same"
            if answers["shim"].get(package) == answers["langgraph"][package]
            else "**not**"
        )
        figures = ["no tests in the sdist", ""]
        if tests is not None:
            suite = _suite(package, version)
            ran = {engine: _run(suite, tests, engine, pythons[engine]) for engine in pythons}
            expected = {test for test, passed in ran["langgraph"].items() if passed}
            passed = sum(ran["shim"].get(test, False) for test in expected)
            figures = [
                f"{len(expected)} of {len(ran['langgraph'])}",
                f"{passed} of {len(expected)}",
            ]
        rows.append(f"| {package} {version} | {same} | {' | '.join(figures)} |")
        print(rows[-1], flush=True)
    PAGE.write_text(_page(rows), encoding="utf-8")
    return int(answers["shim"] != answers["langgraph"])


def _environment(engine: str) -> Path:
    """The Python of an environment, made if it is not there."""
    place = WORK / engine
    python = place / "bin" / "python"
    if (place / "ready").exists():
        return python
    uv = [shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")]
    pins = [f"{name}=={version}" for name, (version, _) in PACKAGES.items()]
    _do(*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(place))
    install = [*uv, "pip", "install", "--quiet", "--python", str(python)]
    if engine == "langgraph":
        _do(*install, LANGGRAPH, *pins, *FOR_THEIR_SUITES)
    else:
        real = _environment("langgraph")
        frozen = _do(*uv, "pip", "freeze", "--python", str(real)).splitlines()
        without_core = [pin for pin in frozen if not pin.startswith("langgraph==")]
        _do(*install, "--no-deps", *without_core)
    (place / "ready").touch()
    return python


def _agents(engine: str, python: Path) -> dict[str, object]:
    """What an agent of each package answers."""
    told = _do(str(python), str(HERE / "agents.py"), engine, env=_with_shim(engine))
    answers: dict[str, object] = json.loads(told.splitlines()[-1])
    return answers


def _suite(package: str, version: str) -> Path:
    """The unpacked sdist's tests, away from its package."""
    name = f"{package.replace('-', '_')}-{version}"
    place = WORK / "suites" / name
    if not place.exists():
        sdists = WORK / "sdists"
        pip = [str(_environment("langgraph")), "-m", "pip"]
        if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode:
            pip = [sys.executable, "-m", "pip"]
        only = ["--no-deps", "--no-binary", package]
        _do(*pip, "download", "--quiet", *only, "--dest", str(sdists), f"{package}=={version}")
        with tarfile.open(sdists / f"{name}.tar.gz") as archive:
            archive.extractall(WORK / "unpacked", filter="data")
        place.mkdir(parents=True)
        for part in ("tests", "pyproject.toml"):
            shutil.move(WORK / "unpacked" / name / part, place / part)
    return place


def _run(suite: Path, tests: str, engine: str, python: Path) -> dict[str, bool]:
    """Which tests passed; skipped ones are left out."""
    report = WORK / f"{suite.name}-{engine}.xml"
    plugin = ["-p", "activate"] if engine == "shim" else []
    command = [str(python), "-m", "pytest", *plugin, "-q", "-n", "2", "-o", "addopts=", tests]
    options = ["--disable-socket", "--allow-unix-socket", f"--junitxml={report}"]
    subprocess.run(
        [*command, *options], cwd=suite, env=_with_shim(engine), capture_output=True, check=False
    )
    passed: dict[str, bool] = {}
    seen: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        outcomes = {child.tag for child in case}
        if "skipped" in outcomes:
            continue
        test = f"{case.get('classname')}::{case.get('name')}"
        seen[test] += 1
        passed[f"{test} {seen[test]}"] = not outcomes & {"failure", "error"}
    return passed


def _with_shim(engine: str) -> dict[str, str]:
    paths = [str(ROOT / ".pkg"), str(HERE)] if engine == "shim" else []
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _do(*command: str, env: dict[str, str] | None = None) -> str:
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{' '.join(command[:4])} … failed:\n{ran.stdout[-2000:]}\n{ran.stderr[-4000:]}")
    return ran.stdout


def _page(rows: list[str]) -> str:
    return "\n".join(
        (
            "# Third-party packages on the shim",
            "",
            f"Made by `make third-party`, with {LANGGRAPH} as the baseline; the shim's environment has no",
            "module of it. *Agent*: whether an agent with a fake model (`tests/third_party/agents.py`) has the",
            "same conversation on both. *Suite*: the tests in the package's sdist, without network: what",
            "passes on LangGraph, and what of that passes on the shim.",
            "",
            "| package | agent | suite on LangGraph | of these on the shim |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
