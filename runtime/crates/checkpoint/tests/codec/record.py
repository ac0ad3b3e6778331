"""Remakes `recording.jsonl`: what LangGraph's own serialiser writes of values, and reads back.

Run it with the project's Python: `python runtime/crates/checkpoint/tests/codec/record.py`. A line is
a value (`value` in the trace's encoding, or none where that has no word for it), how it is stored
(`kind`, and `data` in hexadecimal digits), what LangGraph reads from that (`read`), and whether it
would store that in another way (`changed`).
"""

import collections
import contextlib
import dataclasses
import datetime as dt
import decimal
import json
import random
import uuid
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from langchain_core.documents import Document
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Command, Interrupt, Send
from pydantic import BaseModel

from langferry.diagnostics import Failure
from langferry.validator.encoding import encode

HERE = Path(__file__).parent
DRAWN = 400


@dataclasses.dataclass
class Point:
    x: int
    tags: list[str]


class Model(BaseModel):
    name: str
    when: dt.datetime
    more: dict[str, set[int]] = {}


class Outer(BaseModel):
    """Reading it runs its validators, which makes objects of the dicts that are stored."""

    inner: Point
    model: Model


def values() -> list[Any]:
    """The edges of every form."""
    zone = dt.timezone(dt.timedelta(hours=-3, minutes=-30))
    model = Model(name="m", when=dt.datetime(2026, 1, 2), more={"a": {1}})
    calls = [{"name": "weather", "args": {"city": "Rome"}, "id": "c1"}]
    usage = {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}
    bits = (5, 6, 7, 8, 15, 16, 31, 32, 62, 63)
    numbers = [sign * (2**bit + by) for bit in bits for by in (-1, 0, 1) for sign in (1, -1)]
    return [
        *(None, True, False, 0.0, -0.0, 1.5, 5e-324, float("nan"), float("inf"), -float("inf")),
        *(number for number in numbers if -(2**63) <= number < 2**63),
        *(2**63, 2**64 - 1),
        *("", "ü", "x" * 31, "x" * 32, "x" * 255, "x" * 256, "\0", "🦀" * 100),
        *(b"", b"\0\xff", [b""], [b"x" * 255], [b"x" * 256]),
        *([], [[]], list(range(15)), list(range(16)), [None] * 300, (1, (2, "x"))),
        *({}, {str(i): i for i in range(15)}, {str(i): i for i in range(16)}, {"$type": "set"}),
        *({1: 2, None: 3, False: 4, 1.5: 5, b"k": 6, (1, ("a",)): 7}, {2**63: "large"}),
        *(set(), {1}, {"a"}, frozenset({2.5}), {(1, 2)}, {"s": {7}}),
        dt.datetime(2026, 1, 2, 3, 4, 5, 600, zone),
        *(dt.datetime(1, 1, 1), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)),
        *(dt.date(1, 2, 3), dt.date(9999, 12, 31), dt.time(1, 2, 3), dt.time(0, 0, 0, 7, zone)),
        *(dt.timedelta(-1, 2, 3), dt.timedelta(999999999, 86399, 999999)),
        *(Point(1, ["a"]), [Point(1, []), Point(2, ["b"])]),
        *(model, Outer(inner=Point(3, []), model=model)),
        HumanMessage("hello", id="1"),
        HumanMessage([{"type": "text", "text": "part"}], name="me", additional_kwargs={"a": [1]}),
        AIMessage("", tool_calls=calls, usage_metadata=usage, response_metadata={"model": "m"}),
        AIMessageChunk("part", id="run-1"),
        SystemMessage("be kind"),
        ToolMessage("sunny", tool_call_id="c1", artifact={"raw": 1}, status="error"),
        ChatMessage("hi", role="critic"),
        FunctionMessage("4", name="add"),
        RemoveMessage("1"),
        [HumanMessage("a"), AIMessage("b")],
        Document("text", metadata={"source": "x", "page": 3}),
        # what the encoding has no word for is carried as it is stored
        *(uuid.UUID(int=7), decimal.Decimal("1.50"), collections.deque([1, "x"]), [Path("/a/b")]),
        *(Interrupt("why?", id="0" * 32), Send("node", {"item": 1}), zone),
        *([Command(goto="a")], {"id": uuid.UUID(int=1), "n": 1}),
    ]


def drawn() -> list[Any]:
    """Values that nobody has thought of."""
    keys = st.one_of(
        st.text(max_size=8), st.integers(-(2**63), 2**64 - 1), st.booleans(), st.none()
    )
    times = st.times().map(lambda time: time.replace(fold=0))
    moments = st.one_of(st.datetimes(), st.dates(), times, st.timedeltas())
    floats = st.floats(allow_nan=False) | st.just(float("nan"))
    texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    leaves = st.one_of(
        *(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), floats, texts),
        *(st.binary(max_size=20), moments),
    )
    messages = st.builds(HumanMessage, texts, id=st.none() | texts)
    nested = st.recursive(
        leaves | messages,
        lambda inner: st.one_of(
            st.lists(inner, max_size=5),
            st.dictionaries(texts, inner, max_size=5),
            st.dictionaries(keys, inner, max_size=3),
            st.tuples(inner, inner),
            st.builds(Point, st.integers(0, 9), st.lists(texts, max_size=3)),
        ),
        max_leaves=12,
    )
    found: list[Any] = []

    @settings(
        max_examples=DRAWN,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(nested)
    def keep(value: Any) -> None:
        found.append(value)

    keep()
    return found


def main() -> None:
    """Write the recording."""
    random.seed(0)
    serializer = JsonPlusSerializer()
    lines = []
    for value in [*values(), *drawn()]:
        kind, data = serializer.dumps_typed(value)
        read = serializer.loads_typed((kind, data))
        line: dict[str, Any] = {"kind": kind, "data": data.hex()}
        if serializer.dumps_typed(read) != (kind, data):
            line["changed"] = True
        for name, shown in (("value", value), ("read", read)):
            if name == "read" and isinstance(value, Outer):
                continue
            with contextlib.suppress(Failure):
                line[name] = encode(shown)
        lines.append(json.dumps(line, ensure_ascii=False))
    (HERE / "recording.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
