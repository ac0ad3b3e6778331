"""Seeing how a program calls its graphs, making cases of it, and recording them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from build_support.runnable.inside import Asked, Call, Told, cases_of
from build_support.runnable.proxy import BEGIN, Proxy
from langferry.validator.cases import Case, Run
from langferry.validator.events import RunEnd
from langferry.validator.traces import read_trace

ROOT = Path(__file__).parents[2]
BESIDE = ROOT / "build_support" / "runnable"
HEAD = """
import operator
from typing import Annotated, TypedDict
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import StateGraph, START
from langgraph.types import Command, interrupt

class State(TypedDict):
    log: Annotated[list, operator.add]

def ask(state):
    return {"log": [interrupt("?")]}

def made(node, saver=None):
    builder = StateGraph(State)
    builder.add_node("ask", node)
    builder.add_edge(START, "ask")
    return builder.compile(checkpointer=saver)
"""


def recorded(folder: Path, source: str, *entries: str) -> list[Told]:
    program, out, graphs = folder / "program.py", folder / "out", folder / "graphs.json"
    program.write_text(HEAD + source)
    out.mkdir()
    otherwise = Case("otherwise", [Run("input", {"log": []})])
    graphs.write_bytes(msgspec.json.encode([Asked(entry, otherwise) for entry in entries]))
    command = [sys.executable, str(BESIDE / "inside.py"), "python", "--program", str(program)]
    command += ["--module", "program", "--graphs", str(graphs), "--out", str(out)]
    path = os.pathsep.join([str(BESIDE / "offline"), str(ROOT / ".pkg")])
    with Proxy(9).serving() as port:
        begin = f"http://127.0.0.1:{port}{BEGIN}"
        subprocess.run(
            [*command, "--begin", begin, "--path", str(folder)],
            env={**os.environ, "PYTHONPATH": path},
            check=True,
        )
    return msgspec.json.decode((out / "told.json").read_bytes(), type=list[Told])


def inputs(told: Told) -> list[list[tuple[str, Any]]]:
    return [[(run.kind, run.value) for run in case.runs] for case in told.cases.cases]


def test_calls_are_seen_whichever_way_they_are_made(tmp_path: Path) -> None:
    (told,) = recorded(
        tmp_path,
        """
graph = made(ask, InMemorySaver())
def config(thread):
    return {"configurable": {"thread_id": thread}, "tags": ["x"]}
if __name__ == "__main__":
    list(graph.stream({"log": []}, config("1"), stream_mode="updates"))
    await graph.ainvoke(Command(resume=input("name? ")), config("1"))
    graph.invoke({"log": ["one"]}, config("2"))
    graph.update_state(config("2"), {"log": []})
    graph.invoke(None, config("2"))
    graph.invoke({"log": ["two"]}, config("3"), interrupt_before=["ask"])
""",
        "graph",
    )
    assert told.is_called
    assert told.cases.checkpointer == "memory"
    assert told.cases.cases[0].config == {"configurable": {"thread_id": "1"}}
    # neither what follows a change of the thread, nor what is given more than a config
    assert inputs(told) == [
        [("input", {"log": []}), ("resume", "hello")],
        [("input", {"log": ["one"]})],
    ]
    traces = tmp_path / "out" / "0"
    assert read_trace(traces / "0.jsonl")[-1] == RunEnd(1, "finished", {"log": ["hello"]}, None)


def test_graphs_that_functions_compile_are_had_when_the_program_is_run(tmp_path: Path) -> None:
    source = """
def show(text):
    graph = made(lambda state: {"log": [1]})
    graph.invoke({"log": [text]})

def never():
    return StateGraph(State).add_node("a", ask).add_edge(START, "a").compile()

async def main():
    show("shown")

if __name__ == "__main__":
    await main()
"""
    lines = (HEAD + source).split("\n")
    places = [n for n, line in enumerate(lines, 1) if ".compile(" in line]
    shown, never = recorded(tmp_path, source, *(f"@{place}" for place in places))
    assert inputs(shown) == [[("input", {"log": ["shown"]})]]
    assert (never.is_called, never.cases) == (False, None)


def test_graphs_that_have_lost_their_name_are_found_by_their_line(tmp_path: Path) -> None:
    source = """
