"""Random graphs, drawn from a seed, tell and store the same on LangGraph and on both Python drivers."""

import asyncio
import operator
import os
import random
from typing import Annotated, Any, TypedDict

import pytest

from .faces import OURS, REAL, plain, same

_SEED = os.environ.get("LANGFERRY_SEED")
SEEDS = range(24) if _SEED is None else [int(_SEED)]
THREAD = {"configurable": {"thread_id": "1"}, "recursion_limit": 12}


class State(TypedDict, total=False):
    n: int
    total: Annotated[int, operator.add]
    log: Annotated[list[str], operator.add]


def described(seed: int) -> list[dict[str, Any]]:
    """Nodes of a graph: what each does, and where it leads; a node leads to later ones, or now and then
    back."""
    draw = random.Random(seed)
    names = [f"n{at}" for at in range(draw.randint(2, 6))]
    nodes = []
    for at, name in enumerate(names):
        later = names[at + 1 :]
        leads = draw.sample(later, min(len(later), draw.randint(0, 2)))
        nodes.append(
            {
                "name": name,
                "adds": draw.randint(1, 5),
                "fails": draw.random() < 0.15,
                "asks": draw.random() < 0.15,
                "defer": draw.random() < 0.1,
                "leads": leads,
                "how": draw.choice(["edges", "route", "send", "command"]),
                "back": draw.choice(names) if draw.random() < 0.2 else None,
            }
        )
    if any(len(node["leads"]) > 1 for node in nodes):
        # what is still told of nodes beside one that fails depends on timing, in LangGraph too
        for node in nodes:
            node["fails"] = False
    joined = draw.sample(names, 2)
    nodes[0]["join"] = joined if len(names) > 2 and draw.random() < 0.4 else None
    return nodes


def built(api: Any, nodes: list[dict[str, Any]], saver: Any) -> Any:
    """The graph of a description."""
    graph = api.StateGraph(State)
    for node in nodes:
        graph.add_node(
            node["name"],
            _body(api, node),
            defer=node["defer"],
            **({"destinations": tuple(node["leads"])} if node["how"] == "command" else {}),
        )
        if node["how"] == "edges":
            for name in node["leads"]:
                graph.add_edge(node["name"], name)
        elif node["how"] in ("route", "send"):
            ends = [*node["leads"], *([node["back"]] if node["back"] else []), api.END]
            graph.add_conditional_edges(node["name"], _route(api, node), ends)
    graph.add_edge(api.START, nodes[0]["name"])
    if nodes[0]["join"]:
        graph.add_node("joined", lambda s: {"log": [f"joined {len(s['log'])}"]})
        graph.add_edge(nodes[0]["join"], "joined")
    return graph.compile(checkpointer=saver)


def _body(api: Any, node: dict[str, Any]) -> Any:
    def run(state: State) -> Any:
        if node["fails"]:
            raise ValueError(node["name"])
        answer = api.interrupt(node["name"]) if node["asks"] else 0
        update = {"total": node["adds"] + answer, "log": [f"{node['name']} {state.get('n', 0)}"]}
        if node["how"] == "command":
            return api.Command(update=update, goto=node["leads"])
        return update

    return run


def _route(api: Any, node: dict[str, Any]) -> Any:
    def route(state: State) -> Any:
        if node["back"] and state.get("total", 0) < 12:
            return node["back"]
        if node["how"] == "send":
            return [api.Send(name, {"n": at}) for at, name in enumerate(node["leads"])] or api.END
        return node["leads"] or api.END

    return route


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_graph(seed: int) -> None:
    nodes = described(seed)
    given = {"n": 1, "total": 0, "log": []}
    again = f"again: LANGFERRY_SEED={seed} pytest tests/compat/test_random_graphs.py"

    try:
        same(
            lambda api: built(api, nodes, api.InMemorySaver()),
            given,
            *[_answer] * 3,
            config=THREAD,
        )
        expected = _history(REAL, nodes, given, asynchronous=False)
        for api in OURS.values():
            for asynchronous in (False, True):
                assert _history(api, nodes, given, asynchronous=asynchronous) == expected
    except AssertionError as error:
        error.add_note(f"{again}\n{nodes}")
        raise


def _answer(api: Any) -> Any:
    return api.Command(resume=1)


def _history(api: Any, nodes: Any, given: Any, *, asynchronous: bool) -> list[Any]:
    """What is kept of a run and of answers to what it asks."""
    graph = built(api, nodes, api.InMemorySaver())
    ended: list[Any] = []
    for each in (given, _answer(api), _answer(api)):
        try:
            if asynchronous:
                ended.append(asyncio.run(graph.ainvoke(each, THREAD)))
            else:
                ended.append(graph.invoke(each, THREAD))
        except Exception as error:
            ended.append((type(error).__name__, plain(str(error))))
    return [
        *(value if isinstance(value, tuple) else plain(value.get("log")) for value in ended),
        *(
            (
                plain(state.values),
                state.next,
                state.metadata["source"],
                state.metadata["step"],
                [(task.name, task.path, plain(task.result)) for task in state.tasks],
            )
            for state in graph.get_state_history(THREAD)
        ),
    ]
