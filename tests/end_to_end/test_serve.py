"""A crate's `serve` under LangGraph's own clients: it does what the program does under LangGraph."""

import asyncio
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

import httpx
import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.pregel.remote import RemoteException, RemoteGraph
from langgraph.types import Command
from langgraph_sdk import get_client, get_sync_client
from langgraph_sdk.errors import (
    ConflictError,
    NotFoundError,
    UnprocessableEntityError,
)

from langferry.validator.crate import build_crate
from tests.end_to_end.conftest import Migrate, tell_apart
from tests.end_to_end.served import desk

pytestmark = pytest.mark.crate

PROGRAM = Path(desk.__file__)
GRAPH = "desk"


class Served:
    """A process that serves, and where."""

    def __init__(self, binary: Path, database: Path | None = None) -> None:
        keep = ["--checkpoint-db", str(database)] if database else []
        self.process = subprocess.Popen(
            [binary, "serve", "--port", "0", *keep],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        self.url = line.split()[-1]

    def end(self, how: int = signal.SIGTERM) -> str:
        """Ends the process as a supervisor does; what it has logged."""
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, said
        return said


@pytest.fixture(scope="module")
def binary(migrate: Migrate, work_dir: Path) -> Path:
    """The crate of the program, built."""
    crate = work_dir / "served"
    runtime = Path(__file__).resolve().parents[2] / "runtime"
    done = migrate("convert", PROGRAM, "-o", crate, "--runtime", runtime, "--force")
    assert done.returncode == 0, done.stderr
    # as a node that a person has written may, and none that was converted does
    close = crate / "src" / "nodes" / "close.rs"
    text = close.read_text().replace("_state: &Order", "state: &Order")
    panics = 'if state.what()? == "panic" { panic!("no close") }'
    close.write_text(text.replace("    Ok(", f"    {panics}\n    Ok(", 1))
    tell_apart(crate)
    return build_crate(crate, build_dir=work_dir / "cargo-build", features=["serve", "sqlite"])


@pytest.fixture(scope="module")
def url(binary: Path) -> Iterator[str]:
    """The address of a server."""
    served = Served(binary)
    yield served.url
    log = served.end()
    assert "GET /ok 200" in log


def order(seconds: float = 0.0, what: str = "tea") -> dict[str, Any]:
    return {
        "what": what,
        "seconds": seconds,
        "messages": [{"role": "user", "content": "hi", "id": "m0"}],
    }


def on(thread: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread}}


def streamed(given: Any, thread: str, modes: Any, **more: Any) -> list[Any]:
    """What the program streams under LangGraph."""

    async def stream() -> list[Any]:
        return [
            chunk
            async for chunk in desk.graph.astream(given, on(thread), stream_mode=modes, **more)
        ]

    return asyncio.run(stream())


