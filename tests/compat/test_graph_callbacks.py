"""Graph callbacks: told when a run pauses and when it goes on."""

import asyncio
from typing import Any, TypedDict

import langgraph.callbacks
import pytest

import langferry.compat.callbacks

from .faces import REAL, SHIM

FACES = [(REAL, langgraph.callbacks), (SHIM, langferry.compat.callbacks)]


class State(TypedDict, total=False):
    x: int


def recorder(callbacks: Any) -> Any:
    class Recorder(callbacks.GraphCallbackHandler):  # type: ignore[misc]
        def __init__(self) -> None:
            self.events: list[Any] = []

        def on_interrupt(self, event: Any) -> None:
            self.events.append(("interrupt", event))

        def on_resume(self, event: Any) -> None:
            self.events.append(("resume", event))

    return Recorder()


def graph_of(face: Any) -> Any:
    def ask(state: State) -> Any:
        return {"x": face.interrupt("x?")}

    inner = face.StateGraph(State).add_node("ask", ask).add_edge(face.START, "ask").compile()
    builder = face.StateGraph(State)
    builder.add_sequence([("first", lambda state: None), ("inner", inner)])
    builder.add_edge(face.START, "first")
    saver = face.InMemorySaver()
    return builder.compile(checkpointer=saver, interrupt_before=["inner"])


def told(face: Any, callbacks: Any, *, asynchronous: bool) -> list[Any]:
    graph, handler = graph_of(face), recorder(callbacks)
    config: Any = {"configurable": {"thread_id": "1"}, "callbacks": [handler]}
    seen = []

    def run(given: Any, at: Any = None) -> None:
        asked = {**config, "configurable": {**config["configurable"], **(at or {})}}
        if asynchronous:
            asyncio.run(graph.ainvoke(given, asked))
        else:
            graph.invoke(given, asked)
        ids = [s.config["configurable"]["checkpoint_id"] for s in graph.get_state_history(config)]
        for kind, event in handler.events:
            depth = len(event.checkpoint_ns)
            step = None if depth else ids[::-1].index(event.checkpoint_id)
            values = [asked.value for asked in getattr(event, "interrupts", ())]
            seen.append((kind, event.status, depth, step, values))
        handler.events.clear()

    run({"x": 0})
    before_inner = graph.get_state(config).config["configurable"]["checkpoint_id"]
    run(None)
    run(face.Command(resume=5))
    run(None, {"checkpoint_id": before_inner})
    return seen


@pytest.mark.parametrize("asynchronous", [False, True])
def test_events_are_those_of_langgraph(asynchronous: bool) -> None:
    expected, ours = (told(*face, asynchronous=asynchronous) for face in FACES)
    assert ours == expected
    assert [kind for kind, *_ in ours].count("interrupt") == 3


def test_a_handler_may_end_the_run() -> None:
    handler = recorder(langferry.compat.callbacks)
    handler.raise_error = True
    handler.on_interrupt = lambda event: 1 / 0
    config = {"configurable": {"thread_id": "1"}, "callbacks": [handler]}
    with pytest.raises(ZeroDivisionError):
        graph_of(SHIM).invoke({"x": 0}, config)
