"""What native code does with values of unknown type is what CPython does, whatever they are."""

from pathlib import Path

import pytest

from .dynamic_matrix import write
from .harness import Snippets

pytestmark = pytest.mark.crate


def test_any_operation_on_anything(tmp_path: Path) -> None:
    write(tmp_path)
    snippets = Snippets(tmp_path, "dynamic_matrix")
    assert not snippets.why
    assert not snippets.built()
    python, rust = snippets.python_results(), snippets.rust_results()
    cases = list(snippets.cases())
    # what is not supported says so
    done = [found.get("error", [""])[0] != "Unsupported" for found in rust]
    wrong = [
        f"{name}{args}: python {expected}, rust {found}"
        for (_, name, args), expected, found, is_done in zip(cases, python, rust, done, strict=True)
        if is_done and repr(expected) != repr(found)
    ]
    assert not wrong, "\n".join(wrong)
    assert sum(done) > 0.95 * len(done)
