"""The examples' generated programs, as they are: what changes in them is seen in review."""

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from langferry.codegen import (
    CrateOptions,
    Files,
    generate_crate,
    generate_python,
    runtime_root,
)
from langferry.codegen.files import LOCK
from langferry.converter import analyse
from langferry.model import Program, decode, encode
from tests.types_cache import TYPES_CACHE

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("approval", "map_reduce", "ticket_triage")
OPTIONS = CrateOptions(runtime=runtime_root(), directory=ROOT / "target" / "crate")


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> tuple[Program, dict[str, str]]:
    """An example's model and sources."""
    path = ROOT / "examples" / request.param / f"{request.param}.py"
    return analyse(path, cache_dir=TYPES_CACHE), {path.name: path.read_bytes().decode()}


def _crate(program: Program, sources: dict[str, str]) -> Files:
    files = generate_crate(program, sources, OPTIONS)
    # the hash of the input changes with the converter's version, and the lock with every file
    del files[LOCK]
    return {path: text.replace(program.input_hash, "<input>") for path, text in files.items()}


def test_crate(example: tuple[Program, dict[str, str]], snapshot: SnapshotAssertion) -> None:
    files = _crate(*example)
    assert "".join(f"=== {path}\n{text}\n" for path, text in files.items()) == snapshot


def test_python(example: tuple[Program, dict[str, str]], snapshot: SnapshotAssertion) -> None:
    files = generate_python(*example)
    (path,) = set(files) - {LOCK}
    lines = zip(example[1][path].split("\n"), files[path].split("\n"), strict=True)
    assert [after for before, after in lines if before != after] == snapshot


def test_the_same_program_gives_the_same_bytes(example: tuple[Program, dict[str, str]]) -> None:
    program, sources = example
    again = analyse(ROOT / "examples" / program.name / f"{program.name}.py", cache_dir=TYPES_CACHE)
    assert encode(again) == encode(program)
    assert generate_crate(again, sources, OPTIONS) == generate_crate(program, sources, OPTIONS)
    assert generate_python(again, sources) == generate_python(program, sources)


def test_the_python_target_converted_again_is_the_same(
    example: tuple[Program, dict[str, str]], tmp_path: Path
) -> None:
    first = generate_python(*example)
    (name,) = set(first) - {LOCK}
    (tmp_path / name).write_text(first[name])
    again = analyse(tmp_path / name, cache_dir=TYPES_CACHE)
    assert not [item for item in again.diagnostics if item.severity == "error"]
    assert generate_python(again, {name: first[name]})[name] == first[name]


def test_the_model_as_json_gives_the_same_crate(example: tuple[Program, dict[str, str]]) -> None:
    program, sources = example
    assert _crate(decode(encode(program)), sources) == _crate(program, sources)


def test_every_function_is_in_the_source_map(example: tuple[Program, dict[str, str]]) -> None:
    program, sources = example
    text = generate_crate(program, sources, OPTIONS)["source_map.jsonl"]
    rows = [json.loads(line) for line in text.splitlines()]
    mapped = {(row["kind"], row["name"]) for row in rows}
    nodes = {("node", node.name) for graph in program.graphs for node in graph.nodes}
    routers = {("router", branch.router) for graph in program.graphs for branch in graph.branches}
    assert nodes | routers <= mapped
    lines = {path: text.split("\n") for path, text in sources.items()}
    for row in rows:
        assert 1 <= row["python"]["line"] <= len(lines[row["python"]["file"]])
        if row["kind"] == "write":
            line = lines[row["python"]["file"]][row["python"]["line"] - 1]
            assert f'"{row["channel"]}"' in line
