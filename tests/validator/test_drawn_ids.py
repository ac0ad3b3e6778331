"""Runs that differ only in the message ids drawn by LangGraph are the same."""

import uuid
from pathlib import Path
from typing import Any

from langferry.validator.cases import Case, CaseFile, Run
from langferry.validator.diff import first_divergence
from langferry.validator.drawn_ids import with_drawn_ids_named
from langferry.validator.events import RunStart, TraceEvent, Values
from langferry.validator.recording import record_python

PROGRAM = """
from langgraph.graph import START, MessagesState, StateGraph

def reply(state: MessagesState):
    return {"messages": [("ai", "yes"), ("ai", "of course")]}

builder = StateGraph(MessagesState).add_node(reply).add_edge(START, "reply")
"""


def message(key: Any, kind: str = "langchain_core.messages.ai.AIMessage") -> dict[str, Any]:
    return {"$type": "object", "class": kind, "fields": {"content": "x", "id": key}}


def test_two_recordings_of_langgraph_are_equal(tmp_path: Path) -> None:
    program = tmp_path / "chat.py"
    program.write_text(PROGRAM)
    cases = CaseFile("c", "builder", [Case("c", [Run("input", {"messages": [["user", "hi"]]})])])
    first, second = (
        record_python("langgraph", program, cases, tmp_path / name).traces[0] for name in "ab"
    )
    assert first != second
    assert first_divergence(first, second) is None


def test_drawn_ids_are_named_by_appearance_everywhere() -> None:
    a, b = str(uuid.uuid4()), str(uuid.uuid4())
    events: list[TraceEvent] = [
        Values(0, 1, {"m": [message(b), message(a)], "last": a}),
        Values(0, 2, [message(b)]),
    ]
    assert with_drawn_ids_named(events) == [
        Values(0, 1, {"m": [message("drawn id 1"), message("drawn id 2")], "last": "drawn id 2"}),
        Values(0, 2, [message("drawn id 1")]),
    ]


def test_ids_of_tool_calls_are_named_unless_they_are_the_vendors() -> None:
    drawn = str(uuid.uuid4())
    asking = message("run-1")
    calls = [{"name": "f", "id": drawn}, {"name": "f", "id": "call_1"}, {"name": "f", "id": None}]
    asking["fields"]["tool_calls"] = calls
    other = {"tool_calls": [{"name": "f", "id": str(uuid.uuid4())}]}
    events: list[TraceEvent] = [Values(0, 1, [asking, {"tool_call_id": drawn}, other])]
    (named,) = with_drawn_ids_named(events)
    assert isinstance(named, Values)
    ids = [call["id"] for call in named.value[0]["fields"]["tool_calls"]]
    assert ids == ["drawn id 1", "call_1", None]
    assert named.value[1:] == [{"tool_call_id": "drawn id 1"}, other]


def test_other_ids_stay() -> None:
    given, other = str(uuid.uuid4()), str(uuid.uuid4())
    events: list[TraceEvent] = [
        RunStart(0, "input", {"id": given}),
        Values(0, 1, [message(given), message("call-1"), message(None), message(other, "my.Own")]),
    ]
    assert with_drawn_ids_named(events) == events


def test_ids_that_stand_for_other_messages_differ() -> None:
    a, b = str(uuid.uuid4()), str(uuid.uuid4())
    header: list[TraceEvent] = [RunStart(0, "input", None)]
    kept = [*header, Values(0, 0, [message(a)]), Values(0, 1, [message(a)])]
    drawn_anew = [*header, Values(0, 0, [message(a)]), Values(0, 1, [message(b)])]
    found = first_divergence(kept, drawn_anew)
    assert found is not None
    assert found.path == "[0].id"


def test_ids_within_texts_are_named_too() -> None:
    def events(run: str, drawn: str) -> list[TraceEvent]:
        return [
            RunStart(0, "input", None),
            Values(0, 0, {"said": f"content='x' id='lc_run--{run}-0'"}),
            Values(0, 1, {"m": [message(drawn)], "said": f"id={drawn}"}),
        ]

    first = events("019a0000-0000-7000-8000-000000000000", str(uuid.uuid4()))
    second = events("019b1111-1111-7111-9111-111111111111", str(uuid.uuid4()))
    assert first_divergence(first, second) is None
    assert with_drawn_ids_named(first)[1] == Values(0, 0, {"said": "content='x' id='drawn id 1'"})
