"""What stays Python runs alone, as it lies in a crate, and does what it does in its program."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from langferry.converter import analyse
from langferry.model import Program
from langferry.model.program import Function

SUPPORT = Path(__file__).parents[2] / "runtime/crates/langferry/src/bridge/support.py"

HEAD = """
import operator
import re
from functools import partial
from typing import Annotated, TypedDict
from langgraph.graph import StateGraph, START, END


class S(TypedDict):
    x: int
    log: Annotated[list[str], operator.add]

"""
TAIL = """
g = StateGraph(S)
g.add_node("node", node)
g.add_edge(START, "node")
graph = g.compile()
print("this must never be in a crate")
if __name__ == "__main__":
    graph.invoke({"x": 1})
"""

BODIES: dict[str, str] = {
    "passes-every-name-on": """
from langchain_core.runnables import Runnable


class Passes(Runnable):
    def invoke(self, given, config=None, **options):
        return {"x": given["x"] + 1}

    def __getattr__(self, name):
        # as a runnable with fallbacks does where a hint of what it finds has no meaning
        raise (NameError if name == "get_state" else AttributeError)(name)


node = Passes()
""",
    "globals-and-helpers": '''
LIMITS = {"a": 1}
LIMITS["b"] = 2
NAMES: list[str] = []
NAMES.append("first")
NAMES += ["second"]
UNUSED = print
PATTERN = re.compile(r"\\d+")


def helper(n):
    return other(n) + LIMITS["b"]


def other(n):
    return n * len(NAMES) + len(PATTERN.findall("1 22 333"))


def unused():
    return UNUSED


# langferry: bridge
def node(state: S) -> dict:
    """Text over
      several lines."""
    return {"x": helper(state["x"]), "log": NAMES}
''',
    "data-changed-by-calls": """
import heapq

ITEMS = [3, 1, 2]
heapq.heapify(ITEMS)


def double(items):
    items.extend(list(items))


double(ITEMS)
print(ITEMS)


def node(state: S) -> dict:  # langferry: bridge
    return {"x": ITEMS[0], "log": [str(item) for item in ITEMS]}
""",
    "names-of-fields": """
log = "a field of the state is called so too, which must never be in a crate"
count = 3
total = "this must never be in a crate either"
step = 5


class Sized:
    count = count + 1
    total: int = 0
    step += 1


def node(state: S) -> dict:  # langferry: bridge
    return {"x": Sized.count + Sized.total + Sized.step, "log": []}
""",
    "registered-by-decorators": """
import functools


class Registry:
    def __init__(self):
        self.found = []

    def add(self, function):
        self.found.append(function)
        return function


REGISTRY = Registry()


@REGISTRY.add
def first(n):
    return n + 1


@functools.lru_cache
def unused(n):
    return "never be in a crate"


@functools.lru_cache
def used(n):
    return n


def node(state: S) -> dict:  # langferry: bridge
    return {"x": sum(f(state["x"]) for f in REGISTRY.found), "log": [str(used(2))]}
""",
    "run-around-it": """
from langgraph.config import get_stream_writer


def told(n):
    get_stream_writer()({"n": n})
    return n


async def node(state: S, config) -> dict:  # langferry: bridge
    names = [key for key in ("metadata", "callbacks", "configurable") if key in config]
    return {"x": told(state["x"]), "log": [*names, str(len(config["metadata"]))]}
""",
    "closure": '''
def build(count, texts):
    factor = count + 1
    words = {"a": (1, 2.5), "b": {3}}

    def inner(n):
        return n * factor

    class Local:
        size = 7

    def node(state: S) -> dict:  # langferry: bridge
        text = """kept
          as it is"""
        return {"x": inner(state["x"]) + Local.size + sum(words["b"]), "log": [text, *texts]}

    return node


node = build(3, ["t"])
''',
    "rebound": """
def build():
    n = 0

    def node(state: S) -> dict:
        nonlocal n
        n += 1
        return {"x": n, "log": []}

    return node


node = build()
""",
    "partial": """
def work(a, state: S, *, b=1) -> dict:  # langferry: bridge
    return {"x": a + b + state["x"], "log": []}


node = partial(work, 5, b=7)
""",
    "lambda": """
BASE = 40
node = (  # langferry: bridge
    lambda state: {"x": BASE + state["x"], "log": [str(n) for n in range(2)]}
)
""",
    "conditional-definitions": """
try:
    import json
except ImportError:
    json = None
if len("ab") == 2:
    SIZE = 2
else:
    SIZE = 3
from os.path import join, basename; SEPARATOR = "/"


def node(state: S) -> dict:  # langferry: bridge
    return {"x": SIZE, "log": [json.dumps([1]), basename(join("a", "b")), SEPARATOR]}
""",
    "logger-name": """
import logging

logger = logging.getLogger(__name__)


def node(state: S) -> dict:  # langferry: bridge
    logger.debug("x")
    return {"x": 0, "log": [logger.name]}
""",
    "method": """
