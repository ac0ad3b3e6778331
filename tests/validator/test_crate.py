"""A crate is built with its progress told, and what goes wrong carries the compiler's words."""

import os
import subprocess
from pathlib import Path

import pytest

from langferry.diagnostics import Failure
from langferry.validator.cases import Case, CaseFile, Run
from langferry.validator.crate import build_crate, record_crate
from langferry.validator.events import Header, RunEnd, RunStart
from langferry.validator.traces import write_trace

pytestmark = pytest.mark.crate
CASES = CaseFile("cases.yaml", "graph", [Case("one", [Run("input", 1)])])

# Writes the trace that lies beside its manifest, or does what a file there says.
MAIN = r"""
use std::{env, fs, path::Path, process::exit};
fn main() {
    let arguments: Vec<String> = env::args().collect();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(&arguments[1..3], ["trace", "--case"]);
    assert!(fs::read_to_string(&arguments[3]).unwrap().contains("\"runs\":[{\"input\":1}]"));
    if here.join("fail").exists() { eprintln!("no such node"); exit(2); }
    fs::copy(here.join("trace.jsonl"), &arguments[5]).unwrap();
}
"""


def crate(directory: Path, main: str = MAIN, version: str = "0.1.0") -> Path:
    (directory / "src").mkdir(parents=True)
    (directory / "src" / "main.rs").write_text(main)
    (directory / "Cargo.toml").write_text(
        f'[package]\nname = "told"\nversion = "{version}"\nedition = "2024"\n[workspace]\n'
    )
    return directory


def test_crates_of_one_name_are_told_apart_by_their_versions(tmp_path: Path) -> None:
    made = [
        crate(tmp_path / name, f'fn main() {{ print!("{name}") }}', f"0.1.0+{name}")
        for name in ("first", "second")
    ]
    # older than what was built of the other, which cargo would take for built from it
    for path in (*made[0].rglob("*"), *made[1].rglob("*")):
        os.utime(path, (0, 0))
    told = [
        subprocess.run([build_crate(each, build_dir=tmp_path / "build")], capture_output=True)
        for each in (*made, made[0])
    ]
    assert [each.stdout for each in told] == [b"first", b"second", b"first"]


def test_a_crate_is_built_and_recorded(tmp_path: Path) -> None:
    lines: list[str] = []
    made = crate(tmp_path / "crate")
    binary = build_crate(made, lines.append, build_dir=tmp_path / "build")
    assert binary == made / "target" / "debug" / "told"
    assert lines[0].startswith("Compiling told v0.1.0")
    assert lines[-1].startswith("Finished")

    with pytest.raises(Failure, match="LF508: told ended with status 101 in case 'one'"):
        record_crate(binary, CASES, tmp_path / "out", "p.py")
    header = Header(1, "crate", "0.1.0", "p.py", "one")
    write_trace(made / "trace.jsonl", [header, RunStart(0, "input", 1)])
    with pytest.raises(Failure, match="LF508: told stopped within case 'one'"):
        record_crate(binary, CASES, tmp_path / "out", "p.py")
    events = [header, RunStart(0, "input", 1), RunEnd(0, "finished", None, None)]
    write_trace(made / "trace.jsonl", events)
    recording = record_crate(binary, CASES, tmp_path / "out", "p.py", 1.5)
    assert recording.traces == [events]
    assert (recording.engine, recording.version, recording.start_seconds) == ("crate", "0.1.0", 1.5)
    assert recording.run_seconds[0] > 0

    (made / "fail").touch()
    with pytest.raises(
        Failure, match="LF508: told ended with status 2 in case 'one':\nno such node"
    ):
        record_crate(binary, CASES, tmp_path / "out", "p.py")


def test_crates_of_one_name_keep_their_binaries(tmp_path: Path) -> None:
    said = [
        build_crate(
            crate(tmp_path / word, f'fn main() {{ print!("{word}"); }}'),
            build_dir=tmp_path / "build",
        )
        for word in ("first", "second")
    ]
    printed = [subprocess.run([path], capture_output=True, text=True).stdout for path in said]
    assert printed == ["first", "second"]


def test_the_compilers_message_is_shown(tmp_path: Path) -> None:
    made = crate(tmp_path / "crate", 'fn main() { let x: i32 = "a"; }')
    with pytest.raises(Failure, match="LF507: cargo build failed") as caught:
        build_crate(made, build_dir=tmp_path / "build")
    assert "expected `i32`, found `&str`" in caught.value.diagnostic.message
    assert "src/main.rs:1" in caught.value.diagnostic.message


def test_a_directory_without_a_crate(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"LF507: .* holds no Cargo\.toml"):
        build_crate(tmp_path)


def test_a_binary_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"LF508: .*/none does not start"):
        record_crate(tmp_path / "none", CASES, tmp_path / "out", "p.py")
