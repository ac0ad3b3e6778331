"""When a check's answer is no, and what it leaves behind."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from langferry.cli.check import check

PROGRAM = """
from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict):
    text: str


def node(state: State):
    return {{"text": state["text"] + "!"}}
{more}

builder = StateGraph(State)
builder.add_node("node", node)
builder.add_edge(START, "node")
builder.add_node("alone", node)
{added}
graph = builder.compile()
"""


def _checked(folder: Path, *options: str, more: str = "", added: str = "") -> Result:
    program = folder / "program.py"
    program.write_text(PROGRAM.format(more=more, added=added))
    given = [str(program), "--quiet", "--baseline", str(folder / "known.json"), *options]
    return CliRunner().invoke(check, given, standalone_mode=False)


def test_only_what_is_new_to_a_baseline_counts(tmp_path: Path) -> None:
    written = _checked(tmp_path, "--update-baseline", "--output-format", "concise")
    assert (written.return_value, written.stdout.strip()) == (0, "")
    assert json.loads((tmp_path / "known.json").read_text())[0]["code"] == "LF807"

    moved = _checked(tmp_path, "--output-format", "concise", more="\n\n")
    assert (moved.return_value, moved.stdout.strip()) == (0, "")

    added = "builder.add_node('lonely', node)"
    more = _checked(tmp_path, "--json", added=added)
    assert more.return_value == 1
    (new,) = json.loads(more.stdout)["new"]
    assert new["code"] == "LF807"
    assert "lonely" in new["message"]


def test_an_update_needs_a_file(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(more="", added=""))
    done = CliRunner().invoke(check, [str(program), "--update-baseline"])
    assert done.exit_code == 2
    assert "--update-baseline needs --baseline" in done.output
