"""The command as a user meets it: help, exit codes, coded errors, Ctrl-C, colour."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIGRATE = Path(sys.executable).parent / "migrate"
APPROVAL = ROOT / "examples" / "approval" / "approval.py"


def _migrate(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MIGRATE, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", ["check", "convert", "run", "validate", "mutate", "explain"])
def test_every_command_explains_itself(command: str) -> None:
    done = _migrate(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: migrate {command}")


def test_help_and_run_wait_for_nothing_they_do_not_use(tmp_path: Path) -> None:
    """A program that is run pays for its own imports only."""
    program = tmp_path / "program.py"
    program.write_text("import sys\nprint(*sys.modules)\n")
    heavy = ("jinja2", "msgspec", "mypy", "rich", "langchain_core", "langferry.converter")
    loaded = _migrate("run", program).stdout.split()
    assert "langferry.compat" in loaded
    assert [name for name in loaded if name.startswith(heavy)] == []


@pytest.mark.parametrize("arguments", [["frob"], ["check"], ["convert", "x.py"], ["run"]])
def test_bad_usage_is_exit_2(arguments: list[str]) -> None:
    done = _migrate(*arguments)
    assert done.returncode == 2
    assert "Usage: migrate" in done.stderr
    assert done.stdout == ""


def test_a_failure_has_code_place_excerpt_and_next_step(tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text("x = 1\ndef broken(:\n")
    done = _migrate("check", program, "-q", cwd=tmp_path)
    assert done.returncode == 2
    assert "broken.py:2:12: error[LF102]" in done.stderr
    assert "  2 | def broken(:" in done.stderr
    assert "help: " in done.stderr
    assert "\x1b[" not in done.stderr


def test_a_failure_as_json_is_one_object(tmp_path: Path) -> None:
    done = _migrate("check", tmp_path / "none.py", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "LF101"
    assert done.stderr == ""


def test_check_tells_the_share_and_writes_nothing(tmp_path: Path) -> None:
    done = _migrate("check", APPROVAL, "--json", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["share"] == {"native": 5, "bridged": 0, "refused": 0}
    assert list(tmp_path.iterdir()) == []


def test_check_is_negative_when_a_function_is_refused(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    text = APPROVAL.read_text().replace("def pay(", "def pay(  # langferry: refuse\n    ")
    program.write_text(text)
    done = _migrate("check", program, "--json")
    found = {f["name"]: f["disposition"] for f in json.loads(done.stdout)["functions"]}
    assert found["program.pay"] == "refused"
    assert done.returncode == 1


def test_ctrl_c_stops_quietly_and_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made" / "crate"
    target.parent.mkdir()
    # with all types to be found anew it is not done before it is stopped
    environment = {**os.environ, "LANGFERRY_CACHE": str(tmp_path / "cache")}
    running = subprocess.Popen(
        [MIGRATE, "convert", APPROVAL, "-o", target],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    running.stderr.readline()
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, messages = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted" in messages
    assert "Traceback" not in messages
    assert list(target.parent.iterdir()) == []


def test_explain_knows_every_code_by_any_case() -> None:
    assert "state is changed in place" in _migrate("explain", "lf306").stdout
    assert "Fix, safe: Takes the code" in _migrate("explain", "LF234").stdout
    listed = json.loads(_migrate("explain", "--json").stdout)
    assert {"LF101", "LF306", "LF501", "LF601"} <= {row["code"] for row in listed}
    assert _migrate("explain", "LF999").returncode == 2


def test_run_behaves_as_python_does(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom langgraph.graph import StateGraph\n"
        "print(StateGraph.__module__.split('.')[0], sys.argv[1:], __name__)\nsys.exit(3)\n"
    )
    done = _migrate("run", program, "--flag", "x")
    assert done.stdout == "langferry ['--flag', 'x'] __main__\n"
    assert done.returncode == 3


@pytest.mark.parametrize("shape", ["concise", "github", "junit", "markdown", "sarif"])
def test_check_names_files_from_the_working_directory(shape: str) -> None:
    place = "examples/ticket_triage/ticket_triage.py"
    done = _migrate("check", place, "-q", "--output-format", shape)
    assert done.returncode == 0, done.stderr
    assert "LF303" in done.stdout
    assert place in done.stdout


@pytest.mark.parametrize("shape", ["concise", "github", "json", "junit", "markdown", "sarif"])
def test_a_program_that_cannot_be_read_is_a_finding(tmp_path: Path, shape: str) -> None:
    program = tmp_path / "broken.py"
    program.write_text("def broken(:\n")
    done = _migrate("check", "broken.py", "-q", "--output-format", shape, cwd=tmp_path)
    assert done.returncode == 2
    assert "LF102" in done.stdout
    assert done.stderr == ""


def test_json_is_a_format_too() -> None:
    short = _migrate("check", APPROVAL, "-q", "--json")
    assert short.stdout == _migrate("check", APPROVAL, "-q", "--output-format", "json").stdout
