"""A program that was changed is told apart from LangGraph's, and one that was not is not."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from langferry.diagnostics import Failure
from langferry.validator import validate
from langferry.validator.diff import Divergence
from langferry.validator.report import Report
from langferry.validator.source_map import Entry, RustPlace, SourceMap, Span
from langferry.validator.validate import located

APPROVAL = Path(__file__).parents[2] / "examples" / "approval" / "approval.py"


def on_our_graph(directory: Path, *changes: tuple[str, str]) -> Path:
    """The approval program on langferry's own graph API, with changes."""
    text = APPROVAL.read_text(encoding="utf-8")
    imports = [
        ("from langgraph.checkpoint.memory import", "from langferry.graph import"),
        ("from langgraph.graph import", "from langferry.graph import"),
        ("from langgraph.types import", "from langferry.graph import"),
    ]
    for old, new in [*imports, *changes]:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (directory / APPROVAL.name).write_text(text, encoding="utf-8")
    return directory


def against_python(directory: Path, *changes: tuple[str, str]) -> Report:
    converted = on_our_graph(directory, *changes)
    return validate(APPROVAL, against=["python"], python_dir=converted)


def divergence(report: Report) -> Divergence:
    return next(
        case.divergence
        for engine in report.engines
        for case in engine.cases
        if case.divergence is not None
    )


def test_the_same_program_is_equal(tmp_path: Path) -> None:
    lines: list[str] = []
    report = validate(
        APPROVAL,
        against=["python", "shim"],
        python_dir=lambda: on_our_graph(tmp_path),
        progress=lines.append,
        traces=tmp_path / "traces",
    )
    assert report.exit_code == 0
    assert [engine.engine for engine in report.engines] == ["python", "shim"]
    assert [len(engine.cases) for engine in report.engines] == [7, 7]
    assert report.coverage.nodes_run == ["add_up", "check_rules", "human_review", "pay", "reject"]
    assert (report.coverage.interrupts, report.coverage.errors) == (6, 2)
    assert lines[0] == "recording approval.py on LangGraph"
    assert (tmp_path / "traces" / "shim" / "4.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (('"USD": 0.92', '"USD": 0.93'), ("LF523", 1, "add_up", "total")),
        (('        "status": "new",\n', ""), ("LF520", 1, "add_up", "status")),
        (('goto="human_review")\n', 'goto="reject")\n'), ("LF525", 3, "human_review", "")),
        (("total = 0.0\n", "total = 0\n    raise KeyError\n"), ("LF533", 1, "add_up", "")),
    ],
)
def test_a_change_is_found(
    tmp_path: Path, change: tuple[str, str], finding: tuple[str, int, str, str]
) -> None:
    report = against_python(tmp_path, change)
    assert report.exit_code == 1
    found = divergence(report)
    assert (found.cause, found.step, found.task, found.path) == finding


def test_an_engine_that_cannot_run_is_told_beside_the_others(tmp_path: Path) -> None:
    def refuse() -> Path:
        raise Failure("LF101", "no crate can be made of it")

    report = validate(
        APPROVAL,
        against=["python", "crate"],
        python_dir=on_our_graph(tmp_path),
        crate_dir=refuse,
        case_names=["small-claim-passes"],
    )
    assert report.exit_code == 2
    python, crate = report.engines
    assert [case.case for case in python.cases] == ["small-claim-passes"]
    assert crate.problem is not None
    assert crate.problem.message == "no crate can be made of it"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: validate(APPROVAL, case_names=["none"]), "LF502: .* has no case 'none'"),
        (lambda: validate(APPROVAL, entry="no_graph", against=["shim"]), "LF505: entry 'no_graph'"),
        (lambda: validate(APPROVAL, cases=Path("none.yaml")), "LF501"),
    ],
)
def test_what_stops_langgraph_itself_is_raised(call: Callable[[], Report], words: str) -> None:
    with pytest.raises(Failure, match=words):
        call()


def at(
    line: int, kind: Any, name: str, channel: str | None = None, nodes: Sequence[str] = ()
) -> Entry:
    place = RustPlace("src/x.rs", line, line)
    return Entry(place, Span("x.py", line, 0, line, 1), kind, name, channel, list(nodes))


@pytest.mark.parametrize(
    ("cause", "task", "path", "line"),
    [
        ("LF523", "classify", "log[3]", 2),
        ("LF520", "classify", "other", 1),
        ("LF530", "classify", "", 1),
        ("LF537", None, "log[0]", 3),
        ("LF529", "classify", "log[0]", 3),
        ("LF529", "classify", "words[1]", 4),
        ("LF525", "classify", "", 4),
        ("LF533", None, "", None),
    ],
)
def test_where_a_divergence_is_decided(
    cause: str, task: str | None, path: str, line: int | None
) -> None:
    source_map = SourceMap(
        [
            at(1, "node", "classify"),
            at(2, "write", "classify", "log"),
            at(3, "reducer", "merge", "log"),
            at(4, "router", "route", nodes=["before"]),
        ]
    )
    found = Divergence(cause, "update", 0, 1, task, path, None, None, 0, "nothing", ["before"])
    places = located(found, source_map)
    assert (places[0].rust.line if places else None) == line
