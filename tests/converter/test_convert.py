"""The model of whole programs: dispositions, requests, ids, hashes, hostile sources."""

import json
from pathlib import Path

import msgspec
import pytest

from langferry.converter import analyse
from langferry.converter.project import Project
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import Unknown
from langferry.diagnostics import Failure
from langferry.model import Program, decode, encode

ROOT = Path(__file__).parents[2]
HEAD = """
import operator
from typing import Annotated, TypedDict
from langgraph.graph import StateGraph, START, END
class S(TypedDict):
    x: int
"""
TAIL = """
g = StateGraph(S)
g.add_node("node", node)
g.add_edge(START, "node")
graph = g.compile()
"""


def _program(tmp_path: Path, body: str, types_cache: Path, **options: str) -> Program:
    path = tmp_path / "program.py"
    path.write_text(HEAD + body)
    return analyse(path, cache_dir=types_cache, **options)


@pytest.mark.parametrize(
    ("example", "dispositions"),
    [
        ("approval", {"native": 5}),
        ("map_reduce", {"native": 7}),
        ("ticket_triage", {"native": 8, "bridged": 1}),
    ],
)
def test_examples(example: str, dispositions: dict[str, int], types_cache: Path) -> None:
    path = ROOT / "examples" / example / f"{example}.py"
    program = analyse(path, cache_dir=types_cache)
    found: dict[str, int] = {}
    for function in program.functions:
        found[function.disposition] = found.get(function.disposition, 0) + 1
    assert found == dispositions
    assert program.diagnostics == ()
    assert program.entry == "graph"
    assert decode(encode(program)) == program


def test_the_same_source_gives_the_same_model(tmp_path: Path, types_cache: Path) -> None:
    body = "def node(s: S) -> dict:\n    return {'x': 1}\n" + TAIL
    first, second = (_program(tmp_path, body, types_cache) for _ in range(2))
    assert encode(first) == encode(second)
    other = _program(tmp_path, body + "# changed\n", types_cache)
    assert other.input_hash != first.input_hash
    with_saver = _program(tmp_path, body, types_cache, checkpointer="memory")
    assert with_saver.graphs[0].checkpointer == "memory"
    assert with_saver.input_hash != first.input_hash


@pytest.mark.parametrize(
    ("choice", "disposition"),
    [("bridge", "bridged"), ("native", "native"), ("refuse", "refused")],
)
@pytest.mark.parametrize("by", ["comment", "line above", "configuration"])
def test_a_disposition_can_be_asked_for(
    choice: str, disposition: str, by: str, tmp_path: Path, types_cache: Path
) -> None:
    comment = f"# langferry: {choice}"
    above = f"{comment}\n" if by == "line above" else ""
    behind = f"  {comment}" if by == "comment" else ""
    if by == "configuration":
        (tmp_path / "pyproject.toml").write_text(f'[tool.langferry]\n{choice} = ["node"]\n')
    body = f"{above}def node(s: S) -> dict:{behind}\n    return {{'x': 1}}\n" + TAIL
    program = _program(tmp_path, body, types_cache)
    assert program.functions[0].disposition == disposition
    refused = [item.code for item in program.diagnostics]
    assert refused == (["LF230"] if choice == "refuse" else [])


def test_a_default_that_a_factory_makes_of_a_typed_dict_is_known(
    tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "from dataclasses import dataclass, field\nfrom typing import TypedDict\n"
        "from langgraph.graph import START, StateGraph\n"
        "class Kind(TypedDict):\n    name: str\n    why: str\n"
        "@dataclass\nclass S:\n"
        "    kind: Kind = field(default_factory=lambda: Kind(name='general', why=''))\n"
        "def f(state: S) -> dict:\n    return {}\n"
        "app = StateGraph(S).add_node(f).add_edge(START, 'f').compile()\n"
    )
    records = {record.name: record for record in analyse(path, cache_dir=types_cache).records}
    (field,) = records["S"].fields
    assert field.default is not None
    assert json.loads(field.default.data) == {"name": "general", "why": ""}


