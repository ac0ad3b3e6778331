"""`DeltaChannel`: what is stored of it, when and where, as LangGraph stores it."""

import asyncio
import contextlib
import operator
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Annotated, Any, TypedDict

import langgraph.channels.delta
import langgraph.errors
import langgraph.graph
import langgraph.pregel
import langgraph.types
import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.types import _DeltaSnapshot

import langferry.compat.channels.delta
import langferry.compat.errors
import langferry.compat.graph
import langferry.compat.pregel
import langferry.compat.types

REAL = SimpleNamespace(
    graph=langgraph.graph,
    types=langgraph.types,
    pregel=langgraph.pregel,
    DeltaChannel=langgraph.channels.delta.DeltaChannel,
    GraphRecursionError=langgraph.errors.GraphRecursionError,
)
SHIM = SimpleNamespace(
    graph=langferry.compat.graph,
    types=langferry.compat.types,
    pregel=langferry.compat.pregel,
    DeltaChannel=langferry.compat.channels.delta.DeltaChannel,
    GraphRecursionError=langferry.compat.errors.GraphRecursionError,
)
THREAD: Any = {"configurable": {"thread_id": "1"}}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def joined(current: list[str], writes: list[list[str]]) -> list[str]:
    return [*current, *(item for write in writes for item in write)]


def both(marker: str) -> dict[str, list[str]]:
    return {"log": [marker], "plain": [marker]}


def state(api: Any, frequency: int = 1000) -> Any:
    channel = api.DeltaChannel(joined, list, snapshot_frequency=frequency)
    fields = {
        "log": Annotated[list, channel],
        "plain": Annotated[list, operator.add],
        "quiet": Annotated[list, api.DeltaChannel(joined, list)],
    }
    return TypedDict("State", fields, total=False)  # type: ignore[operator]


def chain(api: Any, saver: Any, frequency: int = 1000, **options: Any) -> Any:
    graph = api.graph.StateGraph(state(api, frequency))
    for name in "abc":
        graph.add_node(name, lambda state, name=name: both(name))
    graph.add_edge(api.graph.START, "a").add_edge("a", "b").add_edge("b", "c")
    return graph.compile(checkpointer=saver, **options)


def asking(api: Any, saver: Any) -> Any:
    def ask(state: Any) -> Any:
        return both(api.types.interrupt("well?"))

    graph = api.graph.StateGraph(state(api))
    graph.add_node("done", lambda state: both("done"))
    graph.add_node("ask", ask)
    graph.add_node("after", lambda state: both("after"))
    graph.add_edge(api.graph.START, "done").add_edge(api.graph.START, "ask")
    graph.add_edge("ask", "after")
    return graph.compile(checkpointer=saver)


def stored(saver: InMemorySaver) -> list[Any]:
    """All a saver holds of the thread, oldest first, with ids numbered as they come."""
    numbers: dict[str, str] = {}

    def named(id: str | None) -> str:
        if id is None or id.startswith("ffffffff"):
            return str(id)[:18]
        if id.startswith("0000000"):
            return id[:8]
        return numbers.setdefault(id, f"#{len(numbers)}")

    def version(name: Any) -> int:
        return int(str(name).split(".")[0])

    told: list[Any] = []
    for found in sorted(saver.list(THREAD), key=lambda found: found.checkpoint["id"]):
        checkpoint, parent = found.checkpoint, found.parent_config
        values = {
            name: ("whole", value.value) if isinstance(value, _DeltaSnapshot) else value
            for name, value in checkpoint["channel_values"].items()
        }
        seen = {
            who: {name: version(name_) for name, name_ in versions.items()}
            for who, versions in checkpoint["versions_seen"].items()
            if versions
        }
        written = saver.writes[("1", "", checkpoint["id"])]
        writes = sorted(
            (path, named(task), channel, saver.serde.loads_typed(value))
            for task, channel, value, path in written.values()
            if channel != "__interrupt__"
        )
        told.append(
            {
                "id": named(checkpoint["id"]),
                "parent": named(parent["configurable"]["checkpoint_id"]) if parent else None,
                "metadata": {k: v for k, v in found.metadata.items() if k != "thread_id"},
                "values": values,
                "versions": {k: version(v) for k, v in checkpoint["channel_versions"].items()},
                "seen": seen,
                "updated": checkpoint.get("updated_channels") or None,
                "writes": [(path, channel, value) for path, _, channel, value in writes],
                "tasks": sorted(task for _, task, _, _ in writes if not task.startswith("#")),
            }
        )
    return told


Use = Callable[[Any, Any, str], Any]


def go_on(api: Any, saver: Any, durability: str) -> None:
    graph = chain(api, saver, frequency=5)
    for turn in range(4):
        graph.invoke(both(f"in{turn}"), THREAD, durability=durability)


def overwrite(api: Any, saver: Any, durability: str) -> None:
    graph = chain(api, saver)
    graph.invoke(both("in"), THREAD, durability=durability)
    graph.invoke({"log": api.types.Overwrite(["new"]), "plain": []}, THREAD, durability=durability)
    graph.update_state(THREAD, {"log": api.types.Overwrite(["newest"])}, as_node="b")


