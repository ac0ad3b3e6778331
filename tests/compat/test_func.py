"""The functional API: what it streams, stores and raises is what LangGraph does."""

import asyncio
import operator
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Annotated, Any, TypedDict

import langgraph.config
import langgraph.func
import langgraph.graph
import langgraph.graph.message
import langgraph.types
import pytest
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

import langferry.compat.config
import langferry.compat.func
import langferry.compat.graph
import langferry.compat.graph.message
import langferry.compat.types

from .faces import plain


def _face(func: Any, types: Any, graph: Any, message: Any, config: Any) -> Any:
    return SimpleNamespace(
        task=func.task,
        entrypoint=func.entrypoint,
        interrupt=types.interrupt,
        Command=types.Command,
        RetryPolicy=types.RetryPolicy,
        StateGraph=graph.StateGraph,
        START=graph.START,
        MessagesState=message.MessagesState,
        push_message=message.push_message,
        get_config=config.get_config,
        get_stream_writer=config.get_stream_writer,
    )


REAL = _face(
    langgraph.func, langgraph.types, langgraph.graph, langgraph.graph.message, langgraph.config
)
SHIM = _face(
    langferry.compat.func,
    langferry.compat.types,
    langferry.compat.graph,
    langferry.compat.graph.message,
    langferry.compat.config,
)
MODES = ["values", "updates", "tasks", "debug", "checkpoints", "custom"]
THREAD = {"configurable": {"thread_id": "1"}}

Build = Callable[[Any, Any], Any]


def same(build: Build, *inputs: Any, ways: str = "sync async") -> list[Any]:
    """Check that a program tells and stores the same on LangGraph and on the shim, run after run.

    `build` is given the face and a saver; an input that is a function is given the face. Returns what
    LangGraph told the last way.
    """
    told: list[Any] = []
    for way in ways.split():
        for durability in ("async", "exit"):
            told = _told(build, REAL, inputs, way, durability)
            assert _told(build, SHIM, inputs, way, durability) == told, (way, durability)
    return told


def _told(build: Build, face: Any, inputs: Any, way: str, durability: str) -> list[Any]:
    saver = InMemorySaver()
    graph = build(face, saver)
    told: list[Any] = []
    for given in inputs:
        given = given(face) if callable(given) else given
        chunks: list[Any] = []
        try:
            if way == "sync":
                options: dict[str, Any] = {"stream_mode": MODES, "durability": durability}
                chunks.extend(graph.stream(given, THREAD, subgraphs=True, **options))
            else:
                asyncio.run(_astream(graph, given, durability, chunks))
        except Exception as error:
            chunks.append(error)
        told.append([plain(chunk) for chunk in chunks])
        told.append(stored(saver))
    return told


async def _astream(graph: Any, given: Any, durability: str, chunks: list[Any]) -> None:
    options: dict[str, Any] = {"stream_mode": MODES, "durability": durability}
    async for chunk in graph.astream(given, THREAD, subgraphs=True, **options):
        chunks.append(chunk)


def stored(saver: InMemorySaver) -> Any:
    """All a saver holds, its ids by the order in which they were made."""
    checkpoints = []
    for found in saver.list(None):
        seen = {name: len(by) for name, by in found.checkpoint["versions_seen"].items()}
        conf = found.config["configurable"]
        writes = saver.writes[(conf["thread_id"], conf["checkpoint_ns"], conf["checkpoint_id"])]
        pending = [
            (path, channel, plain(saver.serde.loads_typed(value)))
            for _, channel, value, path in writes.values()
        ]
        checkpoints.append(
            (
                plain(conf["checkpoint_ns"]),
                plain(found.metadata),
                plain(found.checkpoint["channel_values"]),
                seen,
                sorted(pending, key=repr),
            )
        )
    return sorted(checkpoints, key=repr)


def resume(value: Any) -> Any:
    return lambda face: face.Command(resume=value)


def test_a_finished_turn_shows_what_it_returned() -> None:
    def told(face: Any) -> list[Any]:
        @face.entrypoint(checkpointer=InMemorySaver())
        def program(n: int, *, previous: int | None) -> Any:
            answer = face.interrupt("how many?")
            return face.entrypoint.final(value={"n": n, "previous": previous}, save=n + answer)

        for given in (1, face.Command(resume=2), 3, face.Command(resume=4)):
            program.invoke(given, THREAD)
        return [
            (state.values, [(task.name, task.result) for task in state.tasks])
            for state in program.get_state_history(THREAD)
        ]

    assert told(SHIM) == told(REAL)
    assert told(SHIM)[1] == (
        {"n": 1, "previous": None},
        [("program", {"n": 3, "previous": 3})],
    )


