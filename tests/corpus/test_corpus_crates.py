"""Which crates of a workspace are said to compile."""

from pathlib import Path

from build_support.corpus_crates import check
from langferry.codegen import write_files

MANIFEST = """[package]
name = "{name}"
version = "0.1.0"
edition = "2024"

[features]
default = ["more"]
more = []
"""


def _crate(folder: Path, name: str, library: str) -> None:
    files = {"Cargo.toml": MANIFEST.format(name=name), "src/lib.rs": library}
    write_files({**files, "src/main.rs": "fn main() {}\n"}, folder / name)


def test_a_crate_that_does_not_compile_is_told_from_one_that_does(tmp_path: Path) -> None:
    _crate(tmp_path, "whole", "pub fn one() -> u8 { 1 }\n")
    _crate(tmp_path, "broken", 'pub fn one() -> u8 { "a" }\n')
    _crate(tmp_path, "halved", '#[cfg(not(feature = "more"))]\npub fn one() -> u8 { "a" }\n')

    found = check(tmp_path, tmp_path / "target")
    assert {name: error is None for name, error in found.items()} == {
        "broken": False,
        "halved": True,
        "whole": True,
    }
    assert "mismatched types" in (found["broken"] or "")

    without = check(tmp_path, tmp_path / "target", features=False)
    assert [name for name, error in without.items() if error is None] == ["whole"]
