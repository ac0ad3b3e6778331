"""What `migrate validate` leaves behind, and when its answer is no."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from langferry.cli.validate import validate
from langferry.diagnostics import Failure

APPROVAL = Path(__file__).parents[2] / "examples" / "approval" / "approval.py"
ONE_CASE = [str(APPROVAL), "--against", "shim", "--case", "small-claim-passes", "--quiet"]


def test_reports_are_written_and_too_little_coverage_is_a_no(tmp_path: Path) -> None:
    page, tests = tmp_path / "reports" / "page.html", tmp_path / "reports" / "tests.xml"
    given = [*ONE_CASE, "--work-dir", str(tmp_path), "--report", str(page), "--report", str(tests)]
    done = CliRunner().invoke(validate, [*given, "--min-coverage", "90"], standalone_mode=False)
    assert done.return_value == 1, done.output
    assert "less than 90 %" in done.output
    assert "routes not seen in any trace:" in done.output
    assert "<svg" in page.read_text(encoding="utf-8")
    assert 'name="small-claim-passes"' in tests.read_text(encoding="utf-8")
    enough = CliRunner().invoke(
        validate, [*given, "--min-coverage", "10", "--json"], standalone_mode=False
    )
    assert enough.return_value == 0
    assert json.loads(enough.stdout)["coverage"]["shares"]["nodes"]["known"] == 5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--report", "result.pdf"], "must end in one of .html, .json, .md, .sarif, .xml"),
        (["--github", "--json"], "choose one"),
        (["--record"], "--record needs --cassette"),
        (["--cassette", "c.json", "--kill-and-resume"], "takes no --cassette"),
        (["--fuzz", "3", "--kill-and-resume"], "--fuzz takes none of"),
        (["--fuzz", "0"], "x>=1"),
        (["--min-coverage", "101"], "0<=x<=100"),
    ],
)
def test_bad_options_are_told_before_anything_runs(options: list[str], said: str) -> None:
    done = CliRunner().invoke(validate, [*ONE_CASE, *options])
    assert done.exit_code == 2
    assert said in done.output


ASKING = """
import json
import os
import sys
import urllib.request
from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict, total=False):
    question: str
    answer: int


def ask(state: State) -> State:
    on_shim = any(name.startswith("langferry.compat") for name in sys.modules)
    asked = {"q": state["question"], "n": int(on_shim and state["question"] == "odd")}
    if on_shim and state["question"] == "shy":
        return {"answer": 1}
    address = os.environ["OPENAI_BASE_URL"] + "/ask"
    with urllib.request.urlopen(address, json.dumps(asked).encode()) as answer:
        return {"answer": json.load(answer)}


builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_edge(START, "ask")
graph = builder.compile()
"""


class Counting(BaseHTTPRequestHandler):
    """Answers with how many requests there were."""

    server: "Counter"

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        """One more."""
        self.rfile.read(int(self.headers["content-length"]))
        self.server.count += 1
        text = str(self.server.count).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Counter(ThreadingHTTPServer):
    count = 0


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    with Counter(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
        yield server
        server.shutdown()


def _asking(folder: Path, *questions: str) -> list[str]:
    program, cases = folder / "program.py", folder / "cases.json"
    program.write_text(ASKING)
    runs = [{"name": q, "runs": [{"input": {"question": q}}]} for q in questions]
    cases.write_text(json.dumps({"entry": "graph", "cases": runs}))
    given = [str(program), "--against", "shim", "--cases", str(cases), "--json"]
    return [*given, "--work-dir", str(folder / "work"), "--cassette", str(folder / "c.json")]


def test_what_was_recorded_once_is_validated_without_servers(
    tmp_path: Path, counter: Counter
) -> None:
    given = _asking(tmp_path, "one", "two")
    for options in (["--record"], []):
        done = CliRunner().invoke(validate, [*given, *options], standalone_mode=False)
        assert done.return_value == 0, done.output
    assert counter.count == 2


def test_other_requests_are_differences(tmp_path: Path, counter: Counter) -> None:
    given = _asking(tmp_path, "odd", "shy")
    done = CliRunner().invoke(validate, [*given, "--record"], standalone_mode=False)
    assert done.return_value == 1, done.output
    (shim,) = json.loads(done.stdout)["engines"]
    assert [(found["code"], found["message"]) for found in shim["requests"]] == [
        ("LF517", "POST openai/ask: the nearest is POST openai/ask, but n: 0 kept, 1 asked"),
        ("LF518", "POST openai/ask"),
        ("LF518", "POST openai/ask"),
    ]
    assert shim["cases"][0]["divergence"] is not None


def test_nothing_is_asked_without_being_recorded(tmp_path: Path, counter: Counter) -> None:
    given = _asking(tmp_path, "one", "two")
    with pytest.raises(Failure) as absent:
        CliRunner().invoke(validate, given, standalone_mode=False, catch_exceptions=False)
    assert absent.value.diagnostic.code == "LF515"
    alone = [*given, "--case", "one", "--record"]
    CliRunner().invoke(validate, alone, standalone_mode=False)
    assert counter.count == 1
    with pytest.raises(Failure) as lacking:
        CliRunner().invoke(validate, given, standalone_mode=False, catch_exceptions=False)
    assert lacking.value.diagnostic.code == "LF516"
    assert 'the nearest is POST openai/ask, but q: "one" kept, "two" asked' in str(lacking.value)
    assert counter.count == 1


WRONG_FROM_NINE = """
import sys
from typing import TypedDict

from langgraph.graph import START, StateGraph


class State(TypedDict):
    count: int
    words: list[str]


def node(state: State):
    on_shim = any(name.startswith("langferry.compat") for name in sys.modules)
    return {"count": state["count"] + int(on_shim and state["count"] >= 9)}


builder = StateGraph(State)
builder.add_node(node)
builder.add_edge(START, "node")
graph = builder.compile()
"""


def test_a_drawn_input_that_differs_is_cut_down_to_a_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("langferry.validator.fuzz.CUTS", 2)
    program, work = tmp_path / "program.py", tmp_path / "work"
    program.write_text(WRONG_FROM_NINE)
    given = [str(program), "--against", "shim", "--work-dir", str(work), "--quiet"]
    done = CliRunner().invoke(validate, [*given, "--fuzz", "20"], standalone_mode=False)
    assert done.return_value == 1, done.output
    assert "the one that differs, cut down, is a case in" in done.output
    (case,) = json.loads((work / "found.cases.yaml").read_text())["cases"]
    assert case["runs"][0]["input"]["count"] >= 9
    again = [*given, "--cases", str(work / "found.cases.yaml"), "--json"]
    assert CliRunner().invoke(validate, again, standalone_mode=False).return_value == 1

    program.write_text(WRONG_FROM_NINE.replace("on_shim and", "False and"))
    done = CliRunner().invoke(validate, [*given, "--fuzz", "15"], standalone_mode=False)
    assert done.return_value == 0, done.output
    assert "15 inputs drawn with seed 0: no difference" in done.output