def test_tasks_one_after_another() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def add(x: int, *, more: int = 1) -> int:
            return x + more

        @face.entrypoint(checkpointer=saver)
        def flow(x: int) -> int:
            return add(add(x).result(), more=5).result()

        return flow

    told = same(build, 1, 2)
    assert ((), "updates", {"add": 7}) in told[0]


def test_coroutine_tasks() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        async def add(x: int) -> int:
            return x + 1

        @face.task
        async def slow(x: int) -> int:
            await asyncio.sleep(0.02)
            return x

        @face.entrypoint(checkpointer=saver)
        async def flow(x: int) -> int:
            late = slow(x)
            return sum(await asyncio.gather(late, add(await add(x))))

        return flow

    same(build, 1, ways="async")


def test_what_a_finished_task_returned_is_not_computed_again() -> None:
    for face in (REAL, SHIM):
        ran: list[int] = []

        def build(face: Any, saver: Any, ran: list[int] = ran) -> Any:
            @face.task
            def note(x: int) -> int:
                ran.append(x)
                return x

            @face.task
            def ask(question: str) -> str:
                answer: str = face.interrupt(question)
                return answer

            @face.entrypoint(checkpointer=saver)
            def flow(x: int) -> Any:
                first = note(x).result()
                answers = ask("who").result() + face.interrupt("when")
                return [first, answers, note(x + 1).result()]

            return flow

        _told(build, face, [1, resume("me"), resume("now")], "sync", "async")
        assert ran == [1, 2]
    same(build, 1, resume("me"), None, resume("now"))


def test_falsy_results_count() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def give(x: Any) -> Any:
            return x

        @face.entrypoint(checkpointer=saver)
        def flow(_: Any) -> Any:
            given = [give(x).result() for x in (None, 0, "", False)]
            return [given, face.interrupt("on?")]

        return flow

    same(build, 1, resume("yes"))


def test_questions_of_several_tasks_are_answered_by_id() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def ask(question: str) -> str:
            return question + face.interrupt(question)

        @face.entrypoint(checkpointer=saver)
        def flow(_: Any) -> Any:
            asked = [ask("a"), ask("b")]
            return [future.result() for future in asked]

        return flow

    answers: dict[str, Any] = {}
    for face in (REAL, SHIM):
        graph = build(face, InMemorySaver())
        graph.invoke(0, THREAD)
        with pytest.raises(RuntimeError, match="multiple pending interrupts"):
            graph.invoke(face.Command(resume="x"), THREAD)
        state = graph.checkpointer.get_tuple(THREAD)
        asked = {
            interrupt.id: interrupt.value.upper()
            for _, channel, found in state.pending_writes
            if channel == "__interrupt__"
            for interrupt in found
        }
        answers[face is REAL] = graph.invoke(face.Command(resume=asked), THREAD)
    assert answers[True] == answers[False] == ["aA", "bB"]


def test_what_a_task_raises_reaches_its_caller() -> None:
    def build(face: Any, saver: Any) -> Any:
        tries: list[int] = []

        @face.task
        def fail(x: int) -> int:
            tries.append(x)
            if len(tries) < 3:
                raise ValueError(f"no {x}")
            return x

        @face.task
        def fine() -> str:
            return "fine"

        @face.entrypoint(checkpointer=saver)
        def flow(x: int) -> Any:
            before = fine().result()
            try:
                fail(x).result()
            except ValueError as error:
                caught = str(error)
            return [before, caught, fail(x + 1).result()]

        return flow

    same(build, 1)


def test_a_failed_run_goes_on_with_the_tasks_that_have_finished() -> None:
    def build(face: Any, saver: Any) -> Any:
        tries: list[int] = []

        @face.task
        def count() -> int:
            tries.append(1)
            return len(tries)

        @face.task
        def fail_once(x: int) -> int:
            if len(tries) < 2:
                tries.append(2)
                raise KeyError(x)
            return x

        @face.entrypoint(checkpointer=saver)
        def flow(x: int) -> Any:
            return [count().result(), fail_once(x).result()]

        return flow

    told = same(build, 1, None)
    assert ((), "values", [1, 1]) in told[-2]


def test_tasks_call_tasks() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def leaf(x: int) -> int:
            return x + (face.interrupt(f"more than {x}?") if x == 2 else 0)

        @face.task
        def branch(x: int) -> int:
            return leaf(x).result() + leaf(x + 1).result()

        @face.entrypoint(checkpointer=saver)
        def flow(x: int) -> int:
            return branch(x).result() * branch(x + 5).result()

        return flow

    same(build, 1, resume(10))


class State(TypedDict, total=False):
    x: int
    log: Annotated[list[str], operator.add]


