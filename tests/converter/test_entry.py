"""The graphs of a program are found wherever it builds them, with the nodes they have."""

from pathlib import Path

import pytest

from langferry.converter.project import Project
from langferry.converter.wiring.entry import find_entries
from langferry.converter.wiring.interpreter import Interpreter
from langferry.diagnostics import Failure

HEAD = """
import enum
import os
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypedDict
from langgraph.graph import StateGraph, MessagesState, START, END
from langgraph.prebuilt import create_react_agent

class S(TypedDict):
    x: int

def work(state: S) -> dict:
    return {"x": 1}

def start(name, action=work):
    g = StateGraph(S)
    g.add_node(name, action)
    g.add_edge(START, name)
    return g
"""

PROGRAMS: dict[str, tuple[str, list[tuple[str, list[str]]]]] = {
    "by-name": ("app = start('a').compile()\n", [("app", ["a"])]),
    "several": (
        "other = start('a').compile()\ngraph = start('b').compile()\n",
        [("graph", ["b"]), ("other", ["a"])],
    ),
    "attribute": (
        "class W:\n    def __init__(self):\n        self.graph = start('a').compile()\nw = W()\n",
        [("w.graph", ["a"])],
    ),
    "function": ("def build():\n    return start('a').compile()\n", [("build()", ["a"])]),
    "cached-function": (
        "@lru_cache(maxsize=1)\ndef build():\n    return start('a').compile()\n",
        [("build()", ["a"])],
    ),
    "kept-in-a-global": (
        "built = None\nasync def build():\n    global built\n    if built is not None:\n"
        "        return built\n    options = {}\n    if os.getenv('DB'):\n"
        "        options['checkpointer'] = saver()\n"
        "    built = start('a').compile(**options)\n    return built\n",
        [("build()", ["a"])],
    ),
    "async-function": (
        "async def build():\n    return start('a').compile()\n",
        [("build()", ["a"])],
    ),
    "open-argument": (
        "def build(llm, name='a'):\n    return start(name, lambda s: llm).compile()\n",
        [("build(llm=argument('llm'))", ["a"])],
    ),
    "function-that-another-calls": (
        "def build(llm):\n    return start('a', lambda s: llm).compile()\n"
        "def main():\n    return build(3)\n",
        [("build(llm=argument('llm'))", ["a"])],
    ),
    "graph-of-a-function-that-another-calls": (
        "def build(llm):\n    return start('a', lambda s: llm).compile()\n"
        "def main():\n    graph = build(3)\n    other = start('b').compile()\n    return graph\n",
        [("main()", ["a"])],
    ),
    "function-that-one-calls-which-gives-none": (
        "def route(builder, to) -> StateGraph:\n    builder.add_edge(START, to)\n    return builder\n"
        "def build(agents):\n    g = StateGraph(S)\n    route(g, 'a')\n"
        "    for agent in agents:\n        g.add_node(agent.name, agent)\n    return g\n",
        [("route(builder=argument('builder'), to=argument('to'))", [])],
    ),
    "method-that-another-calls": (
        "class W:\n    def build(self, llm):\n        return start('a', lambda s: llm).compile()\n"
        "    def main(self):\n        return self.build(3)\n",
        [("W().main()", ["a"])],
    ),
    "method": (
        "class W:\n    def build(self, llm):\n        g = start('a', self.run)\n"
        "        g.add_node(self.stop)\n        return g.compile()\n"
        "    def run(self, s): ...\n    def stop(self, s): ...\n",
        [("W().build(llm=argument('llm'))", ["a", "stop"])],
    ),
    "not-given-back": (
        "def main():\n    app = start('a').compile()\n    print(app.invoke({}))\n",
        [("@22", ["a"])],
    ),
    "never-compiled": ("builder = start('a')\n", [("builder", ["a"])]),
    "enum-names": (
        "class N(str, enum.Enum):\n    A = 'first'\ng = start(N.A)\ng.add_node(N.A.value + '2', work)\n"
        "app = g.compile()\n",
        [("app", ["first", "first2"])],
    ),
    "inheritance": (
        "class Base:\n    def __init__(self, name):\n        self.name = name\n"
        "    @property\n    def full(self):\n        return self.name + '!'\n"
        "class W(Base):\n    def __init__(self):\n        super().__init__('a')\n"
        "        self.app = start(self.full).compile()\nw = W()\n",
        [("w.app", ["a!"])],
    ),
    "dataclass-fields": (
        "@dataclass(frozen=True)\nclass Settings:\n    names: list = field(default_factory=list)\n"
        "    last: str = 'z'\nsettings = Settings(['a', 'b'])\ng = start(settings.last)\n"
        "for name in settings.names:\n    g.add_node(name, work)\napp = g.compile()\n",
        [("app", ["z", "a", "b"])],
    ),
    "react-agent": (
        "agent = create_react_agent('openai:x', [work])\n",
        [("agent", ["agent", "tools"])],
    ),
    "react-agent-without-tools": (
        "agent = create_react_agent('openai:x', [], response_format=S)\n",
        [("agent", ["agent", "generate_structured_response"])],
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_graphs_and_their_nodes(name: str, tmp_path: Path) -> None:
    body, expected = PROGRAMS[name]
    path = tmp_path / "program.py"
    path.write_text(HEAD + body)
    run = Interpreter(Project(path))
    found = find_entries(run, run.module(run.project.entry), None)
    assert [(entry, list(graph.builder.nodes)) for entry, graph in found] == expected
    errors = [x for _, g in found for x in g.builder.findings if x.severity == "error"]
    assert errors == []
    for entry, graph in found:
        again = Interpreter(Project(path))
        ((_, same),) = find_entries(again, again.module(again.project.entry), entry)
        assert list(same.builder.nodes) == list(graph.builder.nodes)


@pytest.mark.parametrize(
    "change",
    [
        "options.update(given)",
        "change(options)",
        "options[given] = 1",
        "options['name'] = 'n'",
        "options |= {'name': 'n'}",
        "del options['checkpointer']",
        "kept = [options]\n    change(kept)",
    ],
)
def test_options_that_anything_may_be_in_are_not_read(change: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    body = (
        f"from elsewhere import change\ndef build(given):\n    options = {{}}\n"
        f"    if given:\n        options['checkpointer'] = given\n    {change}\n"
        f"    return start('a').compile(**options)\n"
    )
    path.write_text(HEAD + body)
    run = Interpreter(Project(path))
    with pytest.raises(Failure, match="LF103"):
        find_entries(run, run.module(run.project.entry), None)


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        (
            "pool = None\ndef init():\n    global pool\n    pool = 1\n"
            "def build():\n    if pool is None:\n        raise RuntimeError('init first')\n"
            "    return start('a').compile()\n",
            7,
            "builds no graph: 'build' raises an exception",
        ),
        (
            "if __name__ == '__main__':\n    g = StateGraph(S)\n    g.add_node('a', work)\n"
            "    g.add_edge(START, 'a')\n    g.compile()\n",
            1,
            "builds its graph only when it is run as a script",
        ),
        ("import re\nif '__main__' == __name__:\n    re.compile('a')\n", None, "no graph$"),
    ],
)
def test_why_no_graph_is_built_is_told(
    body: str, line: int | None, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + body)
    run = Interpreter(Project(path))
    with pytest.raises(Failure, match=f"LF103: .* {said}") as caught:
        find_entries(run, run.module(run.project.entry), None)
    span = caught.value.diagnostic.span
    assert span is not None
    assert span.line == (1 if line is None else HEAD.count("\n") + line)


@pytest.mark.parametrize(
    "body",
    [
        "@property\n    def run(self):\n        raise AttributeError",
        "def __getattribute__(self, name):\n        raise AttributeError\n    def run(self, s):\n"
        "        return {}",
        "def __init__(self):\n        self.run = wrapped(work)",
        "pass",
    ],
)
def test_what_objects_may_lack_is_not_known(body: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        HEAD + f"from elsewhere import wrapped\nclass Step:\n    {body}\n"
        "g = start('a')\nif hasattr(Step(), 'run'):\n    g.add_node('b', work)\napp = g.compile()\n"
    )
    run = Interpreter(Project(path))
    ((_, graph),) = find_entries(run, run.module(run.project.entry), None)
    assert graph.builder.unknown is not None


def test_a_prebuilt_agent_has_langgraphs_own_shape() -> None:
    from langchain_core.language_models import FakeListChatModel
    from langgraph.prebuilt import create_react_agent

    class Model(FakeListChatModel):
        def bind_tools(self, tools: object, **options: object) -> "Model":
            return self

    def look_up(word: str) -> str:
        """Look a word up."""
        return word

    real = create_react_agent(Model(responses=[]), [look_up]).builder
    assert set(real.nodes) == {"agent", "tools"}
    assert real.edges == {("__start__", "agent"), ("tools", "agent")}
    assert {source: list(found) for source, found in real.branches.items()} == {
        "agent": ["should_continue"]
    }
