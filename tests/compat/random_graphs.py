"""Graphs drawn at random from a seed, as data that every face and every driver can build.

`runtime/crates/langferry/examples/described_graph.rs` builds them for the tokio driver; what a node does is
said in both places.
"""

import operator
import random
from typing import Annotated, Any, TypedDict

_ENOUGH = 12
"""From which total on nothing leads back."""

Description = dict[str, Any]


class State(TypedDict, total=False):
    n: int
    total: Annotated[int, operator.add]
    log: Annotated[list[str], operator.add]


def described(seed: int) -> Description:
    """Nodes of a graph: what each does, and where it leads; a node leads to later ones, or now and then
    back. Besides, where the graph begins, what waits for several nodes, and where it is stopped."""
    draw = random.Random(seed)
    names = [f"n{at}" for at in range(draw.randint(2, 6))]
    # which of two failures a run ends with depends on timing, in LangGraph too
    failing = draw.choice(names) if draw.random() < 0.25 else None
    nodes = []
    for at, name in enumerate(names):
        later = names[at + 1 :]
        nodes.append(
            {
                "name": name,
                "adds": draw.randint(1, 5),
                "sets": draw.random() < 0.15,
                "fails_from": draw.randint(0, 8) if name == failing else None,
                "asks": draw.choice([1, 1, 2]) if draw.random() < 0.2 else 0,
                "defer": draw.random() < 0.1,
                "leads": draw.sample(later, min(len(later), draw.randint(0, 2))),
                "how": draw.choice(["edges", "route", "send", "command", "command_send"]),
                "back": draw.choice(names) if draw.random() < 0.2 else None,
            }
        )

    def some(share: float) -> list[str]:
        return draw.sample(names, 1) if draw.random() < share else []

    joined = draw.sample(names, 2) if len(names) > 2 and draw.random() < 0.4 else None
    starts = draw.sample(names, 2) if draw.random() < 0.2 else names[:1]
    return {
        "nodes": nodes,
        "starts": starts,
        "join": joined,
        "before": some(0.15),
        "after": some(0.15),
    }


def runs(seed: int) -> list[tuple[str, Any]]:
    """What a thread of the graph is given: an input, then answers, or nothing but to go on."""
    draw = random.Random(-seed - 1)
    later = [("resume", draw.randint(1, 3)) if draw.random() < 0.7 else ("input", None)]
    later += [("resume", 1) if draw.random() < 0.7 else ("input", None) for _ in range(2)]
    return [("input", {"n": 1, "total": 0, "log": []}), *later]


def built(api: Any, graph: Description, saver: Any) -> Any:
    """The graph of a description."""
    builder = api.StateGraph(State)
    for node in graph["nodes"]:
        destinations = {"destinations": tuple(node["leads"])} if "command" in node["how"] else {}
        builder.add_node(node["name"], _body(api, node), defer=node["defer"], **destinations)
        if node["how"] == "edges":
            for name in node["leads"]:
                builder.add_edge(node["name"], name)
        elif node["how"] in ("route", "send"):
            ends = [*node["leads"], *([node["back"]] if node["back"] else []), api.END]
            builder.add_conditional_edges(node["name"], _route(api, node), ends)
    for name in graph["starts"]:
        builder.add_edge(api.START, name)
    if graph["join"]:
        builder.add_node("joined", lambda s: {"log": [f"joined {len(s['log'])}"]})
        builder.add_edge(graph["join"], "joined")
    return builder.compile(
        checkpointer=saver, interrupt_before=graph["before"], interrupt_after=graph["after"]
    )


def _body(api: Any, node: dict[str, Any]) -> Any:
    def run(state: State) -> Any:
        name, n = node["name"], state.get("n", 0)
        if node["fails_from"] is not None and state.get("total", 0) >= node["fails_from"]:
            raise ValueError(name)
        answers = [api.interrupt(f"{name} {question}") for question in range(node["asks"])]
        update: dict[str, Any] = {"total": node["adds"] + sum(answers), "log": [f"{name} {n}"]}
        if node["sets"]:
            update["n"] = n + 1
        if node["how"] == "command":
            return api.Command(update=update, goto=node["leads"])
        if node["how"] == "command_send":
            return api.Command(update=update, goto=_sends(api, node))
        return update

    return run


def _route(api: Any, node: dict[str, Any]) -> Any:
    def route(state: State) -> Any:
        if node["back"] and state.get("total", 0) < _ENOUGH:
            return node["back"]
        if not node["leads"]:
            return api.END
        return _sends(api, node) if node["how"] == "send" else node["leads"]

    return route


def _sends(api: Any, node: dict[str, Any]) -> list[Any]:
    """A packet for each node that this one leads to."""
    return [api.Send(name, {"n": at}) for at, name in enumerate(node["leads"])]