def test_tasks_in_nodes_and_in_subgraphs() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def double(x: int) -> int:
            return x * 2

        @face.entrypoint()
        def inner(x: int) -> int:
            return double(x).result() + face.interrupt("how much?")

        def node(state: State) -> Any:
            return {"x": double(state["x"]).result(), "log": ["node"]}

        def outer(state: State) -> Any:
            return {"x": inner.invoke(state["x"]), "log": [str(double(1).result())]}

        graph = face.StateGraph(State)
        graph.add_sequence([node, outer])
        graph.add_edge(face.START, "node")
        return graph.compile(checkpointer=saver)

    same(build, {"x": 1}, resume(5))


def test_a_router_can_call_tasks() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def is_big(x: int) -> bool:
            return x > 3

        graph = face.StateGraph(State)
        graph.add_node("add", lambda state: {"x": state["x"] + 1})
        graph.add_edge(face.START, "add")
        graph.add_conditional_edges(
            "add", lambda state: "__end__" if is_big(state["x"]).result() else "add"
        )
        return graph.compile(checkpointer=saver)

    same(build, {"x": 1}, ways="sync")


def test_what_tasks_write_to_channels_is_applied_after_the_step() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def speak(text: str) -> None:
            face.push_message(AIMessage(text, id=text))

        @face.task
        def both() -> None:
            speak("deep").result()
            face.push_message(AIMessage("flat", id="flat"))

        def node(state: Any) -> Any:
            both().result()
            speak("late").result()
            return {"messages": [AIMessage("own", id="own")]}

        graph = face.StateGraph(face.MessagesState)
        graph.add_node("node", node)
        graph.add_edge(face.START, "node")
        return graph.compile(checkpointer=saver)

    same(build, {"messages": []}, ways="sync")


def test_previous_and_final() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.entrypoint(checkpointer=saver)
        def flow(x: int, *, previous: Any = None, config: RunnableConfig) -> Any:
            assert config["configurable"]["thread_id"] == "1"
            return face.entrypoint.final(value=previous, save=x * 2)

        return flow

    assert ((), "values", 2) in same(build, 1, 5)[2]


def test_retries() -> None:
    def build(face: Any, saver: Any) -> Any:
        tries: list[str] = []
        retry = face.RetryPolicy(initial_interval=0.001, jitter=False, retry_on=OSError)

        @face.task(retry_policy=retry)
        def own() -> int:
            tries.append("own")
            if tries.count("own") < 3:
                raise OSError("not yet")
            return len(tries)

        @face.task
        def inherited() -> int:
            tries.append("inherited")
            if tries.count("inherited") < 2:
                raise OSError("not yet")
            return len(tries)

        @face.entrypoint(checkpointer=saver, retry_policy=retry)
        def flow(_: Any) -> Any:
            return [own().result(), inherited().result()]

        return flow

    same(build, 0)


def test_tasks_stream_what_they_like() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def speak(x: int) -> int:
            face.get_stream_writer()(f"at {x}")
            return x

        @face.entrypoint(checkpointer=saver)
        def flow(x: int, writer: Any = None) -> int:
            writer("begins")
            return speak(x).result() + speak(x + 1).result()

        return flow

    same(build, 1)


def test_what_a_task_finds_in_its_config() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task(name="renamed")
        def look(config: RunnableConfig) -> Any:
            conf: Any = config["configurable"]
            return {
                "metadata": config["metadata"],
                "tags": config.get("tags") or [],
                "ns": conf["checkpoint_ns"],
                "map": sorted(map(plain, conf["checkpoint_map"])),
                "runtime": plain(conf["__pregel_runtime"].execution_info.checkpoint_ns),
            }

        @face.task
        def outer() -> Any:
            return look().result()

        @face.entrypoint(checkpointer=saver)
        def flow(_: Any) -> Any:
            return [look().result(), outer().result()]

        return flow

    same(build, 0)


def test_a_thread_goes_back_and_forth() -> None:
    for first, then in ((REAL, SHIM), (SHIM, REAL)):
        ran: list[str] = []

        def build(face: Any, saver: Any, ran: list[str] = ran) -> Any:
            @face.task
            def leaf(x: str) -> str:
                ran.append(x)
                return x

            @face.task
            def branch(x: str) -> str:
                return leaf(x + "1").result() + leaf(x + "2").result()

            @face.entrypoint(checkpointer=saver)
            def flow(x: str) -> str:
                found = branch(x).result()
                return found + face.interrupt("on?") + branch(found).result()

            return flow

        saver = InMemorySaver()
        build(first, saver).invoke("a", THREAD)
        assert build(then, saver).invoke(then.Command(resume="!"), THREAD) == "a1a2!a1a21a1a22"
        assert ran == ["a1", "a2", "a1a21", "a1a22"]