graph = (
    StateGraph(State)
    .add_node("a", lambda state: {})
    .add_edge(START, "a")
    .compile()
)
graph.invoke({"log": ["first"]})
graph = StateGraph(State).add_node("b", lambda state: {}).add_edge(START, "b").compile()
graph.invoke({"log": ["first"]})
graph.invoke({"log": ["second"]})
"""
    second, first = recorded(tmp_path, source, "graph")
    line = (HEAD + source).split("\n").index("    StateGraph(State)") + 1
    assert (first.entry, second.entry) == (f"@{line}", "graph")
    assert inputs(first) == [[("input", {"log": ["first"]})]]
    assert inputs(second) == [[("input", {"log": [text]})] for text in ("first", "second")]


def test_calls_are_of_the_graph_they_are_made_of_and_not_within_another(tmp_path: Path) -> None:
    first, second, third = recorded(
        tmp_path,
        """
def inner(state):
    return made(lambda state: {"log": [1]}).invoke({"log": []})

def other():
    builder = StateGraph(State)
    builder.add_node("other", lambda state: {})
    builder.add_edge(START, "other")
    return builder.compile()

graph = made(inner)
other().invoke({"log": ["other"]})
graph.invoke({"log": ["ours"]})
""",
        *("graph", "made(ask)"),
    )
    assert inputs(third) == [[("input", {"log": ["other"]})]]
    assert inputs(first) == [[("input", {"log": ["ours"]})]]
    # the same nodes, made anew
    assert inputs(second) == [[("input", {"log": ["ours"]})]]


def test_a_graph_that_nobody_calls_gets_the_case_it_is_given(tmp_path: Path) -> None:
    (told,) = recorded(tmp_path, "graph = made(lambda state: {'log': [1]})", "graph")
    assert not told.is_called
    assert inputs(told) == [[("input", {"log": []})]]
    assert (tmp_path / "out" / "0" / "0.jsonl").is_file()


def test_a_graph_that_no_name_holds_is_found_by_the_line_that_compiles_it(tmp_path: Path) -> None:
    source = "def main():\n    made(lambda state: {'log': [1]}).invoke({'log': []})\nmain()\n"
    line = (HEAD + source).splitlines().index("    return builder.compile(checkpointer=saver)") + 1
    (told,) = recorded(tmp_path, source, f"@{line}")
    assert (told.is_called, inputs(told)) == (True, [[("input", {"log": []})]])


def test_what_an_entry_leaves_open_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "LANGFERRY_ARGUMENTS", json.dumps({"node": "lambda state: {'log': [len(HERE)]}"})
    )
    recorded(tmp_path, "HERE = 'five!'", "made(node=argument('node'))")
    trace = read_trace(tmp_path / "out" / "0" / "0.jsonl")
    assert trace[-1] == RunEnd(0, "finished", {"log": [5]}, None)


def test_what_a_program_called_before_it_failed_counts(tmp_path: Path) -> None:
    source = """
graph = made(lambda s: {})
if __name__ == "__main__":
    graph.invoke({"log": ["seen"]})
    1 / 0
"""
    (told,) = recorded(tmp_path, source, "graph")
    assert inputs(told) == [[("input", {"log": ["seen"]})]]


def call(
    value: Any, thread: str | None = None, kind: str = "input", unlike: str | None = None
) -> Call:
    return Call(kind, value, {"configurable": {"thread_id": thread}} if thread else {}, unlike)


def runs(*calls: Call) -> dict[str, list[tuple[str, Any]]]:
    cases = cases_of(calls, "program")
    return {case.name: [(run.kind, run.value) for run in case.runs] for case in cases}


def test_calls_of_a_thread_are_one_case_and_others_one_each() -> None:
    assert runs(call(1, "a"), call(2), call(3, "b"), call("yes", "a", "resume"), call(4)) == {
        "thread a": [("input", 1), ("resume", "yes")],
        "call 2": [("input", 2)],
        "thread b": [("input", 3)],
        "call 5": [("input", 4)],
    }


def test_equal_cases_are_run_once() -> None:
    assert len(runs(call(1), call(1), call(1, "a"))) == 1


def test_a_thread_ends_where_a_case_cannot_follow() -> None:
    changed = call(None, "a", "change", "the program changes the thread's state")
    found = runs(call(1, "a"), changed, call(2, "a"), call(3, "b"))
    assert found == {"thread a": [("input", 1)], "thread b": [("input", 3)]}
    other = Call("input", 2, {"configurable": {"thread_id": "a"}, "recursion_limit": 3})
    assert runs(call(1, "a"), other) == {"thread a": [("input", 1)]}


def test_classes_are_named_as_an_import_names_them() -> None:
    value = {"$type": "object", "class": "__main__.State", "fields": {}}
    assert runs(call([value]))["call 1"] == [("input", [{**value, "class": "program.State"}])]
