"""What importing, compiling and running leaves unloaded, and that nobody can tell."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from langferry import compat
from langferry.compat import later, parts, runtime
from langferry.compat.graph.message import MessagesState, add_messages

HEAVY = (
    *("httpx", "jsonschema", "langchain_core", "langgraph_sdk", "langsmith", "orjson", "ormsgpack"),
    *("pydantic", "pydantic_core", "requests", "tenacity", "yaml"),
    *("langgraph.cache", "langgraph.checkpoint", "langgraph.prebuilt", "langgraph.store"),
)
PLAIN = """
from typing import TypedDict
from langgraph.graph import END, START, StateGraph
class State(TypedDict):
    x: int
def build(node=lambda state: {"x": state["x"] + 1}):
    graph = StateGraph(State)
    graph.add_node("one", node)
    graph.add_edge(START, "one")
    graph.add_conditional_edges("one", lambda state: END if state["x"] > 2 else "one")
    return graph.compile()
"""


def run(program: str) -> str:
    """What a program prints in a process of its own, in which the shim is installed."""
    code = "from langferry.compat import install\ninstall()\n" + program
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded(program: str) -> list[str]:
    """Which of the heavy modules a program has loaded at its end."""
    told = run(f"{program}\nimport sys\nprint(*sys.modules, sep=chr(10))").split()
    return [name for name in told if any(f"{name}.".startswith(f"{root}.") for root in HEAVY)]


def test_graphs_of_plain_functions_are_light() -> None:
    uses = """
import asyncio
from langgraph.config import get_config
build().invoke({"x": 0})
list(build().stream({"x": 0}, stream_mode=["values", "updates", "custom"], debug=False))
build(build().with_config(tags=["t"])).invoke({"x": 0}, {"metadata": {"a": 1}})
asyncio.run(build().ainvoke({"x": 0}))
dict(build().get_subgraphs())
build(lambda state: {"x": len(get_config()) + 3}).invoke({"x": 0})
"""
    assert loaded(PLAIN + uses) == []


def test_functions_and_channels_are_light() -> None:
    uses = """
from langgraph.channels import EphemeralValue
from langgraph.func import entrypoint, task
from langgraph.pregel import NodeBuilder, Pregel
@task
def more(x):
    return x + 1
@entrypoint()
def twice(x):
    return more(more(x).result()).result()
assert twice.invoke(1) == 3
node = NodeBuilder().subscribe_only("a").do(lambda x: x + x).write_to("b")
channels = {"a": EphemeralValue(str), "b": EphemeralValue(str)}
nodes = {"n": node}
app = Pregel(nodes=nodes, channels=channels, input_channels=["a"], output_channels=["b"])
assert app.invoke({"a": "x"}) == {"b": "xx"}
"""
    assert loaded(uses) == []


@pytest.mark.parametrize(
    "use",
    [
        "isinstance(graph, Runnable) and issubclass(CompiledStateGraph, Runnable)",
        "isinstance(graph | graph, RunnableSequence)",
        "isinstance({'a': graph} | graph, RunnableSequence)",
        "not hasattr(graph, 'no_such_name') and graph.batch([{'x': 1}]) == [{'x': 3}]",
        "not hasattr(CompiledStateGraph, 'no_such_name') and hasattr(CompiledStateGraph, 'abatch')",
        "'batch' in dir(graph) and 'abatch' in dir(CompiledStateGraph)",
        "isinstance(sequence.steps[0] | sequence, RunnableSequence)",
        "isinstance(Command(goto='a'), ToolOutputMixin) and Command(goto='a').__dict__ == {}",
    ],
)
def test_the_real_bases_take_their_places(use: str) -> None:
    program = f"""
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command
graph = build()
graph.invoke({{"x": 0}})
from langgraph._internal._runnable import RunnableCallable, RunnableSeq
sequence = RunnableSeq(RunnableCallable(abs), RunnableCallable(abs))
assert sequence.invoke(-1, {{}}) == 1
class Names(dict):
    def __missing__(self, name):
        from langchain_core import runnables
        from langchain_core.messages.tool import ToolOutputMixin
        return ToolOutputMixin if name == "ToolOutputMixin" else getattr(runnables, name)