def test_a_task_needs_a_graph_around_it() -> None:
    told = []
    for face in (REAL, SHIM):

        @face.task
        def lost() -> None: ...

        with pytest.raises(RuntimeError) as raised:
            lost()
        told.append(str(raised.value))
    assert told[0] == told[1]


def test_refused_functions() -> None:
    told = []
    for face in (REAL, SHIM):

        def generator(x: Any) -> Any:
            yield x

        def sync(x: Any) -> Any: ...

        def nothing() -> Any: ...

        def half(x: Any) -> "Any": ...

        half.__annotations__["return"] = face.entrypoint.final[int, str]
        refused: list[Any] = [
            lambda face=face: face.entrypoint()(generator),
            lambda face=face: face.entrypoint()(nothing),
            lambda face=face: face.entrypoint(timeout=1)(sync),
            lambda face=face: face.task(timeout=1)(sync),
            lambda face=face: face.task(timeout=-1)(sync),
        ]
        errors = []
        for refuse in refused:
            with pytest.raises((NotImplementedError, ValueError)) as raised:
                refuse()
            errors.append((type(raised.value), str(raised.value)))
        told.append((errors, face.entrypoint()(half).get_output_jsonschema()))
    assert told[0] == told[1]


def test_a_coroutine_task_is_refused_in_a_synchronous_run() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        async def add(x: int) -> int:
            return x + 1

        @face.entrypoint(checkpointer=saver)
        def flow(x: int) -> Any:
            return add(x).result()

        return flow

    same(build, 1, ways="sync")


def test_results_come_out_while_the_entrypoint_runs() -> None:
    @SHIM.task
    def quick() -> str:
        return "quick"

    @SHIM.entrypoint()
    def flow(_: Any) -> str:
        quick().result()
        time.sleep(0.3)
        return "slow"

    began = time.monotonic()
    chunks = flow.stream(0)
    assert next(chunks) == {"quick": "quick"}
    assert time.monotonic() - began < 0.25
    assert list(chunks) == [{"flow": "slow"}]


@pytest.mark.parametrize("limit", [1, 2])
def test_a_limit_holds_and_waiting_for_a_task_cannot_block_it(limit: int) -> None:
    running: list[int] = []
    most: list[int] = []

    @SHIM.task
    def leaf(x: int) -> int:
        running.append(x)
        most.append(len(running))
        time.sleep(0.005)
        running.remove(x)
        return x

    @SHIM.task
    def branch(x: int) -> int:
        return sum(future.result() for future in [leaf(x), leaf(x + 100)])

    @SHIM.entrypoint()
    def flow(n: int) -> int:
        return sum(future.result() for future in [branch(x) for x in range(n)])

    assert flow.invoke(5, {"max_concurrency": limit}) == 2 * 10 + 500
    assert max(most) <= limit


def test_a_task_that_nobody_awaits_still_ends_the_step() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        def slow(x: int) -> int:
            time.sleep(0.03)
            return x

        @face.entrypoint(checkpointer=saver)
        def flow(x: int) -> str:
            slow(x)
            return "done"

        return flow

    same(build, 1)


def test_a_cancelled_task_is_stored_as_failed() -> None:
    def build(face: Any, saver: Any) -> Any:
        @face.task
        async def slow(x: int) -> int:
            await asyncio.sleep(30)
            return x

        @face.entrypoint(checkpointer=saver)
        async def flow(x: int) -> str:
            future = slow(x)
            await asyncio.sleep(0.01)
            future.cancel()
            early = slow(x + 1)
            early.cancel()
            await asyncio.sleep(0.01)
            return f"{future.cancelled()} {early.cancelled()}"

        return flow

    told = same(build, 1, ways="async")
    assert re.search("CancelledError", repr(told))


def test_a_saver_that_fails_fails_the_run() -> None:
    class Broken(InMemorySaver):
        def put_writes(self, config: Any, writes: Any, task_id: str, task_path: str = "") -> None:
            if writes[0][0] == "__return__":
                raise OSError("disk full")
            super().put_writes(config, writes, task_id, task_path)

    for face in (REAL, SHIM):

        @face.task
        def add(x: int) -> int:
            return x + 1

        @face.entrypoint(checkpointer=Broken())
        def flow(x: int) -> int:
            return add(x).result()

        with pytest.raises(OSError, match="disk full"):
            flow.invoke(1, THREAD)
        with pytest.raises(OSError, match="disk full"):
            asyncio.run(flow.ainvoke(1, THREAD))
