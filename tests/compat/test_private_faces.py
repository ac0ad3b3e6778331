"""Names that LangGraph keeps to itself, and that other packages import all the same."""

import dataclasses
import subprocess
import sys
import types
from collections import deque
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import langgraph._internal._fields
import langgraph._internal._serde
import langgraph.pregel.debug
import pytest
from pydantic import BaseModel

import langferry.compat._internal._fields
import langferry.compat._internal._serde
import langferry.compat.pregel.debug
from langferry.compat.graph import START, StateGraph
from langferry.compat.runtime import ServerInfo

from .faces import REAL, SHIM


class Model(BaseModel):
    name: str | None = None


@dataclasses.dataclass
class Leaf:
    value: int = 3
    unset: str = dataclasses.field(default=...)  # type: ignore[assignment]


class Keys(TypedDict, total=False):
    a: NotRequired[Leaf]
    b: Annotated[deque[Model], "queue"]
    c: Literal["x"] | None


def test_classes_a_saver_may_make() -> None:
    real, ours = langgraph._internal._serde, langferry.compat._internal._serde
    schemas: Any = [Keys, Leaf, dict[str, Leaf | None]]
    assert ours.build_serde_allowlist(schemas=schemas) == real.build_serde_allowlist(
        schemas=schemas
    )
    assert (__name__, "Leaf") in ours.collect_allowlist_from_schemas(schemas=schemas)


def test_a_strict_saver_makes_only_the_graphs_own_classes() -> None:
    program = """if True:
    import langferry.compat; langferry.compat.install()
    import dataclasses
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.graph import START, StateGraph
    @dataclasses.dataclass
    class Own: x: int
    @dataclasses.dataclass
    class Other: x: int
    @dataclasses.dataclass
    class State: own: Own | None = None; other: object = None
    builder = StateGraph(State).add_node("n", lambda state: {"own": Own(1), "other": Other(2)})
    graph = builder.add_edge(START, "n").compile(InMemorySaver())
    config = {"configurable": {"thread_id": "1"}}
    graph.invoke({}, config)
    print(graph.get_state(config).values)
    """
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"LANGGRAPH_STRICT_MSGPACK": "true", "PYTHONPATH": ":".join(sys.path)},
    )
    assert ran.stdout.strip() == "{'own': Own(x=1), 'other': {'x': 2}}"


@pytest.mark.parametrize("schema", [Keys, Leaf, Model])
def test_defaults_of_fields(schema: Any) -> None:
    real, ours = langgraph._internal._fields, langferry.compat._internal._fields
    for name, hint in schema.__annotations__.items():
        wanted = real.get_field_default(name, hint, schema)
        assert ours.get_field_default(name, hint, schema) == wanted
    hints = list(real.get_enhanced_type_hints(schema))
    assert list(ours.get_enhanced_type_hints(schema)) == hints


def test_payloads_of_tasks() -> None:
    config = {"metadata": {"thread_id": "1", "mine": 2}, "tags": ["seq:step:1", "t"]}
    task = types.SimpleNamespace(
        id="1", name="n", input=1, triggers=["x"], path=("a",), config=config, subgraphs=[1]
    )
    writes: Any = [("a", 1), ("a", 2), ("b", 3), ("__interrupt__", ())]
    pending: Any = [("1", channel, value) for channel, value in writes]
    at: Any = {"configurable": {"thread_id": "t", "checkpoint_ns": "", "__pregel_x": 1}}
    both = langgraph.pregel.debug, langferry.compat.pregel.debug
    calls: list[Any] = [
        lambda debug: list(debug.map_debug_tasks([task])),
        lambda debug: list(debug.map_debug_task_results((task, writes), "a")),
        lambda debug: debug.tasks_w_writes([task], pending, None, ["a", "b"]),
        lambda debug: debug.tasks_w_writes([task], pending, None, "b"),
        lambda debug: list(debug.map_debug_checkpoint(at, {}, [], {}, [task], pending, at, ["a"])),
    ]
    for call in calls:
        wanted, ours = map(call, both)
        assert ours == wanted


@pytest.mark.parametrize("face", [REAL, SHIM], ids=["langgraph", "shim"])
def test_a_node_can_be_called_on_its_own(face: Any) -> None:
    builder = face.StateGraph(Keys).add_node("n", lambda state: {"c": "x"})
    graph = builder.add_edge(face.START, "n").compile()
    assert graph.nodes["n"].invoke({}) == {"c": "x"}
    assert builder.nodes["n"].runnable.func({}) == {"c": "x"}
    assert (graph.nodes["n"].channels, graph.nodes["n"].triggers) == (
        ["a", "b", "c"],
        ["branch:to:n"],
    )


def test_a_server_says_who_it_is() -> None:
    seen = []
    builder = StateGraph(Keys).add_node("n", lambda state, runtime: seen.append(runtime))
    graph = builder.add_edge(START, "n").compile()
    graph.invoke({}, {"configurable": {"assistant_id": "a", "langgraph_auth_user": "nobody"}})
    graph.invoke({})
    assert [runtime.server_info for runtime in seen] == [ServerInfo("a", ""), None]