@pytest.mark.parametrize(
    ("annotation", "empty"),
    [
        ("Sequence[str]", "list"),
        ("Mapping[str, int]", "dict"),
        ("tuple", "tuple"),
        ("list[str]", None),
        ("Any", None),
    ],
)
def test_what_a_reducers_channel_starts_with(
    annotation: str, empty: str | None, tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "import operator\nfrom typing import Annotated, Any, Mapping, Sequence, TypedDict\n"
        "from langgraph.graph import START, StateGraph\n"
        f"class S(TypedDict):\n    x: Annotated[{annotation}, operator.add]\n"
        "def f(state: S) -> dict:\n    return {}\n"
        "app = StateGraph(S).add_node(f).add_edge(START, 'f').compile()\n"
    )
    (field,) = analyse(path, cache_dir=types_cache).records[0].fields
    assert field.reducer is not None
    assert (field.reducer.empty, field.reducer.has_initial) == (empty, annotation != "Any")


def test_a_change_inside_the_state_stays_python(tmp_path: Path, types_cache: Path) -> None:
    fields = "class S(TypedDict):\n    xs: list[int]\n"
    body = fields + "def node(s: S) -> dict:\n    s['xs'].append(1)\n    return {}\n"
    (node,) = _program(tmp_path, body + TAIL, types_cache).functions
    # whether the change comes back in the update only a call can tell
    assert node.disposition == "bridged"
    assert "LF306" in {reason.code for reason in node.reasons}


def test_what_cannot_be_native_is_not_forced(tmp_path: Path, types_cache: Path) -> None:
    body = (
        "import uuid\n# langferry: native\n"
        "def node(s: S) -> dict:\n    return {'x': uuid.uuid4().int}\n" + TAIL
    )
    program = _program(tmp_path, body, types_cache)
    found = {item.code: item for item in program.diagnostics}
    assert set(found) == {"LF230", "LF231"}
    assert found["LF231"].span == program.functions[0].reasons[0].span


def test_requests_that_name_nothing_are_errors(tmp_path: Path, types_cache: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.langferry]\nbridge = ["nobody"]\n')
    body = "# langferry: magic\ndef node(s: S) -> dict:\n    return {'x': 1}\n" + TAIL
    program = _program(tmp_path, body, types_cache)
    assert [item.code for item in program.diagnostics] == ["LF233", "LF233"]
    span = program.diagnostics[0].span
    assert span is not None
    assert (span.line, span.column, span.end_column) == (7, 0, 18)
    (tmp_path / "pyproject.toml").write_text("[tool.langferry]\nbridge = 3\n")
    with pytest.raises(Failure, match="LF233"):
        _program(tmp_path, body, types_cache)


def test_closures_capture_constants_and_partials_bind_them(
    tmp_path: Path, types_cache: Path
) -> None:
    body = """
from functools import partial
def make(i):
    def node(s: S) -> dict:
        return {"x": s["x"] + i}
    return node
def add(n, s: S) -> dict:
    return {"x": s["x"] + n}
g = StateGraph(S)
previous = START
for name, function in (("a", make(1)), ("b", make(2)), ("c", partial(add, 5))):
    g.add_node(name, function)
    g.add_edge(previous, name)
    previous = name
graph = g.compile()
"""
    program = _program(tmp_path, body, types_cache)
    found = {item.id: item for item in program.functions}
    nodes = {node.name: found[str(node.function)] for node in program.graphs[0].nodes}
    assert [name for name, _ in nodes["a"].captures] == ["i"]
    assert [json.loads(nodes[n].captures[0][1].data) for n in "ab"] == [1, 2]
    bound = nodes["c"].parameters[0].bound
    assert bound is not None
    assert json.loads(bound.data) == 5
    assert {item.disposition for item in found.values()} == {"native"}
    assert len(found) == 3


def test_a_partial_that_python_could_not_call_is_left_to_python(
    tmp_path: Path, types_cache: Path
) -> None:
    body = (
        "from functools import partial\n"
        "def add(n, s: S) -> dict:\n    return {'x': n}\nnode = partial(add, n=1)\n" + TAIL
    )
    program = _program(tmp_path, body, types_cache)
    assert program.functions[0].disposition == "bridged"
    assert [item.code for item in program.functions[0].reasons] == ["LF312"]


