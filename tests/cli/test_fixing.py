"""`migrate check` with fixes: what it says of them, what it changes, and what it leaves alone."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner, Result

from langferry.cli import fixing
from langferry.cli.check import check
from langferry.cli.read_program import read_model
from langferry.diagnostics import Diagnostic, Failure
from langferry.model import Program

PROGRAM = """\
from langgraph.constants import START
from langgraph.constants import Send as To
from langgraph.graph import StateGraph
from typing import TypedDict


class State(TypedDict):
    text: str


def node(state: State):  # langferry: ignore[LF801]
\treturn {"text": state["text"] + "é"}


builder = StateGraph(State, input=State)
builder.add_node("node", node)
builder.add_edge(START, "node")
builder.add_node("alone", node)  # langferry: ignore[LF807, LF802]
# langferry: ignore[LF803]
graph = builder.compile()"""

FIXED = """\
from langgraph.constants import START
from langgraph.types import Send as To
from langgraph.graph import StateGraph
from typing import TypedDict


class State(TypedDict):
    text: str


def node(state: State):
\treturn {"text": state["text"] + "é"}


builder = StateGraph(State, input_schema=State)
builder.add_node("node", node)
builder.add_edge(START, "node")
builder.add_node("alone", node)  # langferry: ignore[LF807]
graph = builder.compile()"""


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(check, [str(path), *options], standalone_mode=False)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_bytes(PROGRAM.replace("\n", "\r\n").encode())
    return path


def test_fixes_change_nothing_else_and_leave_nothing_to_fix(program: Path) -> None:
    program.chmod(0o640)
    first = run(program, "--fix", "--json")
    assert first.return_value == 0
    assert json.loads(first.stdout)["fixed"] == {"LF234": 3, "LF809": 1, "LF810": 1}
    assert program.read_bytes() == FIXED.replace("\n", "\r\n").encode()
    assert program.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in program.parent.iterdir()] == ["program.py"]

    before = program.stat()
    again = run(program, "--fix", "--json")
    assert json.loads(again.stdout)["fixed"] == {}
    assert json.loads(again.stdout)["diagnostics"] == []
    # not even written
    assert program.stat() == before
    assert run(program, "--diff").return_value == 0


def test_a_diff_is_a_patch_and_writes_nothing(program: Path) -> None:
    before = program.read_bytes()
    found = run(program, "--diff", "--quiet")
    assert found.return_value == 1
    assert program.read_bytes() == before
    patched = subprocess.run(
        ["patch", "--binary", str(program)], input=found.stdout_bytes, capture_output=True
    )
    assert patched.returncode == 0, patched.stderr
    assert program.read_bytes() == FIXED.replace("\n", "\r\n").encode()


def test_a_diff_of_a_last_line_without_a_newline(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM + "  # langferry: ignore[LF801]")
    found = run(path, "--diff", "--quiet")
    assert found.stdout.count("\\ No newline at end of file\n") == 2


def test_every_format_says_what_can_be_fixed(program: Path) -> None:
    told = json.loads(run(program, "--json").stdout)["diagnostics"]
    by_code = {item["code"]: item["fix"] for item in told}
    assert by_code["LF810"] == {
        "applicability": "safe",
        "message": "call it `input_schema`",
        "edits": [
            {
                "span": {"file": "program.py", "line": 15, "column": 28, "end_line": 15}
                | {"end_column": 33},
                "text": "input_schema",
            }
        ],
    }
    assert "warning[LF810] [*] `input` is" in run(program, "--output-format", "concise").stdout
    full = run(program, "--quiet").stderr
    assert "warning[LF809]: [*] `Send` has moved" in full
    assert "fix: import from `langgraph.types` (safe)" in full
    assert "[*] 5 fixable with --fix" in full
    (results,) = [x["results"] for x in json.loads(_sarif(program))["runs"]]
    fixes = {item["ruleId"]: item["fixes"][0] for item in results}
    (change,) = fixes["LF810"]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 15, "startColumn": 29, "endLine": 15, "endColumn": 34},
            "insertedContent": {"text": "input_schema"},
        }
    ]
    for shape in ("markdown", "junit", "github"):
        assert "call it `input_schema`" in run(program, "--output-format", shape).stdout


def _sarif(program: Path) -> str:
    return run(program, "--output-format", "sarif").stdout


def test_what_a_baseline_holds_is_not_fixed(program: Path, tmp_path: Path) -> None:
    known = ("--baseline", str(tmp_path / "known.json"))
    before = program.read_bytes()
    assert run(program, *known, "--update-baseline").return_value == 0
    assert run(program, *known, "--fix").return_value == 0
    assert program.read_bytes() == before


def test_a_comment_of_a_module_that_others_may_use_is_fixed_on_request_only(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text(
        "def node(state):\n    return {}  # langferry: ignore[LF802]\n"
    )
    path = tmp_path / "program.py"
    path.write_text(
        "from parts import node\nfrom langgraph.graph import START, StateGraph\n"
        "builder = StateGraph(dict)\nbuilder.add_node(node)\n"
        "builder.add_edge(START, 'node')\ngraph = builder.compile()\n"
    )  # fmt: skip
    assert "[*unsafe] nothing here is LF802" in run(path, "--output-format", "concise").stdout
    assert run(path, "--diff").return_value == 0
    assert run(path, "--fix", "--unsafe-fixes").return_value == 0
    assert (tmp_path / "parts.py").read_text() == "def node(state):\n    return {}\n"


def test_a_read_only_file_is_refused(program: Path) -> None:
    program.chmod(0o444)
    found = run(program, "--fix", "--json")
    assert found.return_value == 2
    assert json.loads(found.stdout)["error"]["code"] == "LF704"
    assert program.read_bytes() == PROGRAM.replace("\n", "\r\n").encode()


def test_a_link_stays_one(program: Path) -> None:
    link = program.with_name("link.py")
    link.symlink_to(program)
    before = program.read_bytes()
    fixing.write(fixing.Fixed(None, {link: before}, {link: b"new"}))  # type: ignore[arg-type]
    assert link.is_symlink()
    assert program.read_bytes() == b"new"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
def test_a_file_stays_its_owners(program: Path) -> None:
    os.chown(program, 1234, 1235)
    program.chmod(0o600)
    assert run(program, "--fix", "--json").return_value == 0
    found = program.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (1234, 1235, 0o600)


def test_a_file_that_is_gone_is_a_finding(tmp_path: Path) -> None:
    done = fixing.Fixed(None, {tmp_path / "x": b"a"}, {tmp_path / "x": b"b"})  # type: ignore[arg-type]
    with pytest.raises(Failure, match="LF704"):
        fixing.write(done)


def test_a_file_that_changed_meanwhile_is_left_alone(program: Path) -> None:
    done = fixing.Fixed(None, {program: b"other"}, {program: b"new"})  # type: ignore[arg-type]
    with pytest.raises(Failure, match=r"LF704.*has changed"):
        fixing.write(done)
    assert program.read_bytes() == PROGRAM.replace("\n", "\r\n").encode()


def test_stopped_halfway_a_file_is_whole(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(self: Path, target: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    before = program.read_bytes()
    with pytest.raises(click.Abort):
        CliRunner().invoke(
            check, [str(program), "--fix"], standalone_mode=False, catch_exceptions=False
        )
    assert program.read_bytes() == before
    assert [path.name for path in program.parent.iterdir()] == ["program.py"]


def test_a_notebook_is_fixed_in_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "program.ipynb"
    lines = [line + "\n" for line in PROGRAM.split("\n")]
    cells = [
        {"cell_type": "markdown", "source": ["# Title é"]},
        {"cell_type": "code", "source": ["%pip install x\n", *lines[:4]], "outputs": []},
        {"cell_type": "code", "source": lines[4:]},
    ]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}, indent=1))
    assert run(path, "--fix", "--json").return_value == 0
    fixed = [line + "\n" for line in FIXED.split("\n")]
    cells[1]["source"] = ["%pip install x\n", *fixed[:4]]
    cells[2]["source"] = fixed[4:]
    assert path.read_text() == json.dumps({"cells": cells, "nbformat": 4}, indent=1)


def test_a_fix_that_cannot_be_made_is_left_out_and_the_others_are_made(tmp_path: Path) -> None:
    path = tmp_path / "program.ipynb"
    lines = [line + "\n" for line in PROGRAM.split("\n")]
    whole = json.dumps({"cells": [{"cell_type": "code", "source": lines}], "nbformat": 4})
    # an escape that would not come out again
    path.write_text(whole.replace('"builder = StateGraph', '"\\u0062uilder = StateGraph'))
    found = run(path, "--fix", "--json")
    assert found.return_value == 0
    told = json.loads(found.stdout)
    assert told["fixed"] == {"LF234": 3, "LF809": 1}
    (left_out,) = told["left_out"]
    assert left_out["code"] == "LF703"
    assert left_out["message"].startswith("the fix of LF810 is left out: program.ipynb has a line")
    (cell,) = json.loads(path.read_text())["cells"]
    assert "".join(cell["source"]) == FIXED.replace("input_schema=", "input=") + "\n"
    again = run(path, "--diff", "--quiet")
    assert again.return_value == 0
    assert "warning[LF703]: the fix of LF810 is left out" in again.stderr


def test_a_fix_that_makes_the_program_worse_is_found_among_many(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def strict(path: Path, *more: Any) -> Program:
        model = read_model(path, *more)
        if not any(b"langgraph.types" in text for text in more[-1].values()):
            return model
        worse = Diagnostic("LF203", "error", "no such module")
        return msgspec.structs.replace(model, diagnostics=(*model.diagnostics, worse))

    monkeypatch.setitem(check.callback.__globals__, "read_model", strict)  # type: ignore[union-attr]
    told = json.loads(run(program, "--fix", "--json").stdout)
    assert told["fixed"] == {"LF234": 3, "LF810": 1}
    assert [item["message"] for item in told["left_out"]] == [
        "the fix of LF809 is left out: with it the program would have LF203: no such module"
    ]
    expected = FIXED.replace("langgraph.types", "langgraph.constants").replace("\n", "\r\n")
    assert program.read_bytes() == expected.encode()


@pytest.mark.parametrize("options", [("--diff", "--json"), ("--unsafe-fixes",)])
def test_options_that_do_not_go_together(program: Path, options: tuple[str, ...]) -> None:
    assert CliRunner().invoke(check, [str(program), *options]).exit_code == 2
