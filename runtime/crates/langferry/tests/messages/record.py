"""Records what LangGraph's own `add_messages` does with every case, for the test next to it.

Run it with a Python that has langgraph and langferry: `python record.py`.
"""

import copy
import json
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    HumanMessageChunk,
    RemoveMessage,
    SystemMessage,
    SystemMessageChunk,
    ToolMessage,
    ToolMessageChunk,
)
from langgraph.graph.message import REMOVE_ALL_MESSAGES, add_messages

from langferry.validator.encoding import encode

RECORDING = Path(__file__).with_name("recording.json")
CALL = {"name": "find", "args": {"x": 1}, "id": "c1", "type": "tool_call"}
HI, YO = HumanMessage("hi", id="1"), AIMessage("yo", id="2")


def openai(arguments: Any = '{"x": 1}', **more: Any) -> dict[str, Any]:
    """A tool call as OpenAI has it."""
    function = {"name": "find", "arguments": arguments}
    return {"id": "c1", "type": "function", "function": function, **more}


def role(role: Any, **more: Any) -> dict[str, Any]:
    """A message as a dict."""
    return {"role": role, "content": "text", **more}


def serialised(name: Any, **fields: Any) -> dict[str, Any]:
    """A message as LangChain serialises it."""
    path = ["langchain", "schema", "messages", name]
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": fields}


def one_by_one() -> Iterator[Any]:
    """Values to be made a message each."""
    yield from [
        "text",
        "",
        ("user", "text"),
        ["ai", "text"],
        ("system", "text"),
        ("human", ["a", {}]),
    ]
    yield from [("tool", "text"), ("function", "text"), ("remove", "text"), ("developer", "text")]
    yield from [("nobody", "text"), (1, "text"), (None, "text"), ([], "text"), ({}, "text")]
    yield from [("user",), ("user", "a", "b"), [], b"ab", b"abc", ("user", None), ("user", 5)]
    yield from [
        ("ai", ""),
        ("ai", ("a", "b")),
        ("user", [1]),
        ("user", {"a": 1}),
        ("placeholder", "x"),
    ]
    yield from [
        5,
        2.5,
        True,
        {1, 2},
        frozenset(),
        date(2026, 1, 2),
        datetime(2026, 1, 2),
        timedelta(1),
    ]
    for name in ("user", "human", "ai", "assistant", "system", "developer", "tool", "function"):
        yield role(name)
        yield role(name, id="7", name="n", tool_call_id="t", more=[1], response_metadata={"m": 1})
        yield role(
            name, tool_call_id="t", name="n", example=True, artifact={"a": 1}, status="error"
        )
        yield role(name, tool_call_id="t", name="n", additional_kwargs={"a": 1, "b": 2}, b=3)
        yield role(name, tool_call_id="t", name="n", tool_calls=[CALL, openai()])
    yield from [role("remove"), role("remove", id="9"), role("remove", id="9", x=1, name="n")]
    yield from [
        {"type": "human", "content": "text"},
        {"role": "ai", "type": "human", "content": "text"},
    ]
    yield from [{"role": "user"}, {"content": "text"}, {}, {"role": "user", "content": None}]
    yield from [
        {"role": "user", "content": 0},
        {"role": "user", "content": 5},
        {"role": None, "content": ""},
    ]
    yield from [{"role": "user", "content": [{"type": "text", "text": "a"}, "b"]}]
    yield from [{"role": "user", "content": "a", 1: 2}, role("user", message_type="ai"), role([])]
    yield from [{"role": "user", "content": "é\U0001f600\n"}, {"role": "nobody", "content": "it's"}]
    yield from [{"role": "it's", "text": 'a "quote"'}]
    for given in (5, 2.5, True, "", None, "a", b"a", [1]):
        yield role("user", id=given)
        yield role("user", name=given)
        yield role("tool", tool_call_id=given)
    for given in (None, {}, 5, [], [("a", 1)], "ab", [5], [(1, 2)], [([], 2)]):
        yield role("user", additional_kwargs=given)
        yield role("user", response_metadata=given)
        yield role("user", tool_calls=given)
        yield role("ai", tool_calls=given)
    for content in (
        (1, "a"),
        [1, None, {"a": 1}, ["b"]],
        5,
        None,
        {"a": "b"},
        2.5,
        {1},
        b"a",
        True,
    ):
        yield {"role": "tool", "content": content, "tool_call_id": "t"}
        yield {"role": "tool", "content": [content], "tool_call_id": "t"}
    yield from [role("tool", tool_call_id="t", status="odd"), role("tool", status="error")]
    for arguments in (
        '{"x": "a\tb\\n"}',
        "{",
        "[]",
        "",
        {"x": 1},
        "null",
        None,
        '{"x":\t"\\"\n"}',
        "{\n",
    ):
        yield role("ai", tool_calls=[openai(arguments)])
        yield role("user", tool_calls=[openai(arguments)])
        yield role("ai", additional_kwargs={"tool_calls": [openai(arguments)]})
    for call in (
        {},
        {"name": "f"},
        {"name": "f", "args": {}},
        {"name": "f", "args": {}, "id": None, "extras": {}},
        {"name": "f", "args": {}, "id": 1},
        {"name": 1, "args": {}, "id": "1"},
        {"name": "f", "args": [], "id": "1"},
        {"name": "f", "args": {1: 2}, "id": "1"},
        {"args": {"a": {1: 2}}, "id": "1", "name": "f"},
        {**CALL, "index": 1},
        {**CALL, 1: 2},
        {"function": {}},
        {"function": {"name": "f", "arguments": "{}"}},
        {"function": "f"},
        {"function": {"arguments": "{}"}, "id": "1"},
        "function",
        "call",
        5,
    ):
        yield role("ai", tool_calls=[call])
        yield role("user", tool_calls=[call])
        yield role("ai", additional_kwargs={"tool_calls": [call]})
    yield role("ai", additional_kwargs={"tool_calls": [openai(), openai("{"), openai()]})
    yield role("ai", tool_calls=[CALL], additional_kwargs={"tool_calls": [openai("{")]})
    yield role("ai", tool_calls=[], additional_kwargs={"tool_calls": 5})
    yield role(
        "ai", tool_calls=(CALL,), usage_metadata={"input_tokens": 1}, invalid_tool_calls=[{}]
    )
    yield from [serialised("HumanMessage", content="a", type="human", id="3")]
    yield from [serialised("AIMessageChunk", content="a", tool_calls=[CALL], invalid_tool_calls=[])]
    yield from [
        serialised("ToolMessage", content="a", tool_call_id="t", status="error", artifact=1)
    ]
    yield from [serialised("RemoveMessage", id="3", content=""), serialised("RemoveMessageChunk")]
    yield from [serialised("ChatMessage", content="a", role="x"), serialised([]), serialised(5)]
    yield from [serialised("SystemMessage"), {**serialised("HumanMessage", content="a"), "lc": 2}]
    yield from [
        HI,
        YO,
        SystemMessage("s", id="3"),
        ToolMessage("t", tool_call_id="t", id="4", artifact=[1]),
    ]
    yield from [FunctionMessage("f", name="f", id="5"), ChatMessage("c", role="r", id="6")]
    yield from [HumanMessage("no id"), AIMessage("calls", tool_calls=[CALL], id="7", extra="e")]
    yield from [HumanMessageChunk(content="h", id="8", extra=1), SystemMessageChunk(content="s")]
    yield AIMessageChunk(
        content="a",
        tool_call_chunks=[{"name": "f", "args": '{"a": 1}', "id": "1", "index": 0}],
        usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
        response_metadata={"model": "m"},
    )
    yield AIMessageChunk(
        content="a", tool_call_chunks=[{"name": "f", "args": "[1", "id": "1", "index": 0}]
    )
    yield ToolMessageChunk(content="t", tool_call_id="t", status="error")


