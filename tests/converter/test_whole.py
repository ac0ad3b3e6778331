"""Graphs that are not taken apart run as they are, and states that are one value stay one."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from langferry.converter import analyse
from langferry.model import Program
from tests.converter.test_bridging import SUPPORT, bridged

HEAD = """
import operator
from typing import Annotated, TypedDict
from langgraph.func import entrypoint, task
from langgraph.graph import StateGraph, START, END
from langgraph.types import interrupt


class S(TypedDict):
    x: int
    log: Annotated[list[str], operator.add]

"""

FUNCTIONAL = """
@task
def double(n):
    return n * 2


@task
def add(n, m):
    return n + m


@entrypoint()
def flow(numbers: list) -> dict:
    doubled = [double(n) for n in numbers]
    total = 0
    for item in doubled:
        total = add(total, item.result()).result()
    return {"total": total}
"""

DYNAMIC = """
import os

STEPS = sorted(name for name in os.environ.get("STEPS", "b,a").split(",") if name)
builder = StateGraph(S)
for name in STEPS:
    builder.add_node(name, lambda state, name=name: {"x": state["x"] + 1, "log": [name]})
builder.add_sequence
for before, after in zip([START, *STEPS], [*STEPS, END]):
    builder.add_edge(before, after)
graph = builder.compile()
"""

ARGUMENTS = """
def make(names, *, times: int = 1) -> "StateGraph":
    g = StateGraph(S)
    for name in names:
        g.add_node(name, lambda state: {"x": state["x"] * 10, "log": []})
        g.add_edge(START, name)
    return g.compile()
"""

CONDITIONAL_SCHEMA = """
import os


def schema(extra):
    if extra:
        return TypedDict("Extra", {"x": int, "log": Annotated[list[str], operator.add]})
    return S


g = StateGraph(schema(os.environ.get("EXTRA")))
g.add_node("n", lambda state: {"x": 5, "log": ["n"]})
g.add_edge(START, "n")
graph = g.compile()
"""

ASYNCHRONOUS = """
@entrypoint()
async def flow(n: int) -> int:
    return n + 1
"""


def _analyse(tmp_path: Path, types_cache: Path, source: str) -> Program:
    path = tmp_path / "program.py"
    path.write_text(HEAD + textwrap.dedent(source))
    return analyse(path, cache_dir=types_cache)


def _codes(program: Program, severity: str) -> list[str]:
    return [item.code for item in program.diagnostics if item.severity == severity]


@pytest.mark.parametrize(
    ("source", "entry", "given", "expected"),
    [
        (FUNCTIONAL, "flow", [1, 2, 3], {"total": 12}),
        (ASYNCHRONOUS, "flow", 41, 42),
        (DYNAMIC, "graph", {"x": 1, "log": ["in"]}, {"x": 3, "log": ["in", "a", "b"]}),
        (CONDITIONAL_SCHEMA, "graph", {"x": 1}, {"x": 5, "log": ["n"]}),
    ],
    ids=["functional", "async", "dynamic", "conditional-schema"],
)
def test_a_graph_runs_as_one_node(
    tmp_path: Path, types_cache: Path, source: str, entry: str, given: Any, expected: Any
) -> None:
    program = _analyse(tmp_path, types_cache, source)
    assert program.entry == entry
    assert "LF224" in _codes(program, "warning")
    assert _codes(program, "error") == []
    (graph,) = program.graphs
    assert [field.name for field in program.records[0].fields] == ["__root__"]
    assert len(graph.nodes) == 1
    assert bridged(program, [given]) == [expected]
    assert program == analyse(tmp_path / "program.py", entry, cache_dir=types_cache)


def test_the_node_of_an_entrypoint_is_called_as_its_function(
    tmp_path: Path, types_cache: Path
) -> None:
    program = _analyse(tmp_path, types_cache, FUNCTIONAL)
    assert [node.name for node in program.graphs[0].nodes] == ["flow"]


def test_open_arguments_of_what_gives_a_graph(tmp_path: Path, types_cache: Path) -> None:
    program = _analyse(tmp_path, types_cache, ARGUMENTS)
    assert program.entry == "make(names=argument('names'))"
    arguments = json.dumps({"names": "['one']"})
    given = [{"x": 4, "log": ["a"]}]
    assert bridged(program, given, LANGFERRY_ARGUMENTS=arguments) == [{"x": 40, "log": ["a"]}]


ASKED = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("support", sys.argv[1])
support = importlib.util.module_from_spec(spec)
spec.loader.exec_module(support)
given = json.load(sys.stdin)
answers, position = [], 0

def interrupt(question):
    from langgraph.errors import GraphInterrupt

    global position
    position += 1
    if position > len(answers):
        raise GraphInterrupt(question)
    return answers[position - 1]

support.add(given["modules"])
action = support.evaluate(given["module"], given["expression"])
told = []
for answers in given["answers"]:
    position = 0
    try:
        told.append(support.call(
                interrupt, lambda chunk: None, action, None, [1], True, {"thread_id": "1"}, 25
            ))
    except Exception as error:
        told.append([type(error).__name__, *error.args])
json.dump(told, sys.stdout)
"""


