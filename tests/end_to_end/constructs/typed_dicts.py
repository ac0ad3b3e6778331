"""Nodes that take dicts of any keys for typed ones, and ask whether there is one."""

import json
from dataclasses import dataclass, field
from operator import add
from typing import Annotated, Any, Literal, TypedDict, cast

from langgraph.graph import END, START, StateGraph


class Route(TypedDict):
    reason: str
    to: Literal["near", "far"]


class Player(TypedDict, total=False):
    name: str
    points: int
    extra: dict[str, Any]


@dataclass
class Purse:
    coins: list[int] = field(default_factory=list)
    owner: str = "nobody"


class State(TypedDict):
    text: str
    route: Route
    players: list[Player]
    by_name: dict[str, Player]
    best: Player | None
    purse: Purse
    seen: Annotated[list[str], add]


def read(state: State):
    given: dict[str, Any] = json.loads(state["text"])
    route = cast(Route, given["route"])
    return {"route": route, "seen": [f"{route['to']} for {route['reason']}"]}


def join(state: State):
    given = json.loads(state["text"])
    players = [player for player in given["players"] if player["name"]]
    best: Player | None = given.get("best")
    by_name: dict[str, Any] = {}
    for player in players:
        by_name[player["name"]] = player
    return {"players": players, "best": best, "by_name": by_name}


def found(text: str) -> Route | None:
    return {"reason": text, "to": "far"} if text.startswith("{") else None


def tell(state: State):
    seen = []
    route, purse = state.get("route"), state.get("purse")
    if route and route["to"] == "near":
        seen.append("near")
    if not purse or not purse.coins:
        seen.append("poor")
    else:
        seen.append(f"{len(purse.coins)} coins")
    other = found(state["text"])
    if other:
        seen.append(other["reason"][:1])
    seen += [f"{name} {player.get('points')}" for name, player in state["by_name"].items()]
    return {"seen": seen}


def last(state: State):
    purse = state.get("purse")
    return {"seen": [purse.owner]}


graph = StateGraph(State)
graph.add_node("read", read)
graph.add_node("join", join)
graph.add_node("tell", tell)
graph.add_edge(START, "read")
graph.add_edge("read", "join")
graph.add_edge("join", "tell")
graph.add_node("last", last)
graph.add_edge("tell", "last")
graph.add_edge("last", END)
app = graph.compile()
