"""States of many keys: a node's dict is its own, whatever the nodes and routers before it did to theirs."""

import operator
from typing import Annotated, Any, TypedDict

import pytest

from .faces import same

KEYS = [f"k{at}" for at in range(40)]
State: Any = TypedDict(
    "State",
    dict.fromkeys(KEYS, int) | {"n": int, "log": Annotated[list[Any], operator.add]},
    total=False,
)


def spoil(state: dict[str, Any]) -> None:
    """What a node may do to its input, and nobody else is to notice."""
    state.pop("k1", None)
    state["k2"] = "spoiled"
    state["new"] = "spoiled"


def told(state: dict[str, Any]) -> list[Any]:
    return [list(state), {key: value for key, value in state.items() if key != "log"}]


def step(state: dict[str, Any]) -> dict[str, Any]:
    seen, n = told(state), state["n"]
    spoil(state)
    return {f"k{n * 7 % 40}": -n, f"k{n * 3 % 40}": n, "n": n + 1, "log": [seen]}


def looping(api: Any) -> Any:
    def route(state: dict[str, Any]) -> str:
        spoil(state)
        return "step" if state["n"] < 12 else api.END

    graph = api.StateGraph(State)
    graph.add_node("step", step)
    graph.add_edge(api.START, "step")
    graph.add_conditional_edges("step", route)
    return graph.compile()


def side_by_side(api: Any) -> Any:
    def node(name: str) -> Any:
        def run(state: dict[str, Any]) -> dict[str, Any]:
            seen = told(state)
            spoil(state)
            return {name: 1, "log": [seen]}

        return run

    def route(state: dict[str, Any]) -> str:
        spoil(state)
        return "last" if "k2" in state else api.END

    graph = api.StateGraph(State)
    for name in ("k30", "k31", "k32"):
        graph.add_node(name, node(name))
        graph.add_edge(api.START, name)
        graph.add_conditional_edges(name, route, ["last", api.END])
    graph.add_node("last", lambda state: {"log": [told(state)]})
    return graph.compile()


@pytest.mark.parametrize("build", [looping, side_by_side])
@pytest.mark.parametrize("keys", [KEYS, KEYS[:20]])
def test_a_node_may_do_to_its_state_what_it_likes(build: Any, keys: list[str]) -> None:
    same(build, {key: at for at, key in enumerate(keys)} | {"n": 0, "log": []})
