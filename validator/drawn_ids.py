"""Gives the ids of messages and tool calls that are drawn at random the same names in every trace.

`add_messages` gives a message without an id a random UUID, so that no two runs of LangGraph itself
are alike; LangChain gives a model's answer the id of its run, and the calls of tools in it random UUIDs
where the vendor (Ollama) gives them none. Such ids are renamed by order of
appearance, wherever they stand, be it within a text; ids that the case gave stay as they are, and so
does every UUID that is not the id of a message or of a tool call. What LangChain draws is known by its form, so that it is
renamed in the text of a message, too, that is itself nowhere in the trace.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from langferry.validator.events import RunStart, TraceEvent

_OF_RUN = re.compile(
    r"lc_run--[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?:-\d+)?"
)
"""What LangChain draws for the answer of a model that gives no id."""
_DRAWN = re.compile(
    rf"{_OF_RUN.pattern}|[0-9a-f]{{8}}-[0-9a-f]{{4}}-4[0-9a-f]{{3}}-[89ab][0-9a-f]{{3}}-[0-9a-f]{{12}}"
)
"""That, and what LangGraph draws for a message, and LangChain for a tool call."""
_MESSAGES = "langchain_core.messages."


def with_drawn_ids_named(events: list[TraceEvent]) -> list[TraceEvent]:
    """`events` with every drawn message id replaced by `drawn id 1`, `drawn id 2`, ..."""
    given: set[str] = set()
    names: dict[str, str] = {}
    for event in events:
        if isinstance(event, RunStart):
            given.update(_texts(event.value))
        for drawn in _drawn_ids(msgspec.to_builtins(event)):
            if drawn not in given and drawn not in names:
                names[drawn] = f"drawn id {len(names) + 1}"
    if not names:
        return events
    return [
        msgspec.convert(_renamed(msgspec.to_builtins(event), names), TraceEvent) for event in events
    ]


def _drawn_ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _OF_RUN.findall(value)
    elif isinstance(value, dict):
        fields = value.get("fields")
        if (
            value.get("$type") == "object"
            and str(value.get("class")).startswith(_MESSAGES)
            and isinstance(fields, dict)
        ):
            for part in (fields, *(fields.get("tool_calls") or ())):
                found = part.get("id") if isinstance(part, dict) else None
                if isinstance(found, str) and _DRAWN.fullmatch(found):
                    yield found
        for inner in value.values():
            yield from _drawn_ids(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _drawn_ids(inner)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _DRAWN.sub(lambda drawn: names.get(drawn[0], drawn[0]), value)
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(inner, names) for inner in value]
    return value