class Worker:
    def __init__(self, step):
        self.step = step

    def run(self, state: S) -> dict:  # langferry: bridge
        return {"x": state["x"] + self.step, "log": []}


node = Worker(2).run
""",
    "callable-instance": """
class Worker:
    def __init__(self, step):
        self.step = step

    def __call__(self, state: S) -> dict:  # langferry: bridge
        return {"x": state["x"] * self.step, "log": []}


node = Worker(3)
""",
    "runnable": """
from langchain_core.runnables import RunnableLambda

node = RunnableLambda(lambda state: state["x"] + 1) | {"x": lambda x: x, "log": lambda x: ["piped"]}
""",
    "decorated": """
import functools


def twice(function):
    @functools.wraps(function)
    def run(state):
        first = function(state)
        return function({**state, **first})

    return run


@twice
def node(state: S) -> dict:
    return {"x": state["x"] * 2, "log": []}
""",
    "subgraph-called": """
inner = StateGraph(S)
inner.add_node("add", lambda state: {"x": state["x"] + 10})
inner.add_edge(START, "add")
compiled_inner = inner.compile()


def node(state: S) -> dict:  # langferry: bridge
    return {"x": compiled_inner.invoke(state)["x"], "log": []}
""",
    "async": """
async def node(state: S) -> dict:  # langferry: bridge
    return {"x": state["x"] - 1, "log": []}
""",
    "async-runnable": """
from langchain_core.runnables import chain


@chain
async def node(state: S) -> dict:  # langferry: bridge
    return {"x": state["x"] - 2, "log": []}
""",
    "config": """
from langchain_core.runnables import RunnableConfig


def node(state: S, config: RunnableConfig) -> dict:
    return {"x": config["configurable"]["step"] + len(config.get("tags", [])), "log": []}
""",
    "in-place": """
def node(state: S) -> dict:
    state["x"] = state["x"] + 1
    state["log"].append("changed")
    return state
""",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bridged_node_does_what_it_does_in_its_program(
    name: str, tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + BODIES[name] + TAIL)
    program = analyse(path, cache_dir=types_cache)
    function = _node(program)
    assert function.disposition == "bridged", function.reasons
    states = [{"x": 1, "log": []}, {"x": -3, "log": ["a"]}]
    assert bridged(program, states) == _original(path, states)
    (module,) = program.bridge
    assert "never be in a crate" not in module.source


@pytest.mark.parametrize(("parameter", "is_given"), [("store", True), ("other=None", False)])
def test_a_function_that_is_given_the_store_is_taken_out_of_the_graph(
    parameter: str, is_given: bool, tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    node = f"def node(state: S, *, {parameter}) -> dict:  # langferry: bridge\n    return {{}}\n"
    store = "from langgraph.store.memory import InMemoryStore\nkept = InMemoryStore()\n"
    path.write_text(HEAD + store + node + TAIL.replace("compile()", "compile(store=kept)"))
    entry = _node(analyse(path, cache_dir=types_cache)).bridge
    assert entry is not None
    assert entry.expression.startswith("compiled(" if is_given else "node")


def test_kept_lines_are_the_programs(tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + BODIES["globals-and-helpers"] + TAIL)
    (module,) = analyse(path, cache_dir=types_cache).bridge
    original = path.read_text().split("\n")
    kept = module.source.split("\n")
    assert all(line in ("", original[number]) for number, line in enumerate(kept))
    assert "StateGraph(" not in module.source
    assert "def unused" not in module.source
    assert "def other" in module.source


def test_modules_of_a_program_stay_modules(tmp_path: Path, types_cache: Path) -> None:
    package = tmp_path / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text("OFFSET = 10\n\n\ndef shift(n):\n    return n + OFFSET\n")
    (package / "more.py").write_text(
        "from . import base\nfrom .base import shift as move\n\n\n"
        "def twice(n):\n    return move(base.shift(n))\n"
    )
    path = package / "main.py"
    path.write_text(
        HEAD + "from .base import OFFSET\nfrom pkg.more import twice\n"
        "def node(state: S) -> dict:  # langferry: bridge\n"
        "    return {'x': twice(state['x']) + OFFSET, 'log': []}\n" + TAIL
    )
    program = analyse(path, cache_dir=types_cache)
    assert [item.name for item in program.bridge] == ["pkg", "pkg.base", "pkg.main", "pkg.more"]
    assert bridged(program, [{"x": 1, "log": []}]) == [{"x": 31, "log": []}]


def test_graphs_of_classes_and_open_arguments(tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        HEAD
        + textwrap.dedent("""
        class Workflow:
            def __init__(self, step):
                self.step = step
                self.graph = self.build()

            def build(self):
                g = StateGraph(S)
                g.add_node("node", self.run)
                g.add_edge(START, "node")
                return g.compile()

            def run(self, state: S) -> dict:
                return {"x": state["x"] + self.step, "log": []}
        """)
    )
    program = analyse(path, cache_dir=types_cache)
    assert program.entry == "Workflow(step=argument('step')).graph"
    states = [{"x": 1, "log": []}]
    arguments = json.dumps({"step": "40 + 1"})
    assert bridged(program, states, LANGFERRY_ARGUMENTS=arguments) == [{"x": 42, "log": []}]
    with pytest.raises(AssertionError, match="takes an argument 'step'"):
        bridged(program, states)


def test_a_module_is_there_when_nothing_of_it_is_needed(tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + TAIL)
    program = analyse(path, cache_dir=types_cache)
    entry = _node(program).bridge
    assert entry is not None
    names = [module.name for module in program.bridge]
    assert (entry.expression, names) == ("node", ["program"])


def test_a_graph_that_no_name_reaches_is_found_by_its_place(
    tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        HEAD
        + textwrap.dedent("""
        def main():
            step = 5

            def node(state: S) -> dict:
                return {"x": state["x"] + step, "log": [str(object)]}

            g = StateGraph(S)
            g.add_node(node)
            g.add_edge(START, "node")
            app = g.compile()
            raise SystemExit("this must never run")
        """)
    )
    program = analyse(path, cache_dir=types_cache)
    assert program.entry == "@23"
    assert program == analyse(path, "@23", cache_dir=types_cache)
    assert bridged(program, [{"x": 1, "log": []}])[0]["x"] == 6


AGENT = """
from langchain.agents import create_agent
from langchain.agents.middleware import dynamic_prompt
from langchain_core.language_models.fake_chat_models import FakeListChatModel