def plain(value: Any) -> Any:
    """A value of LangGraph as its server shows it."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "model_dump"):
        return value.model_dump()
    if hasattr(value, "interrupt_id") or type(value).__name__ == "Interrupt":
        return {"value": value.value}
    return value


def without_ids(value: Any) -> Any:
    """The same without what is drawn: the ids of interrupts."""
    if isinstance(value, dict):
        if value.keys() == {"value", "id"}:
            return {"value": value["value"]}
        return {key: without_ids(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_ids(item) for item in value]
    return value


def test_what_the_server_says_of_itself(url: str) -> None:
    assert httpx.get(f"{url}/ok").json() == {"ok": True}
    client = get_sync_client(url=url)
    (assistant,) = client.assistants.search()
    assert assistant["graph_id"] == assistant["name"] == GRAPH
    assert client.assistants.get(assistant["assistant_id"]) == assistant
    assert client.assistants.get(GRAPH) == assistant
    for absent in (client.assistants.get_schemas, client.assistants.get_graph):
        with pytest.raises(NotFoundError, match="LF416"):
            absent(GRAPH)
    with pytest.raises(NotFoundError, match="LF418"):
        client.assistants.get("other")


@pytest.mark.parametrize("modes", ["values", "updates", "custom", ["values", "updates", "custom"]])
def test_streams_are_those_of_langgraph(url: str, modes: Any) -> None:
    remote = RemoteGraph(GRAPH, url=url)
    thread = f"streams {modes}"
    for given in (order(), Command(resume="Ada")):
        expected = streamed(given, thread, modes)
        shown = list(remote.stream(given, on(thread), stream_mode=modes))
        if isinstance(modes, list):
            shown = [(part.event, part.data) for part in shown]
        assert without_ids(plain(shown)) == without_ids(plain(expected))


def test_a_question_is_answered_and_the_state_is_langgraphs(url: str) -> None:
    remote = RemoteGraph(GRAPH, url=url)
    for given in (order(), Command(resume="Ada"), Command(update={"log": ["noted"]}, goto="take")):
        expected = asyncio.run(desk.graph.ainvoke(given, on("state")))
        shown = remote.invoke(given, on("state"))
        assert without_ids(plain(shown)) == without_ids(plain(expected))
        theirs, ours = desk.graph.get_state(on("state")), remote.get_state(on("state"))
        assert (ours.next, ours.values) == (theirs.next, plain(theirs.values))
        assert [i.value for i in ours.interrupts] == [i.value for i in theirs.interrupts]
        assert [t.name for t in ours.tasks] == [t.name for t in theirs.tasks]
        assert ours.metadata == theirs.metadata


def test_a_run_stops_where_the_request_says(url: str) -> None:
    remote = RemoteGraph(GRAPH, url=url)
    for when in ({"interrupt_before": ["work"]}, {"interrupt_after": "*"}):
        thread = f"stops {when}"
        expected = streamed(order(), thread, "updates", **when)
        shown = list(remote.stream(order(), on(thread), stream_mode="updates", **when))
        assert plain(shown) == plain(expected)
        assert remote.get_state(on(thread)).next == desk.graph.get_state(on(thread)).next


def test_threads_and_runs_of_the_client(url: str) -> None:
    client = get_sync_client(url=url)
    thread = client.threads.create(metadata={"of": "me"})
    told = client.threads.get(thread["thread_id"])
    assert (told["status"], told["metadata"], told["values"]) == ("idle", {"of": "me"}, None)
    assert client.threads.get_state(thread["thread_id"])["next"] == []
    with pytest.raises(ConflictError, match="LF419"):
        client.threads.create(thread_id=thread["thread_id"])
    again = client.threads.create(thread_id=thread["thread_id"], if_exists="do_nothing")
    assert again["metadata"] == {"of": "me"}
    made: list[Any] = []
    result = client.runs.wait(thread["thread_id"], GRAPH, input=order(), on_run_created=made.append)
    assert isinstance(result, dict)
    assert result["__interrupt__"][0]["value"] == {"deliver": "tea"}
    assert made[0]["thread_id"] == thread["thread_id"]
    told = client.threads.get(thread["thread_id"])
    assert told["status"] == "interrupted"
    ((question,),) = told["interrupts"].values()
    answer = {question["id"]: "Grace"}
    parts = list(
        client.runs.stream(
            thread["thread_id"], GRAPH, command={"resume": answer}, stream_mode="updates"
        )
    )
    assert [part.event for part in parts] == ["metadata", "updates", "updates", "end"]
    assert parts[-1].data["status"] == "success"
    client.threads.delete(thread["thread_id"])
    with pytest.raises(NotFoundError, match="LF418"):
        client.threads.get(thread["thread_id"])
    with pytest.raises(NotFoundError, match="LF418"):
        list(client.runs.stream(thread["thread_id"], GRAPH, input=order()))


def test_errors_are_told_and_nothing_is_done_in_another_way(url: str) -> None:
    client, remote = get_sync_client(url=url), RemoteGraph(GRAPH, url=url)
    with pytest.raises(Exception, match="ValueError: an order for nothing"):
        client.runs.wait(None, GRAPH, input=order(what="nothing"))
    with pytest.raises(RemoteException, match="an order for nothing"):
        remote.invoke(order(what="nothing"), on("errors"))
    state = remote.get_state(on("errors"))
    assert state.tasks[0].error is not None
    assert "an order for nothing" in str(state.tasks[0].error)
    assert client.threads.get("errors")["status"] == "error"
    for refused in (
        {"stream_mode": "messages-tuple"},
        {"context": {"user": "u"}},
        {"webhook": "http://localhost"},
        {"stream_subgraphs": True},
        {"multitask_strategy": "rollback"},
        {"interrupt_before": ["nowhere"]},
        {"input": {"what": ["a"]}},
    ):
        with pytest.raises(UnprocessableEntityError, match=r"LF41[67]"):
            list(client.runs.stream(None, GRAPH, **{"input": order(), **refused}))
    with pytest.raises(NotFoundError, match="LF416"):
        client.threads.get_history("errors")
    sent = {"headers": {"Content-Type": "application/json"}, "timeout": 60}
    for content, status in ((b"{", 422), (b"[" * 9999, 422), (b" " * ((16 << 20) + 1), 413)):
        answer = httpx.post(f"{url}/runs/wait", content=content, **sent)
        assert answer.status_code == status
        assert answer.json()["code"] == "LF417"
    assert httpx.post(f"{url}/runs/wait", content=b"{}").status_code == 415
    unreadable = httpx.get(f"{url}/threads/%ff")
    assert (unreadable.status_code, unreadable.json()["code"]) == (400, "LF417")
    assert httpx.get(f"{url}/ok").json() == {"ok": True}


def test_a_node_that_panics_ends_its_run_alone(url: str) -> None:
    client = get_sync_client(url=url)
    asked = client.runs.wait("panics", GRAPH, input=order(what="panic"), if_not_exists="create")
    assert isinstance(asked, dict)
    assert "__interrupt__" in asked
    answer: Any = {"command": {"resume": "Ada"}}
    with pytest.raises(httpx.HTTPStatusError, match=r"LF420.*`close` panicked: no close"):
        client.runs.wait("panics", GRAPH, **answer)
    *_, last = client.runs.stream("panics", GRAPH, input=None)
    assert (last.event, last.data["error"]) == ("error", "Panic")
    assert client.threads.get("panics")["status"] == "error"
    # neither the thread nor the server is lost
    assert client.runs.wait("panics", GRAPH, input=order())
    assert httpx.get(f"{url}/ok").json() == {"ok": True}


def test_a_run_that_waits_is_done_though_its_client_has_gone(url: str) -> None:
    client = get_client(url=url)

    async def runs() -> tuple[Any, Any]:
        given = {"input": order(1), "if_not_exists": "create"}
        first = asyncio.create_task(client.runs.wait("gone", GRAPH, **given))
        await asyncio.sleep(0.3)
        later = [
            asyncio.create_task(client.runs.wait("gone", GRAPH, input=order(what=what), **how))
            for what, how in (("kept", {}), ("dropped", {"on_disconnect": "cancel"}))
        ]
        await asyncio.sleep(0.3)
        for run in later:
            run.cancel()
        await first
        last = await client.runs.wait("gone", GRAPH, input=order(what="last"))
        return first.result(), last

    first, last = asyncio.run(runs())
    assert first["log"] == ["took tea", "worked"]
    assert last["log"] == [*first["log"], "took kept", "worked", "took last", "worked"]


def test_one_run_of_a_thread_at_a_time(url: str) -> None:
    client = get_client(url=url)

    async def run(**more: Any) -> Any:
        given = {"input": order(0.5), "if_not_exists": "create", **more}
        return await client.runs.wait("turns", GRAPH, **given)

    async def both() -> tuple[Any, Any, Any]:
        first = asyncio.create_task(run())
        await asyncio.sleep(0.2)
        assert (await client.threads.get("turns"))["status"] == "busy"
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await run(multitask_strategy="reject")
        with pytest.raises(ConflictError):
            await client.threads.delete("turns")
        second = await run(multitask_strategy="enqueue")
        return await first, second, refused.value.response.status_code

    first, second, refused = asyncio.run(both())
    assert refused == 409
    assert first["log"] == ["took tea", "worked"]
    assert second["log"] == first["log"] * 2


def test_runs_of_several_threads_at_once(url: str) -> None:
    client = get_client(url=url)

    async def all_of_them() -> list[Any]:
        runs = [client.runs.wait(None, GRAPH, input=order(0.5)) for _ in range(8)]
        return await asyncio.gather(*runs)

    began = time.monotonic()
    assert all(result["log"] == ["took tea", "worked"] for result in asyncio.run(all_of_them()))
    assert time.monotonic() - began < 3


def test_a_node_of_another_graph(url: str) -> None:
    class Outer(TypedDict):
        what: str
        seconds: float
        log: list[str]

    remote = RemoteGraph(GRAPH, url=url, name="remote")
    outer = StateGraph(Outer).add_node("remote", remote).add_edge(START, "remote")
    graph = outer.compile(checkpointer=InMemorySaver())
    given = {"what": "tea", "seconds": 0.0}
    config = on("outer")
    asked = graph.invoke(given, config)
    assert [question.value for question in asked["__interrupt__"]] == [{"deliver": "tea"}]
    # async as well, on a thread of its own
    asked = asyncio.run(graph.ainvoke(given, on("outer, async")))
    assert [question.value for question in asked["__interrupt__"]] == [{"deliver": "tea"}]


def test_another_process_goes_on(binary: Path, tmp_path: Path) -> None:
    database = tmp_path / "threads.db"
    served = Served(binary, database)
    remote = RemoteGraph(GRAPH, url=served.url)
    remote.invoke(order(), on("kept"))
    before = remote.get_state(on("kept"))
    served.end(signal.SIGINT)
    served = Served(binary, database)
    remote = RemoteGraph(GRAPH, url=served.url)
    after = remote.get_state(on("kept"))
    assert (after.values, after.next, after.config) == (before.values, before.next, before.config)
    assert remote.invoke(Command(resume="Ada"), on("kept"))["log"][-1] == "closed"
    client = get_sync_client(url=served.url)
    assert client.threads.get("kept")["status"] == "idle"
    client.threads.delete("kept")
    with pytest.raises(NotFoundError):
        client.threads.get("kept")
    served.end()
    with sqlite3.connect(database) as connection:
        (left,) = connection.execute("SELECT count(*) FROM checkpoints").fetchone()
    assert left == 0


def test_the_end_cancels_a_run_once_its_node_has_returned(binary: Path) -> None:
    served = Served(binary)
    events: list[Any] = []

    def run() -> None:
        client = get_sync_client(url=served.url)
        stream = client.runs.stream(None, GRAPH, input=order(3), stream_mode="updates")
        events.extend(stream)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(1)
    began = time.monotonic()
    served.end()
    thread.join()
    assert time.monotonic() - began < 9
    assert events[-1].event == "error"
    assert events[-1].data["error"] == "Cancelled"


def test_help_says_what_is_not_there(binary: Path) -> None:
    done = subprocess.run([binary, "serve", "--help"], capture_output=True, text=True, check=True)
    assert "WITHOUT AUTHENTICATION" in done.stdout
    assert "enqueue" in done.stdout