def test_a_question_inside_is_the_nodes_and_its_answer_goes_on_from_there(
    tmp_path: Path, types_cache: Path
) -> None:
    source = FUNCTIONAL.replace("@entrypoint()", "@entrypoint(checkpointer=InMemorySaver())")
    source = "from langgraph.checkpoint.memory import InMemorySaver\ntimes = []\n" + source.replace(
        "return n * 2", "times.append(n)\n    return n * 2"
    ).replace(
        'return {"total": total}',
        'return {"total": total, "said": [interrupt("sure?"), interrupt("very?")], "times": len(times)}',
    )
    program = _analyse(tmp_path, types_cache, source)
    assert program.graphs[0].checkpointer == "memory"
    given = [[], ["yes"], ["yes", "very"], []]
    assert _asked(program, given) == [
        ["GraphInterrupt", "sure?"],
        ["GraphInterrupt", "very?"],
        # what ran before the question has not run again
        {"total": 2, "said": ["yes", "very"], "times": 1},
        # a run without answers begins anew
        ["GraphInterrupt", "sure?"],
    ]


def test_a_run_that_nobody_answered_is_forgotten(tmp_path: Path, types_cache: Path) -> None:
    source = FUNCTIONAL.replace("@entrypoint()", "@entrypoint(checkpointer=InMemorySaver())")
    source = source.replace("doubled =", "said = interrupt('sure?')\n    doubled =")
    program = _analyse(
        tmp_path, types_cache, "from langgraph.checkpoint.memory import InMemorySaver\n" + source
    )
    asked = ["GraphInterrupt", "sure?"]
    assert _asked(program, [[], [], ["yes"]]) == [asked, asked, {"total": 2}]


def _asked(program: Program, answers: list[list[str]]) -> list[Any]:
    """What calls of the program's node come to, one for each list of the answers given so far."""
    function = program.functions[0]
    assert function.bridge is not None
    given = {
        "modules": [(x.name, x.file, x.is_package, x.source) for x in program.bridge],
        "module": function.bridge.module,
        "expression": function.bridge.expression,
        "answers": answers,
    }
    ran = subprocess.run(
        [sys.executable, "-c", ASKED, str(SUPPORT)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    told: list[Any] = json.loads(ran.stdout)
    return told


def test_a_graph_that_is_not_taken_apart_is_a_node_of_another(
    tmp_path: Path, types_cache: Path
) -> None:
    outer = """
    outer = StateGraph(S)
    outer.add_node("inner", graph)
    outer.add_edge(START, "inner")
    app = outer.compile()
    """
    program = _analyse(tmp_path, types_cache, DYNAMIC + textwrap.dedent(outer))
    assert program.entry == "graph"
    app = dict(program.entries)["app"]
    (node,) = next(graph for graph in program.graphs if graph.id == app).nodes
    assert (node.name, node.subgraph) == ("inner", None)


NO_NAME = """
def go(state: S):
    return "n"


g = StateGraph(S)
g.add_node("n", go)
g.set_entry_point(go)
graph = g.compile()
"""
NO_REDUCER = """
class Wrong(TypedDict):
    x: Annotated[int, lambda old: old]


g = StateGraph(Wrong)
g.add_node("n", lambda state: state)
g.add_edge(START, "n")
graph = g.compile()
"""


@pytest.mark.parametrize("source", [NO_NAME, NO_REDUCER], ids=["name", "reducer"])
def test_what_langgraph_refuses_is_refused(tmp_path: Path, types_cache: Path, source: str) -> None:
    program = _analyse(tmp_path, types_cache, source)
    assert "LF206" in _codes(program, "error")


@pytest.mark.parametrize(
    "state", ["dict", "list", "dict[str, int]", "Annotated[list, operator.add]"]
)
def test_a_state_that_is_one_value(tmp_path: Path, types_cache: Path, state: str) -> None:
    source = f"""
    def node(state):
        return state


    g = StateGraph({state})
    g.add_node("node", node)
    g.add_edge(START, "node")
    graph = g.compile()
    """
    program = _analyse(tmp_path, types_cache, source)
    assert _codes(program, "error") == []
    # what is added to itself is worth a word
    assert _codes(program, "warning") == (["LF802"] if "operator" in state else [])
    ((field,),) = [record.fields for record in program.records]
    assert field.name == "__root__"
    assert (field.reducer is not None) == state.startswith("Annotated")
    (function,) = program.functions
    # of a list LangGraph would take commands out
    expected = [] if state.startswith("dict") else ["LF310"]
    assert [x.code for x in function.reasons] == expected


def test_a_value_with_channels_beside_it_is_not_taken_apart(
    tmp_path: Path, types_cache: Path
) -> None:
    source = """
    def node(state: S):
        return state


    g = StateGraph(dict)
    g.add_node("node", node)
    g.add_edge(START, "node")
    graph = g.compile()
    """
    program = _analyse(tmp_path, types_cache, source)
    assert "LF224" in _codes(program, "warning")
