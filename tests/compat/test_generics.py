"""The type parameters that programs give to graphs, at run time too."""

from typing import Any, TypedDict

import langgraph.graph.state
import langgraph.pregel
import pytest

import langferry.compat.graph.state
import langferry.compat.pregel

REAL = (langgraph.graph.state, langgraph.pregel)
OURS = (langferry.compat.graph.state, langferry.compat.pregel)


class State(TypedDict):
    x: int


@pytest.mark.parametrize("given", [State, (State, None), (State, None, State), (State,) * 4])
def test_parameters(given: Any) -> None:
    for at, name in [(0, "StateGraph"), (0, "CompiledStateGraph"), (1, "Pregel")]:
        real, ours = (getattr(modules[at], name)[given] for modules in (REAL, OURS))
        assert list(map(str, ours.__args__)) == list(map(str, real.__args__))


def test_a_parametrised_graph_builds_and_runs() -> None:
    module = OURS[0]
    builder = module.StateGraph[State, None, State, State](State)
    builder.add_node("n", lambda state: {"x": state["x"] + 1}).add_edge("__start__", "n")
    graph = builder.compile()
    assert isinstance(graph, module.CompiledStateGraph)
    assert graph.invoke({"x": 1}) == {"x": 2}
