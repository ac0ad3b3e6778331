"""Generated Rust does what CPython does, construct by construct."""

import pytest

from .harness import Snippets

pytestmark = pytest.mark.crate


@pytest.fixture(scope="module")
def snippets() -> Snippets:
    snippets = Snippets()
    snippets.write()
    built = snippets.cargo("build", "--quiet")
    assert built.returncode == 0, built.stderr[-8000:]
    return snippets


def test_same_results(snippets: Snippets) -> None:
    native = [case for case in snippets.cases() if f"{case[0]}.{case[1]}" not in snippets.refused]
    python, rust = snippets.python_results(), snippets.rust_results()
    wrong = [
        f"{module}.{name}{args}: python {expected}, rust {found}"
        for (module, name, args), expected, found in zip(native, python, rust, strict=True)
        if repr(expected) != repr(found)
    ]
    assert not wrong, "\n".join(wrong)


def test_refusals_are_the_intended_ones(snippets: Snippets) -> None:
    intended = {
        f"{module}.{name}": code
        for module, python in snippets.python.items()
        for name, code in getattr(python, "REFUSED", {}).items()
    }
    assert snippets.refused == intended


# what clippy would write another way because Python's author did
SHAPE_LINTS = (
    "assign_op_pattern",
    "collapsible_else_if",
    "collapsible_if",
    "comparison_to_empty",
    "explicit_auto_deref",
    "manual_range_contains",
    "never_loop",
    "nonminimal_bool",
    "redundant_closure",
    "useless_format",
    "useless_vec",
    "vec_init_then_push",
)


def test_no_lint_complains(snippets: Snippets) -> None:
    allowed = [part for lint in SHAPE_LINTS for part in ("-A", f"clippy::{lint}")]
    checked = snippets.cargo("clippy", "--quiet", "--lib", "--", "-D", "warnings", *allowed)
    assert checked.returncode == 0, checked.stderr[-8000:]
