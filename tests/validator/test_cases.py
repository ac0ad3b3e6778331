"""The case file is read strictly, and every mistake is shown with its line."""

from pathlib import Path
from typing import Any

import pytest

from langferry.diagnostics import Failure
from langferry.validator.cases import Case, Run, find_cases, read_cases

EXAMPLES = Path(__file__).parents[2] / "examples"


def written(directory: Path, text: str) -> Path:
    path = directory / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def one_input(directory: Path, value: str) -> Any:
    path = written(
        directory, f"entry: graph\ncases:\n  - name: a\n    runs:\n      - input: {value}\n"
    )
    return read_cases(path).cases[0].runs[0].value


def test_everything_a_file_can_say(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
entry: build(3)
checkpointer: memory
async: true
cases:
  - name: first
    seed: 7
    config: {recursion_limit: 5, configurable: {thread_id: "1"}}
    runs:
      - input: {a: [1, 1.0, text]}
      - resume: null
""",
    )
    read = read_cases(path)
    assert read.entry == "build(3)"
    assert read.checkpointer == "memory"
    assert read.run_async is True
    assert read.cases == [
        Case(
            name="first",
            runs=[Run("input", {"a": [1, 1.0, "text"]}), Run("resume", None)],
            config={"recursion_limit": 5, "configurable": {"thread_id": "1"}},
            seed=7,
        )
    ]
    assert read.in_crate("p.py", read.cases[0]) == {
        "program": "p.py",
        "case": "first",
        "seed": 7,
        "config": {"recursion_limit": 5, "configurable": {"thread_id": "1"}},
        "runs": [{"input": {"a": [1, 1.0, "text"]}}, {"resume": None}],
    }


@pytest.mark.parametrize("example", ["approval", "map_reduce", "ticket_triage"])
def test_the_examples_files_are_well_formed(example: str) -> None:
    read = read_cases(find_cases(EXAMPLES / example / f"{example}.py"))
    assert read.entry == "graph"
    assert len(read.cases) >= 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-03-06", "2026-03-06"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("true", True),
        ("", None),
        ("~", None),
        ("012", "012"),
        ("-7", -7),
        ("1e3", 1000.0),
        ("0.10", 0.1),
        ("1.", "1."),
        ("<<", "<<"),
        ('"1"', "1"),
        ("99999999999999999999", {"$type": "int", "value": "99999999999999999999"}),
        ("{$type: tuple, items: [1]}", {"$type": "tuple", "items": [1]}),
        (
            "{$type: object, class: m.C, fields: {x: 1}}",
            {"$type": "object", "class": "m.C", "fields": {"x": 1}},
        ),
    ],
)
def test_values_mean_what_they_mean_in_json(tmp_path: Path, text: str, value: Any) -> None:
    read = one_input(tmp_path, text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "code", "line", "words"),
    [
        ("entry: [", "LF501", 1, "is not YAML"),
        ("", "LF502", 1, "is empty"),
        ("- 1", "LF502", 1, "the file is not a mapping"),
        ("entry: g\n", "LF502", 1, "lacks the key 'cases'"),
        ("entry: g\ncases: []\n", "LF502", 2, "cases is not a list with at least one item"),
        ("entry: 3\ncases: [{name: a, runs: [{input: 1}]}]\n", "LF502", 1, "entry is not a text"),
        ("entry: g\nentyr: h\ncases: []", "LF502", 2, "unknown key 'entyr'"),
        ("entry: g\nentry: h\ncases: []", "LF502", 2, "key 'entry' twice"),
        ("entry: g\ncheckpointer: sqlite\ncases: []", "LF502", 2, "'sqlite', not 'memory'"),
        ("entry: g\nasync: 1\ncases: []", "LF502", 3, "cases is not a list"),
        ("entry: g\ncases:\n  - name: a\n", "LF502", 3, "a case lacks the key 'runs'"),
        (
            "entry: g\ncases:\n  - name: a\n    seed: x\n    runs: [{input: 1}]",
            "LF502",
            4,
            "seed is not a whole number",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    config: {thread_id: 1}\n    runs: [{input: 1}]",
            "LF502",
            4,
            "config has the unknown key 'thread_id'",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs:\n      - {input: 1, resume: 2}",
            "LF502",
            5,
            "either 'input' or 'resume'",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs: [{input: 1}]\n  - name: a\n"
            "    runs: [{input: 1}]",
            "LF502",
            5,
            "the case name 'a' is used twice",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs:\n      - input:\n          x: 1\n"
            "          x: 2",
            "LF502",
            7,
            "the key 'x' stands twice",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs:\n      - input: {1: 2}",
            "LF502",
            5,
            "the key 1 is not a text",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs:\n      - input: !!timestamp 2026-01-01",
            "LF502",
            5,
            "a date is written as a $type object",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs:\n      - input: !!python/name:os.system x",
            "LF502",
            5,
            "could not determine a constructor",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs:\n      - input: &x [*x]",
            "LF502",
            5,
            "contains itself",
        ),
        (
            "entry: g\ncases:\n  - name: a\n    runs:\n      - input: {d: {$type: date}}",
            "LF504",
            5,
            "d: 'date' lacks 'value'",
        ),
    ],
)
def test_every_mistake_is_shown_with_its_line(
    tmp_path: Path, text: str, code: str, line: int, words: str
) -> None:
    with pytest.raises(Failure) as caught:
        read_cases(written(tmp_path, text))
    diagnostic = caught.value.diagnostic
    assert (diagnostic.code, diagnostic.span and diagnostic.span.line) == (code, line)
    assert words in diagnostic.message


def test_the_programs_own_file_comes_first(tmp_path: Path) -> None:
    program = tmp_path / "agent.py"
    with pytest.raises(Failure, match=r"LF501: no case file .*agent\.cases\.yaml nor cases\.yaml"):
        find_cases(program)
    general = written(tmp_path, "")
    assert find_cases(program) == general
    own = tmp_path / "agent.cases.yaml"
    own.write_text("")
    assert find_cases(program) == own


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="LF501: cannot read"):
        read_cases(tmp_path / "none.yaml")
