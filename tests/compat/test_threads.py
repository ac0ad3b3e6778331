"""Threads: looking back, changing the state, going on from the past."""

import operator
from typing import Annotated, Any, TypedDict

import pytest
from langgraph.types import RetryPolicy as REAL_POLICY

from .faces import OURS, REAL, plain


class State(TypedDict, total=False):
    log: Annotated[list[str], operator.add]
    n: int


THREAD = {"configurable": {"thread_id": "1"}}


def built(api: Any, **options: Any) -> Any:
    graph = api.StateGraph(State)
    graph.add_node("a", lambda state: {"log": ["a"], "n": state["n"] + 1})
    graph.add_node("b", lambda state: {"log": ["b"]})
    graph.add_node("c", lambda state: {"log": ["c" if state["n"] < 5 else "many"]})
    graph.add_edge(api.START, "a")
    graph.add_conditional_edges("a", lambda state: "b" if state["n"] < 5 else "c", ["b", "c"])
    graph.add_edge("b", "c")
    return graph.compile(checkpointer=api.InMemorySaver(), **options)


def history(graph: Any, **options: Any) -> list[Any]:
    """What a thread's history says, ids left out."""
    return [
        (
            plain(state.values),
            state.next,
            state.metadata["source"],
            state.metadata["step"],
            [(task.name, task.path, plain(task.result), plain(task.error)) for task in state.tasks],
            state.parent_config is None,
        )
        for state in graph.get_state_history(THREAD, **options)
    ]


def agree(use: Any) -> Any:
    """Check that all faces say the same."""
    expected = use(REAL)
    for name, api in OURS.items():
        assert use(api) == expected, name
    return expected


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
def test_a_thread_s_history(durability: str) -> None:
    def use(api: Any) -> Any:
        graph = built(api)
        graph.invoke({"n": 1}, THREAD, durability=durability)
        return history(graph), history(graph, limit=2), history(graph, filter={"step": 1})

    whole, newest, filtered = agree(use)
    assert len(newest) == min(2, len(whole))
    assert len(filtered) == (durability != "exit")


@pytest.mark.parametrize(
    "as_node", [None, "a", "b", "c", "__start__", "__input__", "__copy__", "no"]
)
def test_an_update(as_node: str | None) -> None:
    def use(api: Any) -> Any:
        graph = built(api, interrupt_after=["a"])
        graph.invoke({"n": 1}, THREAD)
        try:
            values = None if as_node == "__copy__" else {"n": 7, "log": ["update"]}
            graph.update_state(THREAD, values, as_node=as_node)
        except Exception as error:
            return type(error).__name__, str(error)
        after = history(graph)
        return after, graph.invoke(None, THREAD), history(graph)

    agree(use)


def test_an_end_by_update() -> None:
    def use(api: Any) -> Any:
        graph = built(api, interrupt_before=["b"])
        graph.invoke({"n": 1}, THREAD)
        graph.update_state(THREAD, None, as_node=api.END)
        return history(graph), graph.invoke(None, THREAD)

    agree(use)


def test_updates_in_bulk() -> None:
    def use(api: Any) -> Any:
        graph = built(api)
        graph.bulk_update_state(
            THREAD,
            [
                [({"n": 1}, "__input__", None)],
                [({"log": ["x"], "n": 2}, "a", None)],
                [({"log": ["y"]}, "b", None), ({"log": ["z"]}, "c", None)],
            ],
        )
        return history(graph), graph.invoke(None, THREAD)

    agree(use)


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("given", [None, {"n": 10}])
def test_going_on_from_the_past(at: int, given: Any) -> None:
    def use(api: Any) -> Any:
        graph = built(api)
        graph.invoke({"n": 1}, THREAD)
        past = list(graph.get_state_history(THREAD))[at]
        chunks = list(graph.stream(given, past.config, stream_mode=["values", "updates"]))
        return chunks, history(graph), history(graph, before=past.config)

    agree(use)


@pytest.mark.parametrize("stops", [{"interrupt_before": "*"}, {"interrupt_after": ["a", "b"]}])
def test_breakpoints(stops: dict[str, Any]) -> None:
    def use(api: Any) -> Any:
        at_compile, at_run = built(api, **stops), built(api)
        told = []
        for given in ({"n": 1}, None, None, None):
            told.append(list(at_compile.stream(given, THREAD)))
            told.append(list(at_run.stream(given, THREAD, **stops)))
        return told, history(at_compile), history(at_run)

    agree(use)


def test_a_question_is_asked_again_in_the_past() -> None:
    def use(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("ask", lambda state: {"log": [api.interrupt("what")]})
        graph.add_edge(api.START, "ask")
        graph = graph.compile(checkpointer=api.InMemorySaver())
        graph.invoke({"n": 1}, THREAD)
        graph.invoke(api.Command(resume="this"), THREAD)
        asked = next(state for state in graph.get_state_history(THREAD) if state.next == ("ask",))
        again = graph.invoke(None, asked.config)
        answered = graph.invoke(api.Command(resume="that"), THREAD)
        return plain(again["__interrupt__"][0].value), answered, history(graph)

    assert agree(use)[:2] == ("what", {"n": 1, "log": ["that"]})


def test_a_run_is_drained_and_goes_on() -> None:
    class Control:
        drain_requested = False
        drain_reason = "maintenance"

    def use(api: Any) -> Any:
        control = Control()

        def drain(state: Any) -> Any:
            control.drain_requested = True
            return {"log": ["drain"]}

        graph = api.StateGraph(State)
        graph.add_node("drain", drain)
        graph.add_node("later", lambda state: {"log": ["later"]})
        graph.add_edge(api.START, "drain")
        graph.add_edge("drain", "later")
        graph = graph.compile(checkpointer=api.InMemorySaver())
        with pytest.raises(Exception, match="Graph drained: maintenance") as caught:
            graph.invoke({"n": 1}, THREAD, control=control)
        return type(caught.value).__name__, history(graph), graph.invoke(None, THREAD)

    assert agree(use)[::2] == ("GraphDrained", {"n": 1, "log": ["drain", "later"]})


def test_retries() -> None:
    def use(api: Any) -> Any:
        tries: list[int] = []

        def flaky(state: Any) -> Any:
            tries.append(1)
            if len(tries) < 3:
                raise ConnectionError("lost")
            return {"log": [str(len(tries))]}

        policy = REAL_POLICY(initial_interval=0.0, jitter=False)
        graph = api.StateGraph(State)
        graph.add_node("flaky", flaky, retry_policy=policy)
        graph.add_edge(api.START, "flaky")
        return graph.compile().invoke({"n": 1}), len(tries)

    assert agree(use) == ({"n": 1, "log": ["3"]}, 3)
