"""Which files a crate has, what they are called, and which programs cannot be one."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from langferry.codegen import CrateOptions, generate_crate, runtime_root
from langferry.codegen.files import LOCK, Files, sha256
from langferry.diagnostics import Diagnostic, Failure
from langferry.model import Program
from langferry.model import types as t
from langferry.model.program import Reducer
from tests.codegen import programs as p

STATE = p.record("State", p.field("text"))
OPTIONS = CrateOptions(runtime=runtime_root(), directory=runtime_root().parent / "target" / "crate")


def _generate(program: Program, options: CrateOptions = OPTIONS) -> Files:
    return generate_crate(program, {p.PATH: p.SOURCE}, options)


def _failure(program: Program, **options: Any) -> Failure:
    with pytest.raises(Failure) as raised:
        _generate(program, CrateOptions(**options) if options else OPTIONS)
    return raised.value


def test_the_files_of_a_small_crate() -> None:
    files = _generate(p.greeting())
    assert sorted(files) == [
        *("Cargo.toml", "README.md", LOCK, "source_map.jsonl", "src/graph.rs", "src/lib.rs"),
        *("src/main.rs", "src/nodes.rs", "src/nodes/greet.rs", "src/state.rs"),
    ]
    assert 'path = "../../runtime/crates/langferry"' in files["Cargo.toml"]
    assert str(runtime_root()) not in "".join(files.values())
    lock = json.loads(files[LOCK])
    assert lock["input"] == p.greeting().input_hash
    assert lock["files"] == {path: sha256(text) for path, text in files.items() if path != LOCK}


def test_generating_twice_gives_the_same_bytes() -> None:
    assert _generate(p.greeting()) == _generate(p.greeting())


def test_the_runtime_is_copied_into_a_crate_that_builds_anywhere() -> None:
    files = _generate(p.greeting(), CrateOptions())
    assert 'path = "vendor/langferry/crates/langferry"' in files["Cargo.toml"]
    assert 'exclude = ["vendor"]' in files["Cargo.toml"]
    copied = {path.split("/")[3] for path in files if path.startswith("vendor/langferry/crates/")}
    assert copied == {"checkpoint", "core", "langferry", "macros", "names", "pystd", "trace"}
    assert not [path for path in files if "/tests/" in path or "/target/" in path]


def test_a_member_of_a_workspace_has_none_of_its_own() -> None:
    options = CrateOptions(runtime=runtime_root(), workspace_member=True)
    assert "[workspace]" not in _generate(p.greeting(), options)["Cargo.toml"]


def test_crates_of_one_name_may_share_a_build_directory() -> None:
    options = CrateOptions(runtime=runtime_root(), build="a1")
    assert 'version = "0.1.0+a1"' in _generate(p.greeting(), options)["Cargo.toml"]
    assert 'version = "0.1.0"' in _generate(p.greeting())["Cargo.toml"]


def test_a_runtime_that_is_not_there(tmp_path: Path) -> None:
    assert _failure(p.greeting(), runtime=tmp_path).diagnostic.code == "LF607"


def test_sources_of_another_version_of_the_program() -> None:
    with pytest.raises(Failure) as raised:
        generate_crate(p.greeting(), {p.PATH: p.SOURCE + "# later"}, OPTIONS)
    assert raised.value.diagnostic.code == "LF613"


def test_a_program_with_an_error_is_not_generated() -> None:
    error = Diagnostic("LF202", "error", "an edge ends at the unknown node 'x'")
    program = msgspec.structs.replace(p.greeting(), diagnostics=(error,))
    assert _failure(program).diagnostic.code == "LF202"


def test_refused_functions_are_listed() -> None:
    program = p.program([STATE], [p.refused("one"), p.refused("two")], p.chain(p.node("n", "one")))
    found = _failure(program).diagnostic
    assert found.code == "LF603"
    assert "`one`" in found.message
    assert "`two`" in found.message


BRIDGED = p.bridged("f", "def f(state): ...\n")


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (
            p.program(
                [STATE],
                [BRIDGED],
                p.chain(p.node("n", "f")),
                p.chain(p.node("m", "f"), id="sub", interrupt_before=("m",)),
            ),
            "LF605",
        ),
        (
            p.program(
                [STATE, p.record("Other", p.field("text"))],
                [BRIDGED],
                p.chain(p.node("a", "f"), p.node("b", "f", "Other")),
            ),
            "LF605",
        ),
        (
            p.program(
                [p.record("State", p.field("x", t.VarTupleType(p.STR)))],
                [BRIDGED],
                p.chain(p.node("n", "f")),
            ),
            "LF606",
        ),
        (
            p.program(
                [p.record("State", p.field("x", t.ClassType("io.Socket")))],
                [BRIDGED],
                p.chain(p.node("n", "f")),
            ),
            "LF606",
        ),
        (
            p.program(
                [
                    p.record(
                        "State",
                        p.field("x", t.ClassType("datetime.date"), Reducer("operator.add")),
                    )
                ],
                [BRIDGED],
                p.chain(p.node("n", "f")),
            ),
            "LF606",
        ),
        (
            p.program(
                [p.record("State", p.field("x", t.AnyType(), Reducer("operator.add")))],
                [BRIDGED],
                p.chain(p.node("n", "f")),
            ),
            "LF606",
        ),
        (
            p.program(
                [STATE],
                [BRIDGED, p.bridged("r", "def r(state): ...\n", "router")],
                p.graph([p.node("n", "f")], [], [p.branch("n", "r", {1.5: "n"})]),
            ),
            "LF605",
        ),
    ],
    ids=[
        *("subgraph-breakpoints", "two-inputs"),
        *("open-tuple", "unknown-class", "no-empty-value", "any-empty-value", "odd-key"),
    ],
)
def test_what_a_crate_cannot_express_has_a_code(program: Program, code: str) -> None:
    found = _failure(program).diagnostic
    assert found.code == code
    assert found.span is not None


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("langferry", "langferry-2"),
        ("std", "std-2"),
        ("My Program!", "my-program"),
        ("type", "type-program"),
        ("../../etc", "etc"),
    ],
)
def test_package_names(name: str, package: str) -> None:
    program = p.program([STATE], [BRIDGED], p.chain(p.node("n", "f")), name=name)
    assert f'name = "{package}"' in _generate(program)["Cargo.toml"]