class Kind:
    pass

@dynamic_prompt
def kindly(request) -> str:
    return f"be kind {Kind.__name__}"

agent = create_agent(FakeListChatModel(responses=["hello"]), [], middleware=[kindly])
print("this must never be in a crate")
"""


LIBRARY = """
from langgraph.graph import MessagesState, StateGraph

def create_agent(model, tools, middleware):
    graph = StateGraph(MessagesState)
    graph.add_node("model", lambda state: {"messages": [model.invoke(middleware[0](None))]})
    graph.set_entry_point("model")
    return graph.compile()
"""


def test_a_graph_that_only_a_librarys_function_compiles_is_found(
    tmp_path: Path, types_cache: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(AGENT)
    program = analyse(path, cache_dir=types_cache)
    entry = _node(program).bridge
    assert entry is not None
    assert entry.expression.startswith("compiled(")
    assert not any("langgraph" in module.source for module in program.bridge)
    # the library is not among those that are needed here: something like it
    library = tmp_path / "libraries" / "langchain" / "agents"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text(LIBRARY)
    (library / "middleware.py").write_text("def dynamic_prompt(function):\n    return function\n")
    found = bridged(program, [{"messages": []}], PYTHONPATH=str(library.parents[1]))
    assert "content='hello'" in str(found)


RUN = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("support", sys.argv[1])
support = importlib.util.module_from_spec(spec)
spec.loader.exec_module(support)
given = json.load(sys.stdin)
support.add(given["modules"])
action = support.evaluate(given["module"], given["expression"])
bare = given["bare"]
def called(state):
    return support.call(None, lambda chunk: None, action, None, state, bare, {"step": 3}, 25)
results = [called(state) for state in given["states"]]
json.dump(results, sys.stdout, default=repr)
"""

ORIGINAL = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
out, sys.stdout = sys.stdout, sys.stderr
graph = importlib.import_module("program").graph
from langgraph.runtime import Runtime
configurable = {"step": 3, "__pregel_runtime": Runtime(stream_writer=lambda chunk: None)}
action = graph.builder.nodes["node"].runnable
config = {"configurable": configurable, "metadata": {}, "callbacks": None}
from langchain_core.runnables.config import var_child_runnable_config
var_child_runnable_config.set(config)
import asyncio
def run(state):
    if getattr(action, "func", action) is None or not hasattr(action, "func"):
        return asyncio.run(action.ainvoke(state, config))
    return action.invoke(state, config)
json.dump([run(state) for state in json.load(sys.stdin)], out)
"""


def _node(program: Program) -> Function:
    main = next(graph for graph in program.graphs if graph.id == program.entry_graph)
    return next(item for item in program.functions if item.id == main.nodes[0].function)


def bridged(program: Program, states: list[Any], **environment: str) -> Any:
    """What the first node of the program's graph gives in a crate, for each state."""
    function = _node(program)
    assert function.bridge is not None
    given = {
        "modules": [(x.name, x.file, x.is_package, x.source) for x in program.bridge],
        "module": function.bridge.module,
        "expression": function.bridge.expression,
        "states": states,
        "bare": "__root__" in [field.name for field in program.records[0].fields],
    }
    return _run([RUN, str(SUPPORT)], given, environment)


def _original(path: Path, states: list[Any]) -> Any:
    return _run([ORIGINAL, str(path.parent)], states, {})


def _run(arguments: list[str], given: Any, environment: dict[str, str]) -> Any:
    ran = subprocess.run(
        [sys.executable, "-c", *arguments],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env={"PYTHONDONTWRITEBYTECODE": "1", **environment},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
