"""The own graph API: lean to import, counted, and coded where it refuses."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, TypedDict

import pytest

import langferry
from langferry import _engine
from langferry.diagnostics import TABLE
from langferry.graph import END, START, StateGraph, Unsupported


class State(TypedDict):
    x: int


def counting(limit: int) -> Any:
    graph = StateGraph(State)
    graph.add_node("add", lambda state: {"x": state["x"] + 1})
    graph.add_edge(START, "add")
    graph.add_conditional_edges("add", lambda state: "add" if state["x"] < limit else END)
    return graph.compile()


def test_importing_it_imports_neither_langgraph_nor_langchain() -> None:
    code = (
        "import sys, langferry.graph\n"
        "heavy = ('langgraph', 'langchain_core', 'pydantic', 'asyncio')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    packages = str(Path(langferry.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": packages},
        check=True,
    )
    assert done.stdout == "[]\n"


def test_supersteps_are_counted() -> None:
    before = _engine.supersteps()
    assert counting(5).invoke({"x": 0}) == {"x": 5}
    # the step that spreads the input, and one for each addition
    assert _engine.supersteps() - before == 6


def test_a_stream_does_no_work_before_it_is_asked() -> None:
    seen: list[int] = []
    graph = StateGraph(State)
    graph.add_node("a", lambda state: seen.append(1))
    graph.add_node("b", lambda state: seen.append(2))
    graph.add_edge(START, "a").add_edge("a", "b")
    chunks = graph.compile().stream({"x": 0})
    assert seen == []
    assert next(chunks) == {"a": None}
    assert seen == [1]


def test_keyboard_interrupts_pass_through() -> None:
    def stop(state: State) -> None:
        raise KeyboardInterrupt

    graph = StateGraph(State)
    graph.add_node("a", stop)
    graph.add_edge(START, "a")
    with pytest.raises(KeyboardInterrupt):
        graph.compile().invoke({"x": 0})


def test_generators_are_refused() -> None:
    def generator(state: State) -> Any:
        yield state

    with pytest.raises(Unsupported) as caught:
        StateGraph(State).add_node("a", generator)
    assert caught.value.code == "LF414"


def test_every_code_in_use_is_listed() -> None:
    import re

    root = Path(__file__).parents[2]
    rust = (root / "runtime" / "crates" / "langferry" / "src").rglob("*.rs")
    sources = [*root.glob("graph/**/*.py"), *root.glob("compat/**/*.py"), *rust]
    used = {code for path in sources for code in re.findall(r"\bLF4\d\d\b", path.read_text())}
    assert used == {code for code in TABLE if code.startswith("LF4")}
