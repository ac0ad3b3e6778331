"""A fault seeded by hand into a generated crate: `migrate validate` exits 1 and says where."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.conftest import ROOT, Migrate, report, tell_apart


@dataclass(frozen=True)
class Fault:
    """One edit of one generated file, and what the report must say of it.

    `python` is the text of the Python line the report points at; `step` the superstep.
    """

    file: str
    old: str
    new: str
    step: int
    task: str | None
    path: str | None
    python: str


MAP_REDUCE = {
    "dropped-write": Fault(
        "src/nodes/count_words.rs",
        ".lengths(vec![len(&kept)])",
        "",
        *(2, "count_words", "lengths", 'return {"counts": counts'),
    ),
    "swapped-writes": Fault(
        "src/nodes/count_words.rs",
        ".counts(counts)\n        .lengths(vec![len(&kept)])",
        ".lengths(vec![len(&kept)])\n        .counts(counts)",
        *(2, "count_words", "counts", 'return {"counts": counts'),
    ),
    "changed-constant": Fault(
        "src/nodes/count_words.rs",
        "unwrap_or(Int::from(0)) + 1",
        "unwrap_or(Int::from(0)) + 2",
        *(2, "count_words", "counts.", 'return {"counts": counts'),
    ),
    "changed-global": Fault(
        "src/globals.rs",
        "Int::new(12)",
        "Int::new(11)",
        *(2, "count_words", "words", "def split("),
    ),
    "changed-reducer": Fault(
        "src/reducers.rs",
        "if len(&b) > len(&a)",
        "if len(&b) < len(&a)",
        *(2, None, "longest", "lambda a, b"),
    ),
    "changed-text": Fault(
        "src/nodes/summarise.rs",
        "{} words in {} chunks",
        "{} words of {} chunks",
        *(3, "summarise", "summary", '"summary"'),
    ),
    "wrong-exception": Fault(
        "src/nodes/plan.rs",
        '"ValueError"',
        '"KeyError"',
        *(1, "plan", None, "def plan("),
    ),
    "missing-edge": Fault(
        "src/graph.rs",
        'graph.add_edge("count_words", "summarise");',
        "",
        *(3, "summarise", None, 'builder.add_edge("count_words", "summarise")'),
    ),
}
APPROVAL = {
    "wrong-goto": Fault(
        "src/nodes/human_review.rs",
        '.goto("reject")',
        '.goto("pay")',
        *(5, "reject", None, "def human_review("),
    ),
    "changed-question": Fault(
        "src/nodes/human_review.rs",
        "Reason for the files?",
        "Reason?",
        *(3, "human_review", None, "def human_review("),
    ),
}
FAULTS = [("map_reduce", name) for name in MAP_REDUCE] + [("approval", name) for name in APPROVAL]


@pytest.mark.crate
@pytest.mark.parametrize(("program", "name"), FAULTS)
def test_fault_is_found(
    migrate: Migrate,
    work_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    name: str,
) -> None:
    fault = (MAP_REDUCE if program == "map_reduce" else APPROVAL)[name]
    source = ROOT / "examples" / program / f"{program}.py"
    crate = _converted(migrate, source, work_dir)
    faulty = work_dir / "faults" / program / name
    shutil.rmtree(faulty, ignore_errors=True)
    shutil.copytree(crate, faulty)
    text = (faulty / fault.file).read_text()
    assert text.count(fault.old) == 1, f"{fault.file} holds {fault.old!r} once"
    (faulty / fault.file).write_text(text.replace(fault.old, fault.new))
    tell_apart(faulty)
    monkeypatch.setenv("CARGO_BUILD_BUILD_DIR", str(work_dir / "cargo-build"))

    work = work_dir / "faults" / program
    done = migrate(
        *("validate", source, "--crate", faulty, "--against", "crate"),
        *("--work-dir", work, "--json"),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = report(done)
    assert found["equal"] is False
    (engine,) = found["engines"]
    first = next(case for case in engine["cases"] if case["divergence"] is not None)
    divergence = first["divergence"]
    assert divergence["step"] == fault.step
    assert divergence["task"] == fault.task
    if fault.path is not None:
        assert divergence["path"].startswith(fault.path)
    python, rust = first["python"], first["rust"]
    assert python is not None
    assert rust is not None
    line = source.read_text().splitlines()[python["line"] - 1]
    assert fault.python in line
    assert (faulty / rust["file"]).is_file()


def _converted(migrate: Migrate, source: Path, work_dir: Path) -> Path:
    crate = work_dir / "faults" / f"{source.stem}-converted" / "crate"
    done = migrate(
        *("convert", source, "-o", crate, "--runtime", ROOT / "runtime", "--force", "--json")
    )
    assert done.returncode == 0, done.stderr
    return crate