def merges() -> Iterator[tuple[Any, Any]]:
    """Pairs of what is there and what is written."""
    gone = RemoveMessage(id="1")
    everything = RemoveMessage(id=REMOVE_ALL_MESSAGES)
    again = HumanMessage("again", id="1")
    yield from [
        ([], []),
        ([HI], []),
        ([HI], [YO]),
        ([HI], YO),
        (HI, YO),
        ("a", "b"),
        (["a"], ["b"]),
    ]
    yield from [([HI, YO], [again]), ([HI], [again, YO, AIMessage("new", id="2")])]
    yield from [([HI, YO], [gone]), ([HI, YO], gone), ([YO], [gone]), ([], gone)]
    yield from [
        ([HI, YO], [gone, again]),
        ([HI, YO], [again, gone]),
        ([HI], [YO, RemoveMessage(id="2")]),
    ]
    yield from [([HI, HI, YO], [again]), ([HI, HI, YO], [gone]), ([HI], [role("remove", id="1")])]
    yield from [([HI, YO], [everything]), ([HI], [YO, everything, again, gone]), ([HI], everything)]
    yield from [
        ([HI], [everything, YO, everything]),
        ([HI], [role("remove", id=REMOVE_ALL_MESSAGES), "a"]),
    ]
    yield from [([everything, HI], [YO]), ([gone], [HI]), ([gone, HI], [gone])]
    yield from [(None, [HI]), ([HI], None), ([], None), (None, None), (None, []), (HI, None)]
    yield from [
        ([HumanMessage("a", id="")], [HumanMessage("b", id="")]),
        ([HI], {"role": "user", "content": "a"}),
    ]
    yield from [([HI], ("user", "a")), ([HI], [("user", "a"), ["ai", "b"]]), ([HI], ["user", "a"])]
    yield from [([HI], [[HI]]), ([[HI]], [HI]), ([{}], [5]), ((HI, YO), [HI]), ([HI], (HI, YO))]


def outcome(left: Any, right: Any) -> dict[str, Any]:
    """What LangGraph makes of a case."""
    try:
        result = encode(add_messages(copy.deepcopy(left), copy.deepcopy(right)))
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}
    return {"result": result}


def main() -> None:
    """Writes the recording."""
    drawn: list[str] = []
    random_id = uuid.uuid4

    def drawing() -> uuid.UUID:
        drawn.append(str(made := random_id()))
        return made

    uuid.uuid4 = drawing
    pairs = [([], [value]) for value in one_by_one()] + list(merges())
    lines = []
    for left, right in pairs:
        if (left, right) == (None, None):
            continue
        drawn.clear()
        case = {"left": encode(left), "right": encode(right), **outcome(left, right)}
        text = json.dumps(case)
        kept = sorted((made for made in drawn if made in text), key=text.index)
        for place, made in enumerate(kept):
            text = text.replace(made, f"drawn {place}")
        lines.append(text)
    RECORDING.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
