"""`migrate convert` on input that is not what it hopes for: a code, and nothing half written."""

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Migrate, report

GOOD = """
from typing import TypedDict
from langgraph.graph import END, START, StateGraph

class State(TypedDict):
    text: str

def shout(state: State) -> dict:
    return {"text": state["text"].upper()}

builder = StateGraph(State)
builder.add_node("shout", shout)
builder.add_edge(START, "shout")
builder.add_edge("shout", END)
graph = builder.compile()
"""


def _convert(migrate: Migrate, source: str | bytes, tmp_path: Path) -> tuple[int, str, Path]:
    program = tmp_path / "program.py"
    program.write_bytes(source if isinstance(source, bytes) else source.encode())
    target = tmp_path / "out"
    done = migrate("convert", program, "-o", target, "--json")
    if done.returncode == 0:
        return 0, "", target
    return done.returncode, report(done)["error"]["code"], target


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("def broken(:\n    pass\n", "LF102"),
        ("x = 1\n", "LF103"),
        (b"\xff\xfe\x00bad", "LF101"),
        (b"x = '\x00'\n", "LF101"),
        ("", "LF103"),
    ],
    ids=["syntax-error", "no-graph", "not-text", "null-byte", "empty"],
)
def test_unusable_source(migrate: Migrate, tmp_path: Path, source: str | bytes, code: str) -> None:
    exit_code, found, target = _convert(migrate, source, tmp_path)
    assert (exit_code, found) == (2, code)
    assert not target.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["program.py"]


def test_missing_file(migrate: Migrate, tmp_path: Path) -> None:
    done = migrate("convert", tmp_path / "nowhere.py", "-o", tmp_path / "out", "--json")
    assert done.returncode == 2
    assert report(done)["error"]["code"] == "LF101"
    assert list(tmp_path.iterdir()) == []


def test_foreign_directory_is_left_alone(migrate: Migrate, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(GOOD)
    target = tmp_path / "out"
    target.mkdir()
    (target / "precious.txt").write_text("mine")
    done = migrate("convert", program, "-o", target, "--json")
    assert done.returncode == 2
    assert report(done)["error"]["code"].startswith("LF6")
    assert [(p.name, p.read_text()) for p in target.iterdir()] == [("precious.txt", "mine")]


def test_a_graph_that_is_wrong_is_not_written(migrate: Migrate, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(GOOD.replace('("shout", END)', '("shout", "nowhere")'))
    done = migrate("convert", program, "-o", tmp_path / "out", "--json")
    assert done.returncode == 1
    (found,) = report(done)["diagnostics"]
    assert (found["code"], found["span"]["line"]) == ("LF202", 14)
    assert not (tmp_path / "out").exists()


def test_hand_edits_are_not_overwritten(migrate: Migrate, tmp_path: Path) -> None:
    exit_code, _, target = _convert(migrate, GOOD, tmp_path)
    assert exit_code == 0
    edited = target / "src" / "graph.rs"
    edited.write_text(edited.read_text() + "// mine\n")
    exit_code, code, _ = _convert(migrate, GOOD, tmp_path)
    assert exit_code == 2
    assert code.startswith("LF6")
    assert edited.read_text().endswith("// mine\n")


def test_converting_twice_gives_the_same_bytes(migrate: Migrate, tmp_path: Path) -> None:
    assert _convert(migrate, GOOD, tmp_path)[0] == 0
    target = tmp_path / "out"
    first = {p: p.read_bytes() for p in target.rglob("*") if p.is_file()}
    assert _convert(migrate, GOOD, tmp_path)[0] == 0
    assert {p: p.read_bytes() for p in target.rglob("*") if p.is_file()} == first


def test_analysis_runs_nothing_of_the_users(migrate: Migrate, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    source = f"open({str(marker)!r}, 'w').close()\n" + GOOD
    program = tmp_path / "program.py"
    program.write_text(source)
    done = migrate("convert", program, "-o", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    assert not marker.exists()
