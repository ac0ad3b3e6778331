"""Which uses of what LangGraph gives nodes next to the state are native."""

from pathlib import Path

import pytest

from langferry.converter import analyse

_PROGRAM = """
from collections.abc import Callable
from typing import TypedDict

from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import StreamWriter


class State(TypedDict, total=False):
    text: str


def tell(writer, text: str) -> str:
    writer(text)
    return text


def work(state: State{given}):
    {body}
    return {{"text": "done"}}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""


@pytest.mark.parametrize(
    ("given", "body", "why"),
    [
        (", writer", "writer(state)", ""),
        (", writer: StreamWriter", "tell(writer, 'x')", ""),
        (", writer: 'StreamWriter' = None", "writer(1)", ""),
        (", *, runtime: Runtime", "runtime.stream_writer(1)", ""),
        ("", "write = get_stream_writer(); again = write; tell(again, 'x')", ""),
        ("", "if state['text']: write = get_stream_writer()\n    write(1)", ""),
        ("", "if get_stream_writer(): get_stream_writer()('x')", ""),
        (", writer: Callable", "writer(1)", "parameter 'writer' is filled by LangGraph"),
        (", store", "pass", ""),
        (", previous", "pass", "parameter 'previous' is filled by LangGraph"),
        (", writer", "writer(1, 2)", "this way to call a stream writer is not native"),
        (", writer", "writer(c=1)", "this way to call a stream writer is not native"),
        (", writer", "print(writer)", "`writer` is not a plain local here"),
        (", writer", "writer = tell; writer(1, 'x')", "`tell` is not a module-level constant"),
        (
            "",
            "if state['text']: write = get_stream_writer()\n    print(1)\n    write(1)",
            "calling `write` is not native",
        ),
        (", runtime", "runtime.context.user", "`runtime` is not a plain local here"),
    ],
)
def test_parts_of_runs(given: str, body: str, why: str, tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(given=given, body=body))
    functions = {x.name: x for x in analyse(path, cache_dir=types_cache).functions}
    assert "".join(reason.message for reason in functions["work"].reasons) == why