def test_parameters_that_langgraph_fills_are_python(tmp_path: Path, types_cache: Path) -> None:
    body = "def node(s: S, previous) -> dict:\n    return {'x': 1}\n" + TAIL
    (node,) = _program(tmp_path, body, types_cache).functions
    assert [(item.code, str(item.span)) for item in node.reasons] == [("LF309", "program.py:7:16")]
    assert node.bridge is not None


def test_sync_and_async_functions_that_differ_are_told(tmp_path: Path, types_cache: Path) -> None:
    body = """
from langgraph._internal._runnable import RunnableCallable
def one(s: S) -> dict:
    return {"x": 1}
async def two(s: S) -> dict:
    return {"x": 2}
node = RunnableCallable(one, two)
"""
    program = _program(tmp_path, body + TAIL, types_cache)
    assert [(item.code, item.severity) for item in program.diagnostics] == [("LF223", "warning")]


HOSTILE = {
    "strings": "Q = '\\'\"#{{ x }} {% y %} \\\\ \\x07 fn main() {} \"#'\ndef node(s: S): return {'x': len(Q)}\n",
    "doc": 'def node(s: S):\n    """*/ {{ }} "# \\u202e"""\n    return {"x": 1}\n',
    "long-line": "X = [" + "1, " * 2_000 + "]\ndef node(s: S): return {'x': 1}\n",
    "long-text": "X = '" + "a" * 1_000_000 + "'\ndef node(s: S): return {'x': 1}\n",
    "powers": "a = 9 ** 9 ** 9\nb = 2 ** -(9 ** 9)\ndef node(s: S): return {'x': 1}\n",
    "doubling": "x = ['a']\nfor i in range(60):\n    x = [x, x]\ny = x == x\n"
    "def node(s: S): return {'x': 1}\n",
    "self-reference": "x = []\nx.append(x)\ny = x == x\ndef node(s: S): return {'x': 1}\n",
    "form-feed": "\x0cdef node(s: S): return {'x': 1}\n",
    "side-effects": "import os\nos.system('touch {marker}')\nopen('{marker}', 'w')\n"
    "exec(\"open('{marker}', 'w')\")\ndef node(s: S): return {{'x': 1}}\n",
    "deep": "X = " + "(" * 150 + "1" + ")" * 150 + "\nY = " + "+".join(["1"] * 150) + "\n"
    "def node(s: S): return {'x': 1}\n",
    "unicode": "def größe(s: S): return {'x': 1}\nnode = größe\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sources_give_a_model_or_a_code(
    name: str, tmp_path: Path, types_cache: Path
) -> None:
    marker = tmp_path / "executed"
    body = HOSTILE[name]
    if name == "side-effects":
        body = body.format(marker=marker)
    if name == "self-reference":
        with pytest.raises(Failure, match="LF105"):
            _program(tmp_path, body + TAIL, types_cache)
    else:
        program = _program(tmp_path, body + TAIL, types_cache)
        assert [node.name for node in program.graphs[0].nodes] == ["node"]
        assert decode(encode(program)) == program
        if name == "side-effects":
            assert [item.code for item in program.diagnostics] == ["LF201"]
    assert not marker.exists()


def test_values_that_would_not_fit_are_not_computed(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "A = 9 ** 9 ** 9\nB = 1 << 10 ** 9\nC = 'a' * 10 ** 12\nD = f'{1:999999999}'\n"
        "E = '%999999999d' % 1\nF = [[0] * 10 ** 5] * 10 ** 6\nG = 'x'.replace('', 'y' * 10 ** 6)\n"
        "H = '{0:9999999}'.format(1)\nI = list(range(10 ** 12))\n"
    )
    run = Interpreter(Project(path))
    names = run.module(run.project.entry).names
    assert all(isinstance(names[name], Unknown) for name in "ABCDEFGHI")


def test_a_model_of_another_version_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(b"{}")


def test_a_tool_that_is_defined_twice_is_no_crash(tmp_path: Path, types_cache: Path) -> None:
    twice = "@tool\ndef look(x: str) -> str:\n    'Look.'\n    return x\n" * 2
    (tmp_path / "tools.py").write_text(f"from langchain_core.tools import tool\n{twice}")
    body = f"from tools import look\ndef node(s: S):\n    return {{'x': 1}}\n{TAIL}"
    program = _program(tmp_path, body, types_cache)
    assert [function.disposition for function in program.functions] == ["native"]
