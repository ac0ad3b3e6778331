"""Graphs on a server: what is asked of the server, and what becomes of its answers."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import langgraph.pregel.remote
import langgraph.types
import pytest
from langgraph_sdk.schema import StreamPart

import langferry.compat.pregel.remote
import langferry.compat.types
from langferry.compat.errors import GraphInterrupt, ParentCommand
from langferry.graph.sink import Sink

from .faces import plain

FACES = [
    (langgraph.pregel.remote.RemoteGraph, langgraph.types),
    (langferry.compat.pregel.remote.RemoteGraph, langferry.compat.types),
]
ERRORS = (
    langgraph.pregel.remote.RemoteException,
    langferry.compat.pregel.remote.RemoteException,
)
ASKED = {"value": "ok?", "id": "1" * 32}
CHUNKS = [
    StreamPart("values", {"x": 1}),
    StreamPart("messages|inner:1", [{"content": "hi"}, {}]),
    StreamPart("updates|inner:1", {"a": {"x": 2}}),
    StreamPart("custom", "note"),
    StreamPart("updates", {"__interrupt__": [ASKED]}),
    StreamPart("values", {"x": 3, "__interrupt__": [ASKED]}),
]
CHECKPOINT = {"thread_id": "t", "checkpoint_ns": "", "checkpoint_id": "c"}
STATE = {
    "values": {"x": 1},
    "next": ["a"],
    "checkpoint": CHECKPOINT,
    "parent_checkpoint": {**CHECKPOINT, "checkpoint_map": {"": "b"}},
    "metadata": {"step": 1},
    "created_at": "now",
    "tasks": [
        {"id": "1", "name": "a", "error": "bad", "interrupts": [ASKED], "checkpoint": CHECKPOINT},
        {"id": "2", "name": "b", "error": None, "interrupts": [], "checkpoint": None},
    ],
}
for _task in STATE["tasks"]:  # type: ignore[attr-defined]
    _task["state"] = None
DRAWING = {
    "nodes": [{"id": 1, "data": {"name": "one"}}, {"id": "b", "name": "two"}, {"id": "c"}],
    "edges": [{"source": "1", "target": "b", "conditional": True}],
}
CONFIG = {
    "tags": ["t", 1],
    "recursion_limit": 7,
    "metadata": {"ok": (1, object()), 3: 4},
    "configurable": {
        "thread_id": "t",
        "checkpoint_id": "c",
        "__pregel_task_id": "x",
        "k": {"v": 1},
    },
}


def answered(kind: Any) -> Any:
    client = MagicMock()
    for name, answer in {
        "threads.get_state": STATE,
        "threads.get_history": [STATE],
        "threads.update_state": {"checkpoint": CHECKPOINT},
        "assistants.get_graph": DRAWING,
    }.items():
        group, method = name.split(".")
        setattr(getattr(client, group), method, kind(return_value=answer))
    return client


def streaming(chunks: list[StreamPart]) -> Any:
    client = answered(MagicMock)
    client.runs.stream.side_effect = lambda **asked: iter(chunks)
    return client


def requests_of(client: Any) -> list[Any]:
    return [(name, plain(kwargs)) for name, _, kwargs in client.mock_calls if kwargs]


CALLS: list[Any] = [
    lambda graph: graph.get_state(CONFIG, subgraphs=True),
    lambda graph: list(graph.get_state_history(CONFIG, limit=2, before=CONFIG)),
    lambda graph: graph.update_state(CONFIG, {"x": 1}, "a"),
    lambda graph: graph.get_graph(xray=1).to_json(),
]


@pytest.mark.parametrize("call", CALLS)
def test_threads_and_drawings(call: Any) -> None:
    told = []
    for graph_type, _ in FACES:
        client = answered(MagicMock)
        result = call(graph_type("assistant", sync_client=client))
        told.append((plain(result), requests_of(client)))
    assert told[1] == told[0]


def test_the_same_with_asyncio() -> None:
    async def ask(graph: Any) -> list[Any]:
        history = [state async for state in graph.aget_state_history(CONFIG)]
        return [
            await graph.aget_state(CONFIG),
            history,
            await graph.aupdate_state(CONFIG, None),
            (await graph.aget_graph()).to_json(),
        ]

    told = []
    for graph_type, _ in FACES:
        client = answered(AsyncMock)
        told.append((plain(asyncio.run(ask(graph_type("a", client=client)))), requests_of(client)))
    assert told[1] == told[0]


@pytest.mark.parametrize("subgraphs", [False, True])
@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("mode", [None, "values", "messages", ["updates", "custom"], ["events"]])
def test_chunks(mode: Any, version: str, subgraphs: bool) -> None:
    options = {"stream_mode": mode, "version": version, "subgraphs": subgraphs}
    told = []
    for graph_type, types in FACES:
        client = streaming([StreamPart(c.event, plain_copy(c.data)) for c in CHUNKS])
        graph = graph_type("a", sync_client=client, config={"tags": ["own"]})
        chunks = list(graph.stream(types.Command(resume=1), CONFIG, context={"c": 1}, **options))
        told.append((plain(chunks), requests_of(client)))
    assert told[1] == told[0]


def plain_copy(data: Any) -> Any:
    return dict(data) if isinstance(data, dict) else data


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_results(version: str) -> None:
    told = []
    for graph_type, _ in FACES:
        client = streaming([StreamPart(c.event, plain_copy(c.data)) for c in CHUNKS])
        result = graph_type("a", sync_client=client).invoke({"x": 0}, version=version)
        nothing = graph_type("a", sync_client=streaming([])).invoke({"x": 0}, version=version)
        told.append((plain(result), nothing))
    assert told[1] == told[0]


def test_as_a_node_it_asks_and_tells_through_the_graph_around_it() -> None:
    graph_type, types = FACES[1]
    outer = Sink(frozenset(("custom", "updates")))
    conf = {"checkpoint_ns": "node:1", "__pregel_stream": outer}
    graph = graph_type("a", sync_client=streaming(CHUNKS))
    with pytest.raises(GraphInterrupt) as stopped:
        list(graph.stream({}, {"configurable": conf}))
    assert stopped.value.args[0] == [types.Interrupt(**ASKED)]
    assert [told[:2] for told in outer.told] == [
        (("node:1", "inner:1"), "updates"),
        (("node:1",), "custom"),
        (("node:1",), "updates"),
    ]


def test_what_fails_on_the_server_fails_here() -> None:
    for graph_type, _ in FACES:
        graph = graph_type("a", sync_client=streaming([StreamPart("error", {"message": "bad"})]))
        with pytest.raises(ERRORS, match="bad"):
            graph.invoke({})
    command = StreamPart("command", {"graph": "__parent__", "goto": "b"})
    graph = FACES[1][0]("a", sync_client=streaming([command]))
    with pytest.raises(ParentCommand) as handed:
        graph.invoke({})
    assert handed.value.args[0].goto == "b"
