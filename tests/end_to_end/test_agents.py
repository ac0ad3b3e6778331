"""Agents in a crate ask and answer as LangChain's own, in every case recorded of those."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from langferry.codegen.rust.layout import Layout
from langferry.converter import analyse
from tests.end_to_end.agents.server import Server
from tests.end_to_end.conftest import ROOT, Migrate, cargo_environment
from tests.types_cache import TYPES_CACHE

PROGRAM = Path(__file__).parent / "agents" / "program.py"
RECORDED = ROOT / "runtime" / "crates" / "llm" / "tests" / "agents"
CASES = [
    (case, recording)
    for case, recording in zip(
        json.loads((RECORDED / "cases.json").read_text()),
        json.loads((RECORDED / "recording.json").read_text()),
        strict=True,
    )
]
HOOKED = json.loads((PROGRAM.parent / "hooked.json").read_text())
_MAIN = """
use std::process::ExitCode;

fn main() -> ExitCode {{
    let mut arguments = std::env::args_os();
    let program = arguments.next();
    let graph = match arguments.next().and_then(|name| name.into_string().ok()).as_deref() {{
        {arms}
        _ => return ExitCode::from(3),
    }};
    let arguments = program.into_iter().chain(arguments);
    langferry::cli::run(graph, arguments, &mut std::io::stdout(), &mut std::io::stderr())
}}
"""


def graph_of(case: dict[str, Any]) -> str:
    """The program's graph that a case is about."""
    prefix = "agent" if case["agent"] == "create_agent" else "react"
    if "prompt" in case:
        return f"{prefix}_named"
    if "form" in case:
        prefix = f"{prefix}_form"
    return f"{prefix}_{ {0: 'none', 1: 'one', 3: 'three'}[len(case['tools'])] }"


@pytest.fixture(scope="module")
def binary(migrate: Migrate, work_dir: Path) -> Path:
    """The program's crate, with a command that runs any of its graphs."""
    return built(PROGRAM, migrate, work_dir, work_dir / "agents")


def built(path: Path, migrate: Migrate, work_dir: Path, crate: Path) -> Path:
    """A command that runs any of a program's graphs in its crate."""
    runtime = ROOT / "runtime"
    done = migrate("convert", path, "-o", crate, "--runtime", runtime, "--force")
    assert done.returncode == 0, done.stderr
    program = analyse(path, cache_dir=TYPES_CACHE)
    layout = Layout(program)
    arms = "\n        ".join(
        f'Some("{name}") => program::graph::{layout.graph(id_)}(),' for name, id_ in program.entries
    )
    (crate / "examples").mkdir(exist_ok=True)
    (crate / "examples" / "chosen.rs").write_text(_MAIN.format(arms=arms))
    subprocess.run(
        ["cargo", "build", "--quiet", "--example", "chosen"],
        cwd=crate,
        env=cargo_environment(work_dir, crate),
        check=True,
    )
    return crate / "target" / "debug" / "examples" / "chosen"


def test_every_function_is_native() -> None:
    functions = analyse(PROGRAM, cache_dir=TYPES_CACHE).functions
    assert not {x.name: [str(reason) for reason in x.reasons] for x in functions if x.reasons}


@pytest.mark.crate
@pytest.mark.parametrize(("case", "recording"), CASES, ids=lambda item: item.get("name"))
def test_crate_does_the_same(
    binary: Path, server: Server, tmp_path: Path, case: dict[str, Any], recording: dict[str, Any]
) -> None:
    given = recording["shown"][0][1] if recording["shown"][0][0] == "values" else case
    limit = {"recursion_limit": case["limit"]} if "limit" in case else {}
    server.replies, server.asked = list(case["replies"]), []
    messages = {"messages": given["messages"]}
    done = run(binary, server, tmp_path, graph_of(case), messages, limit)
    assert server.asked == recording["requests"], done.stderr
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    expected = recording["shown"]
    assert without_ids(shown) == without_ids([x for x in expected if x[0] != "error"])
    for _, (name, message) in (x for x in expected if x[0] == "error"):
        assert name in done.stderr
        assert message in done.stderr


@pytest.mark.crate
@pytest.mark.parametrize("case", HOOKED, ids=lambda case: case["name"])
def test_crate_does_the_same_with_middleware(
    binary: Path, server: Server, tmp_path: Path, case: dict[str, Any]
) -> None:
    given = {"messages": case["shown"][0][1]["messages"]} | case["given"]
    server.replies, server.asked = list(case["replies"]), []
    config = {"configurable": {"language": "Latin"}}
    done = run(binary, server, tmp_path, case["graph"], given, config)
    assert server.asked == case["requests"], done.stderr
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert without_ids(shown) == without_ids(case["shown"])


def run(
    binary: Path,
    server: Server,
    folder: Path,
    graph: str,
    given: dict[str, Any],
    config: dict[str, Any] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Streams a graph's run in the crate."""
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    (folder / ".env").write_text(f"HOST={url}\nexport OPENAI_BASE_URL='${{HOST}}' # here\n")
    return subprocess.run(
        [
            *(binary, graph, "stream", "--mode", "values,updates"),
            *("--input", json.dumps(given), "--config", json.dumps(config or {})),
        ],
        env=os.environ | {"LANGFERRY_PROGRAM": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def without_ids(value: Any) -> Any:
    """`value` without the ids that are drawn."""
    match value:
        case dict():
            drawn = "fields" in value and str(value.get("class")).startswith("langchain_core")
            fields = {key: without_ids(item) for key, item in value.items()}
            if drawn and isinstance(fields["fields"], dict):
                fields["fields"].pop("id", None)
            return fields
        case list():
            return [without_ids(item) for item in value]
    return value