print(eval({use!r}, {{}}, Names({{**vars(__builtins__), **globals()}})))
"""
    assert run(PLAIN + program).strip() == "True"


def test_a_class_made_before_looks_like_one_made_after() -> None:
    show = (
        "from langgraph.types import Command\n"
        "from langgraph.graph.state import CompiledStateGraph\n"
        "import langchain_core.runnables.base, langchain_core.messages.tool\n"
        "from langferry.compat.pregel.protocol import PregelProtocol\n"
        "for cls in (Command, CompiledStateGraph, PregelProtocol):\n"
        "    print(cls.__mro__, cls.__bases__, cls.__orig_bases__)\n"
    )
    first = "import langchain_core.runnables.base, langchain_core.messages.tool\n"
    assert run(show) == run(first + show)


@pytest.mark.parametrize(
    "imports", ["", "from langchain_core.runnables import RunnableConfig as _\n"]
)
def test_a_node_that_imports_langchain_finds_its_config(imports: str) -> None:
    """Also the nodes that run beside it, and the node around its graph."""
    program = (
        imports
        + PLAIN
        + """
import threading
both = threading.Barrier(2)
def tag():
    from langchain_core.runnables.config import ensure_config
    return ensure_config()["configurable"]["tag"]
class Told(TypedDict):
    tags: str
def imports_it(state):
    both.wait()
    print("first", tag())
    both.wait()
def runs_beside(state):
    both.wait()
    both.wait()
    print("beside", tag())
inner = StateGraph(State)
inner.add_node("a", imports_it)
inner.add_node("b", runs_beside)
inner.add_edge(START, "a")
inner.add_edge(START, "b")
inner = inner.compile()
def around(state):
    inner.invoke(state)
    print("around", tag())
build(around).invoke({"x": 3}, {"configurable": {"tag": 7}})
"""
    )
    assert run(program).splitlines() == ["first 7", "beside 7", "around 7"]


def public() -> Iterator[tuple[str, Any]]:
    """Every public class and function, with the methods of the classes."""
    for found in pkgutil.walk_packages(compat.__path__, "langferry.compat."):
        if "._" in found.name or found.name.endswith((".ui", "pregel.types")):
            continue
        module = importlib.import_module(found.name)
        for name in getattr(module, "__all__", ()):
            one = getattr(module, name)
            if inspect.isclass(one) and one.__module__.startswith("lang"):
                methods = filter(inspect.isfunction, vars(one).values())
                yield from ((f"{found.name}.{m.__qualname__}", m) for m in methods)
            if inspect.isclass(one) or inspect.isfunction(one):
                yield f"{found.name}.{name}", one


def test_hints_can_be_read() -> None:
    unread = {}
    for name, one in public():
        try:
            typing.get_type_hints(one)
        except NameError as error:
            unread[name] = error
    assert unread == {}
    assert typing.get_type_hints(runtime.Runtime)["store"] == later.BaseStore | None
    assert typing.get_origin(typing.get_type_hints(parts.MessagesStreamPart)["data"]) is tuple


def test_a_state_that_extends_the_messages_state_can_be_read_elsewhere() -> None:
    class State(MessagesState):
        more: int

    hints = typing.get_type_hints(State, include_extras=True)
    assert hints == {
        "messages": typing.Annotated[list[later.AnyMessage], add_messages],
        "more": int,
    }


def test_what_is_not_imported_yet_has_no_instances() -> None:
    program = """
from langferry.compat import later
print(later.is_a(1, "Runnable"))
from langchain_core.runnables import RunnableLambda
print(later.is_a(RunnableLambda(print), "Runnable"), later.is_a(1, "Runnable"))
"""
    assert run(program).split() == ["False", "True", "False"]


def test_each_name_is_where_it_is_said_to_be() -> None:
    for name, home in later.HOMES.items():
        assert getattr(later, name) is getattr(sys.modules[home], name)
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        later.Nothing  # type: ignore[attr-defined]  # noqa: B018
