"""rustfmt is run where it is; where it is not, code stays as it was made."""

import pytest

from langferry.codegen.rust import formatting
from langferry.codegen.rust.formatting import formatted, missing_formatter
from langferry.diagnostics import Failure

UNTIDY = {
    "src/lib.rs": "mod a;fn f( ){}",
    "src/a.rs": "//! a\n fn  g() {}",
    "src/main.rs": "fn main() {}\n",
}


def test_all_modules_are_formatted() -> None:
    assert formatted(UNTIDY) == {
        "src/lib.rs": "mod a;\nfn f() {}\n",
        "src/a.rs": "//! a\nfn g() {}\n",
        "src/main.rs": "fn main() {}\n",
    }


def test_invalid_rust_is_reported_without_this_machines_paths() -> None:
    with pytest.raises(Failure) as raised:
        formatted(UNTIDY | {"src/a.rs": "fn {"})
    assert raised.value.diagnostic.code == "LF609"
    assert "--> src/a.rs:1" in raised.value.diagnostic.message


def test_without_rustfmt(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_formatter() is None
    monkeypatch.setattr(formatting.shutil, "which", lambda name: None)
    assert formatted(UNTIDY) == UNTIDY
    found = missing_formatter()
    assert found is not None
    assert (found.code, found.severity) == ("LF608", "warning")
