"""Records what a graph tells of the cases beside its program, in the process it is called in."""

import asyncio
import re
from pathlib import Path
from typing import Any

import yaml

MODES = ["values", "updates", "tasks"]
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")


def record(graph: Any, command: Any, program: str, way: str) -> list[Any]:
    """Per case, the chunks of its runs as text without ids; results of one step in fixed order."""
    cases = yaml.safe_load(Path(program).with_name("cases.yaml").read_text())["cases"]
    return [
        [case["name"], [_run(graph, command, case, run, way) for run in case["runs"]]]
        for case in cases
    ]


def _run(graph: Any, command: Any, case: Any, run: Any, way: str) -> list[str]:
    given = run["input"] if "input" in run else command(resume=run["resume"])
    chunks: list[Any] = []

    async def astream() -> None:
        async for chunk in graph.astream(given, case.get("config"), stream_mode=MODES):
            chunks.append(chunk)

    try:
        if way == "async":
            asyncio.run(astream())
        else:
            for chunk in graph.stream(given, case.get("config"), stream_mode=MODES):
                chunks.append(chunk)
    except Exception as error:
        # how many of the failed step's results came in before is a matter of threads
        while chunks and _is_result(*chunks[-1]):
            chunks.pop()
        chunks.append((type(error).__name__, str(error)))
    told: list[str] = []
    results: list[str] = []
    for mode, chunk in chunks:
        text = _ID.sub("<id>", repr((mode, chunk)))
        if _is_result(mode, chunk):
            results.append(text)
        else:
            told += [*sorted(results), text]
            results = []
    return told + sorted(results)


def _is_result(mode: str, chunk: Any) -> bool:
    return mode == "updates" or (mode == "tasks" and "result" in chunk)
