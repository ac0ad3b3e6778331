"""Runs real programs that ask models: LangGraph and the crate against one server, compared step by step.

    python build_support/runnable.py DIR --manifest FILE --programs FILE --server FILE [--id ID] [--json OUT]

A program is converted with `migrate validate --against crate`, on an input made of its state's types. The
server stands in for the models (`python SERVER PORT LOG` answers at that port and writes a line a request);
both versions ask it under the same addresses, and its log says whether they asked for the same. `--manifest`
has `programs` with `id`, `variant` (a folder of DIR) and `path`; `--programs` says with `selected` which of
them are run. Programs are other people's code: run this without network, where nothing can be lost.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from langferry.converter import analyse
from langferry.diagnostics import Failure
from langferry.model import types as t
from langferry.model.program import Program

SECONDS = 1500
"""What one program may take, its crate's build included."""


def main() -> int:
    """Run the programs and print what became of each."""
    options = _options()
    paths = {
        item["id"]: (options.corpus / item["variant"], item["path"])
        for item in json.loads(options.manifest.read_text())["programs"]
    }
    wanted = options.id or [x["id"] for x in json.loads(options.programs.read_text())["selected"]]
    results = []
    for identifier in wanted:
        root, path = paths[identifier]
        result = {"id": identifier, "program": path} | _tried(root / path, options.server)
        results.append(result)
        print(_row(result), flush=True)
        if options.json:
            options.json.write_text(json.dumps(results, indent=1))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--id", action="append", default=[])
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _tried(path: Path, server: Path) -> dict[str, Any]:
    try:
        program = analyse(path)
    except Failure as failure:
        return {"outcome": "not converted", "why": str(failure)}
    found = {"native": _share(program, "native"), "all": _share(program, None)}
    with tempfile.TemporaryDirectory() as folder:
        cases, log = Path(folder) / "cases.yaml", Path(folder) / "requests"
        cases.write_text(yaml.safe_dump(_cases(program)))
        with _serving(server, log) as environment:
            return found | _validated(path, cases, log, environment)


def _validated(path: Path, cases: Path, log: Path, environment: dict[str, str]) -> dict[str, Any]:
    command = ["-c", "from langferry.cli import main; main()", "validate", str(path)]
    command += ["--cases", str(cases)]
    command += ["--against", "crate", "--json"]
    try:
        done = subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            env=os.environ | environment,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"outcome": "too long", "why": f"more than {SECONDS} s"}
    lines = log.read_text().splitlines() if log.is_file() else []
    half = len(lines) // 2
    same = len(lines) % 2 == 0 and lines[:half] == lines[half:]
    outcome = {0: "equal", 1: "differs"}.get(done.returncode, "not run")
    why = "" if outcome == "equal" else (done.stderr or done.stdout).strip()[-300:]
    return {"outcome": outcome, "why": why, "requests": half, "same requests": same}


def _share(program: Program, disposition: str | None) -> int:
    parts = [x for x in program.functions if x.roles[0] in ("node", "router")]
    return sum(disposition in (None, part.disposition) for part in parts)


def _cases(program: Program) -> dict[str, Any]:
    """One case: a greeting in every channel that takes text or messages, and nothing in the others."""
    graph = next(x for x in program.graphs if x.id == program.entry_graph)
    record = next(x for x in program.records if x.id == graph.input)
    given = {}
    for field in record.fields:
        is_messages = field.reducer is not None and field.reducer.kind == "add_messages"
        if is_messages or field.name == "messages":
            given[field.name] = [{"role": "user", "content": "hello"}]
        elif field.required:
            given[field.name] = _example(field.type)
    return {"cases": [{"name": "hello", "runs": [{"input": given}]}]}


def _example(kind: t.Type) -> Any:
    match kind:
        case t.StrType(literals):
            return literals[0] if literals else "hello"
        case t.BoolType():
            return False
        case t.IntType():
            return 1
        case t.FloatType():
            return 1.0
        case t.ListType() | t.SetType():
            return []
        case t.DictType() | t.RecordType():
            return {}
    return None


@contextmanager
def _serving(server: Path, log: Path) -> Iterator[dict[str, str]]:
    """The environment in which models are the server's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen([sys.executable, str(server), str(port), str(log)])
    try:
        _wait_for(port)
        base = f"http://127.0.0.1:{port}"
        keys = ("OPENAI", "ANTHROPIC", "GROQ", "TAVILY", "GOOGLE", "LANGSMITH")
        yield {
            **{f"{name}_API_KEY": "none" for name in keys},
            "OPENAI_BASE_URL": f"{base}/v1",
            "OPENAI_API_BASE": f"{base}/v1",
            "ANTHROPIC_BASE_URL": base,
            "ANTHROPIC_API_URL": base,
            "OLLAMA_HOST": base,
            "GROQ_API_BASE": f"{base}/v1",
            "LANGSMITH_TRACING": "false",
        }
    finally:
        running.terminate()
        running.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)


def _row(result: dict[str, Any]) -> str:
    parts = f"{result.get('native', '-')}/{result.get('all', '-')}"
    asked = f"{result.get('requests', '-')} requests"
    if "same requests" in result:
        asked += " equal" if result["same requests"] else " DIFFER"
    why = str(result["why"]).replace("\n", " ")
    return f"{result['outcome']:14} {parts:>6} native  {asked:20} {result['program']}  {why}"


if __name__ == "__main__":
    sys.exit(main())
