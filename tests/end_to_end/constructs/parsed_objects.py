"""Objects of the program's dataclasses made of what was parsed, and kept in channels."""

import json
from dataclasses import dataclass
from typing import TypedDict

from langgraph.graph import END, START, StateGraph


@dataclass
class Clause:
    kind: str
    weight: float
    tags: list[str]
    note: str = "none"


class State(TypedDict, total=False):
    text: str
    clauses: list[Clause]
    heaviest: Clause
    groups: dict[str, list[str]]
    summary: str


def parse(state: State) -> State:
    try:
        data = json.loads(state["text"])
        clauses = [Clause(**item) for item in data]
    except Exception as error:
        clauses = [Clause("failed", 1, [type(error).__name__], note=f"{error}")]
    return {"clauses": clauses}


def weigh(state: State):
    heaviest = state["clauses"][0]
    for clause in state["clauses"]:
        if clause.weight > heaviest.weight:
            heaviest = clause
    return {"heaviest": heaviest}


def group(state: State):
    groups: dict[str, list[str]] = {}
    for clause in state["clauses"]:
        groups.setdefault(clause.kind, []).append(clause.note)
        if clause.kind not in ("failed",):
            groups[clause.kind].extend(clause.tags)
    return {"groups": groups}


def summarize(state: State):
    def shown(clause: Clause) -> str:
        return f"{separator}{clause.kind} {clause.weight} {clause.tags} {type(clause.tags)}"

    separator = "* "
    lines = [shown(clause) for clause in state["clauses"]]
    separator = "= "
    if last := lines[-1:]:
        lines.append(f"{len(last)} of {len(lines)}")
    return {"summary": "; ".join([*lines, shown(state["heaviest"])])}


graph = StateGraph(State)
for node in (parse, weigh, group, summarize):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "parse")
graph.add_edge("parse", "weigh")
graph.add_edge("weigh", "group")
graph.add_edge("group", "summarize")
graph.add_edge("summarize", END)
app = graph.compile()
