"""Small programs, one a construct: all native, and equal to LangGraph in every case."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import yaml

from langferry.codegen import CrateOptions, generate_crate, runtime_root, write_files
from langferry.converter import analyse
from langferry.validator import (
    build_crate,
    first_divergence,
    read_cases,
    record_crate,
    record_python,
)
from langferry.validator.crate import build_workspace
from tests.types_cache import TYPES_CACHE

PROGRAMS = sorted((Path(__file__).parent / "constructs").glob("*.py"))
SHOWN = [path for path in PROGRAMS if path.stem in {"dataclass_state", "output"}]
"""Programs of which the output is compared, too, and what they print."""
_INVOKE = """
import importlib, json, sys
app = importlib.import_module(sys.argv[1]).app
for given in json.loads(sys.argv[2]):
    print(json.dumps(app.invoke(given), separators=(",", ":")))
"""

_STREAM = """
import asyncio, importlib, json, sys
app = importlib.import_module(sys.argv[1]).app


async def main():
    async for chunk in app.astream(json.loads(sys.argv[2]), stream_mode=["custom", "updates"]):
        print(json.dumps(chunk, separators=(",", ":")))


asyncio.run(main())
"""


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_every_function_is_native(program: Path) -> None:
    functions = analyse(program, cache_dir=TYPES_CACHE).functions
    why = {x.name: [str(reason) for reason in x.reasons] for x in functions if x.reasons}
    assert not why
    assert functions


@pytest.fixture(scope="module")
def binaries(work_dir: Path) -> dict[str, Path]:
    """What the programs' crates, members of one workspace, are built to; by the programs' names."""
    workspace = work_dir / "constructs"
    for program in PROGRAMS:
        directory = workspace / program.stem
        options = CrateOptions(runtime_root(), directory, workspace_member=True)
        model = analyse(program, cache_dir=TYPES_CACHE)
        files = generate_crate(model, {program.name: program.read_text()}, options)
        write_files(files, directory, force=True)
    members = json.dumps([program.stem for program in PROGRAMS])
    (workspace / "Cargo.toml").write_text(f'[workspace]\nresolver = "3"\nmembers = {members}\n')
    shared = work_dir / "cargo-build"
    built = build_workspace(workspace, build_dir=shared)
    names = {program.stem: program.stem.replace("_", "-") for program in PROGRAMS}
    # of one that does not compile the compiler's words are shown
    return {
        name: built.get(binary) or build_crate(workspace / name, build_dir=shared)
        for name, binary in names.items()
    }


@pytest.mark.crate
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_crate_does_the_same(binaries: dict[str, Path], tmp_path: Path, program: Path) -> None:
    cases = read_cases(program.with_suffix(".cases.yaml"))
    golden = record_python("langgraph", program, cases, tmp_path / "langgraph")
    cases = msgspec.structs.replace(cases, run_async=golden.run_async)
    place = {"LANGFERRY_PROGRAM": str(program.parent)}
    recording = record_crate(
        binaries[program.stem], cases, tmp_path / "crate", str(program), environment=place
    )
    for case, expected, actual in zip(cases.cases, golden.traces, recording.traces, strict=True):
        assert first_divergence(expected, actual) is None, case.name


@pytest.mark.crate
@pytest.mark.parametrize("program", SHOWN, ids=lambda path: path.stem)
def test_crate_ends_and_prints_the_same(binaries: dict[str, Path], program: Path) -> None:
    cases = yaml.safe_load(program.with_suffix(".cases.yaml").read_text())["cases"]
    inputs = [case["runs"][0]["input"] for case in cases]
    expected = subprocess.run(
        [sys.executable, "-c", _INVOKE, program.stem, json.dumps(inputs)],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    done = [
        subprocess.run(
            [binaries[program.stem], "run", "--input", json.dumps(given)],
            capture_output=True,
            text=True,
            check=True,
        )
        for given in inputs
    ]
    assert "".join(run.stdout for run in done) == expected.stdout
    assert "".join(run.stderr for run in done) == expected.stderr


@pytest.mark.crate
def test_crate_shows_what_nodes_write(binaries: dict[str, Path]) -> None:
    program = next(path for path in PROGRAMS if path.stem == "writers")
    given = json.dumps({"names": ["a"]})
    expected = subprocess.run(
        [sys.executable, "-c", _STREAM, program.stem, given],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    modes = ("--mode", "custom", "--mode", "updates")
    done = subprocess.run(
        [binaries[program.stem], "stream", *modes, "--input", given],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == expected.stdout
    assert '["custom","over"]' in done.stdout
