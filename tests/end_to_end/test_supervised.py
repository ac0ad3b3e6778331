"""Supervisors in a crate ask and hand over as langgraph_supervisor's, in every case recorded of those."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from langferry.converter import analyse
from tests.end_to_end.agents.server import Server
from tests.end_to_end.conftest import Migrate
from tests.end_to_end.test_agents import built, run, without_ids
from tests.types_cache import TYPES_CACHE

PROGRAM = Path(__file__).parent / "supervised" / "program.py"
CASES = json.loads((PROGRAM.parent / "recorded.json").read_text())
_DRAWN = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def without_drawn(value: Any) -> Any:
    """`value` without what is drawn anew in each run."""
    return json.loads(_DRAWN.sub("drawn", json.dumps(without_ids(value))))


@pytest.fixture(scope="module")
def binary(migrate: Migrate, work_dir: Path) -> Path:
    """The program's crate, with a command that runs any of its graphs."""
    return built(PROGRAM, migrate, work_dir, work_dir / "supervised")


def test_every_function_is_native() -> None:
    functions = analyse(PROGRAM, cache_dir=TYPES_CACHE).functions
    assert not {x.name: [str(reason) for reason in x.reasons] for x in functions if x.reasons}
    assert {"Adder One", "writer"} <= {x.name for x in functions}


@pytest.mark.crate
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_crate_does_the_same(
    binary: Path, server: Server, tmp_path: Path, case: dict[str, Any]
) -> None:
    server.replies, server.asked = list(case["replies"]), []
    given = {"messages": case["shown"][0][1]["messages"]} | case["given"]
    done = run(binary, server, tmp_path, case["graph"], given)
    assert without_drawn(server.asked) == without_drawn(case["requests"]), done.stderr
    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert without_drawn(shown) == without_drawn(case["shown"]), done.stderr
