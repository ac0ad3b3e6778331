"""Every code of the wiring is raised for what it says, at the place it is about."""

from pathlib import Path

import pytest

from langferry.converter.project import Project
from langferry.converter.wiring.entry import find_entries
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.validation import validate
from langferry.diagnostics import Failure, Span

HEAD = """
import operator, os
from functools import partial
from typing import Annotated, Any, Literal, TypedDict
from langgraph.graph import StateGraph, START, END, MessagesState
from langgraph.prebuilt import ToolNode
from langgraph.types import RetryPolicy
class S(TypedDict):
    x: int
def f(s: S): return {}
def h(s: S): return {}
g = StateGraph(S)
"""

# what is appended, the code, and the text of the span
ERRORS: dict[str, tuple[str, str, str]] = {
    "unknown-name": (
        'g.add_node(os.environ["N"], f)',
        "LF201",
        'g.add_node(os.environ["N"], f)',
    ),
    "set-order": (
        "for n in {'a', 'b'}:\n    g.add_node(n, f)",
        "LF201",
        "g.add_node(n, f)",
    ),
    "unknown-condition": (
        "if os.getenv('X'):\n    g.add_node('a', f)",
        "LF201",
        "g.add_node('a', f)",
    ),
    "unknown-operand": (
        "os.getenv('X') and g.add_node('a', f)",
        "LF201",
        "g.add_node('a', f)",
    ),
    "unknown-choice": (
        "g.add_node('a', f) if os.getenv('X') else g.add_node('b', f)",
        "LF201",
        "g.add_node('a', f)",
    ),
    "unknown-list": (
        "names = []\nif os.getenv('X'):\n    names.append('a')\ng.add_edge(names, 'b')",
        "LF201",
        "g.add_edge(names, 'b')",
    ),
    "builder-escapes": ("import mylib\nmylib.extend(g)", "LF201", "mylib.extend(g)"),
    "builder-escapes-by-callback": (
        "import threading\ndef add(): g.add_node('t', f)\nthreading.Thread(target=add).start()",
        "LF201",
        "g.add_node('t', f)",
    ),
    "builder-insides": ("g.nodes.pop('a', None)", "LF201", "g.nodes"),
    "unknown-start": ("g.add_edge('nowhere', END)", "LF202", "g.add_edge('nowhere', END)"),
    "unknown-end": (
        "g.add_node(f)\ng.add_edge('f', 'nowhere')",
        "LF202",
        "g.add_edge('f', 'nowhere')",
    ),
    "unknown-branch-target": (
        "g.add_node(f)\ng.add_conditional_edges('f', h, ['nowhere'])",
        "LF202",
        "g.add_conditional_edges('f', h, ['nowhere'])",
    ),
    "unknown-literal-target": (
        "def r(s) -> Literal['nowhere']: ...\ng.add_conditional_edges(START, r)",
        "LF202",
        "g.add_conditional_edges(START, r)",
    ),
    "join-before-node": (
        "g.add_edge(['f', 'h'], END)",
        "LF202",
        "g.add_edge(['f', 'h'], END)",
    ),
    "edge-from-end": ("g.add_edge(END, 'f')", "LF202", "g.add_edge(END, 'f')"),
    "edge-to-start": ("g.add_edge('f', START)", "LF202", "g.add_edge('f', START)"),
    "interrupt-nowhere": (
        "g.add_edge(START, 'f')\ng.add_node(f)\ngraph = g.compile(interrupt_before=['z'])",
        "LF202",
        "g.compile(interrupt_before=['z'])",
    ),
    "no-entry": ("g.add_node(f)\ng.add_edge('f', END)", "LF203", "StateGraph(S)"),
    "duplicate-node": ("g.add_node(f)\ng.add_node('f', h)", "LF204", "g.add_node('f', h)"),
    "duplicate-branch": (
        "g.add_conditional_edges(START, h)\ng.add_conditional_edges(START, h)",
        "LF204",
        "g.add_conditional_edges(START, h)",
    ),
    "reserved-node": ("g.add_node('__end__', f)", "LF205", "g.add_node('__end__', f)"),
    "reserved-character": ("g.add_node('a:b', f)", "LF205", "g.add_node('a:b', f)"),
    "no-function": ("g.add_node('a')", "LF206", "g.add_node('a')"),
    "name-is-a-number": ("g.add_edge(START, 3)", "LF206", "g.add_edge(START, 3)"),
    "empty-sequence": ("g.add_sequence([])", "LF206", "g.add_sequence([])"),
    "router-annotation": (
        "def r(s: 'Nobody'): ...\ng.add_conditional_edges(START, r)",
        "LF206",
        "g.add_conditional_edges(START, r)",
    ),
    "state-from-elsewhere": (
        "from somewhere import T\ng = StateGraph(T)",
        "LF210",
        "StateGraph(T)",
    ),
    "state-field-undefined": (
        "class U(TypedDict):\n    a: 'Nobody'\ng = StateGraph(U)",
        "LF210",
        "'Nobody'",
    ),
    "reducer-arity": (
        "class U(TypedDict):\n    a: Annotated[int, lambda x: x]\ng = StateGraph(U)",
        "LF206",
        "a: Annotated[int, lambda x: x]",
    ),
    "channel-class": (
        "from langgraph.channels import Topic\nclass U(TypedDict):\n"
        "    a: Annotated[list, Topic]\ng = StateGraph(U)",
        "LF212",
        "a: Annotated[list, Topic]",
    ),
    "managed-value": (
        "from langgraph.managed import IsLastStep\nclass U(TypedDict):\n"
        "    a: IsLastStep\ng = StateGraph(U)",
        "LF212",
        "a: IsLastStep",
    ),
    "two-reducers": (
        "class U(TypedDict):\n    x: Annotated[int, operator.add]\n"
        "g = StateGraph(S, input_schema=U)",
        "LF213",
        "x: Annotated[int, operator.add]",
    ),
    "retry": (
        "g.add_node(f, retry_policy=RetryPolicy())",
        "LF221",
        "g.add_node(f, retry_policy=RetryPolicy())",
    ),
    "node-defaults": ("g.set_node_defaults(timeout=3)", "LF221", "g.set_node_defaults(timeout=3)"),
    "saver": (
        "from langgraph.checkpoint.sqlite import SqliteSaver\n"
        "g.add_node(f)\ng.set_entry_point('f')\ngraph = g.compile(SqliteSaver(None))",
        "LF222",
        "g.compile(SqliteSaver(None))",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_a_finding_has_its_code_and_place(name: str, tmp_path: Path) -> None:
    body, code, place = ERRORS[name]
    path = tmp_path / "program.py"
    path.write_text(HEAD + body + "\n")
    run = Interpreter(Project(path))
    scope = run.module(run.project.entry)
    entry = "graph" if "graph =" in body else "g"
    ((_, compiled), *_) = find_entries(run, scope, entry)
    builder = compiled.builder
    validate(builder, compiled.span)
    found = [(item.code, _text(path, item.span)) for item in builder.findings]
    if builder.unknown is not None:
        found.append(("LF201", _text(path, builder.unknown.span)))
    assert (code, place) in found
    assert all(item.help for item in builder.findings)
    warns = [item.code for item in builder.findings if item.severity == "warning"]
    assert warns == ([code] if name in WARNINGS else [])


WARNINGS = {"managed-value", "retry", "saver"}
"""Findings that do not stop a conversion."""

FAILURES: dict[str, tuple[str, str | None, str, str]] = {
    "syntax-error": ("def f(:\n    pass\n", None, "LF102", ":"),
    "syntax-error-of-the-compiler": ("x = 1\nreturn x\n", None, "LF102", "return x"),
    "no-graph": ("x = 1\n", None, "LF103", ""),
    "too-deep": ("x = " + "-" * 30_000 + "1\n", None, "LF105", ""),
    "entry-is-not-python": (HEAD, "g g", "LF106", "g g"),
    "entry-is-not-a-graph": (HEAD, "f", "LF106", ""),
    "entry-raises": (HEAD, "nobody()", "LF106", ""),
    "endless-loop": ("while True:\n    pass\n", None, "LF107", "True"),
    "endless-recursion": ("def f(n):\n    return f(n + 1)\nf(0)\n", None, "LF107", "f(n + 1)"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_has_its_code_and_place(name: str, tmp_path: Path) -> None:
    source, entry, code, place = FAILURES[name]
    path = tmp_path / "program.py"
    path.write_text(source)
    with pytest.raises(Failure) as caught:
        _find(path, entry)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == code
    assert diagnostic.help
    assert diagnostic.span is not None
    if diagnostic.span.file == "<entry>":
        assert diagnostic.span.end_column == len(place)
    else:
        assert _text(path, diagnostic.span) == place


def test_candidates_are_named_when_no_graph_is_compiled(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + "def build(n=3):\n    return StateGraph(S)\n")
    with pytest.raises(Failure) as caught:
        _find(path, None)
    assert caught.value.diagnostic.code == "LF103"
    assert caught.value.diagnostic.help == "Name the graph with `--entry`: g, build()."


@pytest.mark.parametrize(
    ("body", "is_certain"),
    [
        ("exec('g.add_node(f)')", False),
        ("if os.getenv('X'):\n    exec(os.getenv('X'))", False),
        ("def do(text): exec(text)\ndo('g.add_node(f)')", False),
        ("def do(): exec(os.getenv('X'))\nif os.getenv('Y'):\n    do()", False),
        ("def do():\n    if os.getenv('Y'):\n        return\n    exec('')\ndo()", False),
        ("def do(): exec('')\nos.getenv('Y') and do()", False),
        ("def do(): exec('')\ndo() if os.getenv('Y') else None", False),
        ("if os.getenv('Y'):\n    class A:\n        exec('')", False),
        ("def do():\n    exec('')\n    yield 1\nimport mylib\nmylib.tool(do)\nlist(do())", False),
        ("import mylib\ndef do(text): exec(text)\nmylib.tool(do)", True),
        ("import mylib\n@mylib.tool\ndef do(text): exec(text)", True),
    ],
)
def test_what_runs_texts_leaves_the_wiring_uncertain_but_where_only_a_library_may_call_it(
    body: str, is_certain: bool, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + body + "\n")
    run = Interpreter(Project(path))
    run.module(run.project.entry)
    assert (run.broken is None) is is_certain


def _find(path: Path, entry: str | None) -> None:
    run = Interpreter(Project(path), max_steps=20_000)
    find_entries(run, run.module(run.project.entry), entry)


def _text(path: Path, span: Span | None) -> str:
    assert span is not None
    assert span.file == path.name
    lines = path.read_text().split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column]
    lines[0] = lines[0][span.column :]
    return "\n".join(lines)
