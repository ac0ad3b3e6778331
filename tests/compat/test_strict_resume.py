"""Strict resume: answers to questions that are not open are refused."""

import uuid
from typing import Any, TypedDict

import langgraph.errors
import pytest

import langferry.compat.errors

from .faces import REAL, SHIM

ERRORS = (langgraph.errors.UnknownInterruptError, langferry.compat.errors.UnknownInterruptError)
UNKNOWN = "0" * 32


class State(TypedDict, total=False):
    a: Any
    b: Any


def asking_twice(face: Any) -> Any:
    def asks(name: str) -> Any:
        return lambda state: {name: face.interrupt(name)}

    builder = face.StateGraph(State)
    for name in ("a", "b"):
        builder.add_node(name, asks(name)).add_edge(face.START, name)
    return builder.compile(checkpointer=face.InMemorySaver())


def strictly() -> Any:
    thread = {"thread_id": str(uuid.uuid4()), "__pregel_strict_resume": True}
    return {"configurable": thread}


@pytest.mark.parametrize("face", [REAL, SHIM], ids=["langgraph", "shim"])
@pytest.mark.parametrize(
    ("answer", "reason", "unknown"),
    [({}, "empty_map", ()), ({UNKNOWN: 1}, "not_pending", (UNKNOWN,)), ("yes", "ambiguous", ())],
)
def test_what_is_refused(face: Any, answer: Any, reason: str, unknown: Any) -> None:
    graph, config = asking_twice(face), strictly()
    graph.invoke({}, config)
    before = graph.get_state(config)
    with pytest.raises(ERRORS) as refused:
        graph.invoke(face.Command(resume=answer), config)
    error: Any = refused.value
    pending = tuple(sorted(asked.id for asked in before.interrupts))
    assert (error.reason, error.interrupt_ids, error.pending_ids) == (reason, unknown, pending)
    assert graph.get_state(config) == before


@pytest.mark.parametrize("face", [REAL, SHIM], ids=["langgraph", "shim"])
def test_open_questions_are_answered(face: Any) -> None:
    graph, config = asking_twice(face), strictly()
    graph.invoke({}, config)
    ids = {asked.value: asked.id for asked in graph.get_state(config).interrupts}
    graph.invoke(face.Command(resume={ids["a"]: 1}), config)
    with pytest.raises(ERRORS, match=ids["a"]):
        graph.invoke(face.Command(resume={ids["a"]: 1}), config)
    assert graph.invoke(face.Command(resume=2), config) == {"a": 1, "b": 2}
