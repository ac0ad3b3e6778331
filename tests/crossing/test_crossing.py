"""A thread begun on LangGraph goes on with the shim, and back, wherever its process ended.

Each engine has a process of its own; each run is a child of it, killed after a number of things it
stored. What the thread says and holds in the end is compared with what LangGraph alone makes of it.
"""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import postgres, savers

HERE = Path(__file__).parent
GRAPHS = ("loop", "fan_out", "joins", "nested", "agent", "commands", "functional")


class Engine:
    """A process that runs threads on one engine."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "engine.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # sets are stored in the order of their items' hashes
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )

    def do(self, **job: Any) -> Any:
        """What a job gave; `None` if its process was killed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert not (isinstance(answer, dict) and "raised" in answer), answer["traceback"]
        return answer

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


class Threads:
    """Threads of one graph in one saver, carried on by either engine."""

    def __init__(self, engines: dict[str, Engine], graph: str, saver: str, where: str, way: str):
        self._engines = engines
        self._saver, self._where = saver, where
        self._job = {"graph": graph, "saver": saver, "where": where, "way": way}

    def run(self, engine: str, thread: str, dies_after: int | None = None) -> Any:
        """The state a thread ends with; `None` if its process died before."""
        job = {**self._job, "thread": thread, "dies_after": dies_after}
        ended = self._engines[engine].do(**job, task="run")
        return _plain(ended, thread, self._stored(thread))

    def told(self, thread: str) -> Any:
        """What a thread's states say, without ids and times; both engines have to say the same."""
        job = {**self._job, "thread": thread, "dies_after": None, "task": "tell"}
        told = self._engines["langgraph"].do(**job)
        assert self._engines["shim"].do(**job) == told
        return _plain(told, thread, self._stored(thread))

    def stored(self, thread: str, *, resumption: bool = True) -> dict[str, list[Any]]:
        """What is stored of a thread, without ids and times.

        Args:
            thread: The thread.
            resumption: Whether to show what was there when a run last went on.
        """
        stored = self._stored(thread)
        if not resumption:
            stored["checkpoints"] = [_but_for_resumption(row) for row in stored["checkpoints"]]
        plain = _plain(stored, thread, stored)
        return {table: sorted(rows, key=repr) for table, rows in plain.items()}

    def _stored(self, thread: str) -> dict[str, list[tuple[Any, ...]]]:
        return savers.rows(self._saver, self._where, thread)


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Engine]]:
    running = {name: Engine(name) for name in ("langgraph", "shim")}
    yield running
    for engine in running.values():
        engine.stop()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    yield from postgres.server()


@pytest.fixture(
    params=[
        pytest.param(
            (graph, saver, way),
            # the others spend minutes waiting for their disks
            marks=() if saver == "memory" or graph == "loop" else pytest.mark.long,
            id=f"{graph}-{saver}-{way}",
        )
        for way in ("sync", "async")
        for saver in savers.MODULES
        for graph in GRAPHS
    ],
)
def threads(request: pytest.FixtureRequest, engines: dict[str, Engine], tmp_path: Path) -> Threads:
    graph, saver, way = request.param
    pytest.importorskip(savers.MODULES[saver])
    file = str(tmp_path / saver)
    where = request.getfixturevalue("server") if saver == "postgres" else file
    return Threads(engines, graph, saver, where, way)


def test_what_is_stored_is_the_same_to_the_byte(threads: Threads) -> None:
    ours, theirs = _new_thread(), _new_thread()
    assert threads.run("shim", ours) == threads.run("langgraph", theirs)
    assert threads.told(ours) == threads.told(theirs)
    assert threads.stored(ours) == threads.stored(theirs)


def test_a_thread_goes_there_and_back(threads: Threads) -> None:
    # a step stores at least two things: its checkpoint and what a task wrote
    stride = 2
    whole = _new_thread()
    result = threads.run("langgraph", whole)
    expected = threads.told(whole), threads.stored(whole, resumption=False)
    stored_things = sum(map(len, expected[1].values()))
    for first, second in (("langgraph", "shim"), ("shim", "langgraph")):
        for dies_after in range(1, stored_things, stride):
            thread = _new_thread()
            ended = threads.run(first, thread, dies_after)
            threads.told(thread)
            if ended is not None:
                break
            # on with the other engine, until it has stored two things, and back
            ended = threads.run(second, thread, 2) or threads.run(first, thread)
            assert ended == result
            found = threads.told(thread), threads.stored(thread, resumption=False)
            assert found == expected, (first, dies_after)
        assert dies_after >= 7


def _new_thread() -> str:
    return uuid.uuid4().hex[:8]


def _but_for_resumption(row: Any) -> Any:
    """A stored checkpoint without what depends on where a process ended: the versions that were there
    when a run last went on, and which tasks were called since, of which nothing but names is kept."""
    *place, content, metadata = row
    fields = [
        (key, [(name, seen) for name, seen in value if seen and name != "__interrupt__"])
        if key == "versions_seen"
        else (key, value)
        for key, value in savers.unpacked(content)
    ]
    return *place, fields, metadata


_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HASH = r"(?<![0-9a-f])[0-9a-f]{32}(?![.0-9a-f])"
_TIME = r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00"


def _plain(value: Any, thread: str, stored: dict[str, list[Any]]) -> Any:
    """A value with a thread's checkpoints numbered in the order of their ids, and without its other
    ids and times, which no two runs have in common."""
    ids = sorted(row[1] for row in stored["checkpoints"])
    numbers = {id: f"<checkpoint {at}>" for at, id in enumerate(ids)}

    def plain(value: Any) -> Any:
        if isinstance(value, bytes):
            return plain(value.decode("latin-1"))
        if isinstance(value, str):
            value = value.replace(thread, "<thread>")
            value = re.sub(_ID, lambda id: numbers.get(id[0], "<id>"), value)
            return re.sub(_TIME, "<time>", re.sub(_HASH, "<hash>", value))
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {plain(key): plain(item) for key, item in value.items()}
        return value

    return plain(value)