def answer(api: Any, saver: Any, durability: str) -> None:
    graph = asking(api, saver)
    graph.invoke(both("in"), THREAD, durability=durability)
    graph.invoke(api.types.Command(resume="yes"), THREAD, durability=durability)


def answer_and_update(api: Any, saver: Any, durability: str) -> None:
    graph = asking(api, saver)
    graph.invoke(both("in"), THREAD, durability=durability)
    command = api.types.Command(resume="yes", update=both("cmd"))
    graph.invoke(command, THREAD, durability=durability)


def drop_the_question(api: Any, saver: Any, durability: str) -> None:
    graph = asking(api, saver)
    graph.invoke(both("in"), THREAD, durability=durability)
    graph.invoke(both("in again"), THREAD, durability=durability)


def fork(api: Any, saver: Any, durability: str) -> None:
    graph = chain(api, saver)
    graph.invoke(both("in1"), THREAD, durability=durability)
    past = [state.config for state in graph.get_state_history(THREAD)]
    graph.invoke(both("in2"), THREAD, durability=durability)
    graph.invoke(both("in3"), past[0], durability=durability)
    # with "exit", the oldest one is empty, and nothing goes on from it
    graph.invoke(None, past[0 if durability == "exit" else -1], durability=durability)
    graph.invoke(api.types.Command(update=both("cmd")), past[0], durability=durability)


def update(api: Any, saver: Any, durability: str) -> None:
    graph = chain(api, saver)
    graph.update_state(THREAD, both("first"), as_node="a")
    graph.invoke(None, THREAD, durability=durability)
    head = graph.get_state(THREAD).config
    graph.update_state(THREAD, both("u"), as_node="b")
    graph.update_state(head, both("v"), as_node="b")
    made = api.types.StateUpdate
    steps = [
        [made(both("w"), "a"), made(both("x"), "b")],
        [made(both("y"), "__input__")],
        [made(None, "__end__")],
    ]
    graph.bulk_update_state(THREAD, steps)
    graph.update_state(THREAD, None, as_node="__copy__")


def stop_before(api: Any, saver: Any, durability: str) -> None:
    graph = chain(api, saver, frequency=3, interrupt_before=["b"], interrupt_after=["c"])
    for _ in range(2):
        graph.invoke(both("in"), THREAD, durability=durability)
        graph.invoke(None, THREAD, durability=durability)


def subscribers(api: Any, saver: Any, durability: str) -> None:
    channel = api.DeltaChannel(joined, list, snapshot_frequency=4)
    builder = api.pregel.NodeBuilder
    graph = api.pregel.Pregel(
        nodes={
            "one": builder().subscribe_only("log").do(lambda log: ["one"]).write_to("log"),
            "two": builder().subscribe_only("other").do(lambda log: ["two"]).write_to("end"),
        },
        channels={
            "log": channel,
            "other": api.DeltaChannel(joined, list),
            "end": api.DeltaChannel(joined, list, snapshot_frequency=1),
        },
        input_channels=["log", "other"],
        output_channels=["log", "end"],
        checkpointer=saver,
    )
    config = {**THREAD, "recursion_limit": 3}
    for given in ({"other": ["o"]}, {"log": ["l"], "other": ["p"]}, {"other": ["q"]}):
        with contextlib.suppress(api.GraphRecursionError):
            graph.invoke(given, config, durability=durability)


USES = [
    go_on, overwrite, answer, answer_and_update, drop_the_question, fork, update, stop_before,
    subscribers,
]  # fmt: skip


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
@pytest.mark.parametrize("use", USES)
def test_a_saver_is_given_what_langgraph_gives_it(use: Use, durability: str) -> None:
    told = []
    for api in (REAL, SHIM):
        saver = InMemorySaver()
        use(api, saver, durability)
        told.append(stored(saver))
    assert told[1] == told[0]
    assert any(
        "log" in found["metadata"].get("counters_since_delta_snapshot", {}) for found in told[0]
    )


@pytest.mark.parametrize("use", USES)
def test_threads_go_back_and_forth(use: Use) -> None:
    told = []
    for first, second in ((REAL, REAL), (REAL, SHIM), (SHIM, REAL)):
        saver = InMemorySaver()
        use(first, saver, "async")
        graph = chain(second, saver)
        states = [found.values for found in graph.get_state_history(THREAD)]
        graph.invoke(both("last"), THREAD)
        told.append((states, graph.get_state(THREAD).values))
    assert told[1] == told[0]
    assert told[2] == told[0]
    for values in told[0][0]:
        if use is not subscribers:
            assert values["log"] == values["plain"] or use is overwrite


def test_the_same_with_asyncio() -> None:
    async def use(api: Any, saver: Any, durability: str) -> None:
        graph = asking(api, saver)
        await graph.ainvoke(both("in"), THREAD, durability=durability)
        await graph.ainvoke(api.types.Command(resume="yes"), THREAD, durability=durability)
        await graph.aupdate_state(THREAD, both("u"), as_node="after")
        assert (await graph.aget_state(THREAD)).values["log"][-1] == "u"

    for durability in ("sync", "async", "exit"):
        told = []
        for api in (REAL, SHIM):
            saver = InMemorySaver()
            asyncio.run(use(api, saver, durability))
            told.append(stored(saver))
        assert told[1] == told[0]
