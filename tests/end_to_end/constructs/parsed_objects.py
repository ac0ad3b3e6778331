"""Objects of the program's dataclasses made of what was parsed, and kept in channels."""

import json
from dataclasses import asdict, dataclass
from typing import TypedDict

from langgraph.graph import END, START, StateGraph


@dataclass
class Clause:
    kind: str
    weight: float
    tags: list[str]
    note: str = "none"


@dataclass
class Source:
    name: str
    page: int | None


@dataclass
class Finding(Source):
    source: Source
    weight: float = 1.0
    sure: bool = True


class State(TypedDict, total=False):
    text: str
    clauses: list[Clause]
    heaviest: Clause
    groups: dict[str, list[str]]
    summary: str
    findings: list[Finding]
    dumped: list[str]


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


def find(state: State):
    findings = []
    for place, clause in enumerate(state["clauses"]):
        source = Source(name=clause.note, page=place if place else None)
        if clause.weight > 2:
            finding = Finding(name=clause.kind, page=place, source=source)
        else:
            finding = Finding(clause.kind, None, source, clause.weight, sure=False)
        findings.append(finding)
    return {"findings": findings}


def dump(state: State):
    dumped = [json.dumps([asdict(x) for x in state["findings"]], indent=1)]
    dumped.append(json.dumps([asdict(x) for x in state["clauses"]]))
    for finding in state["findings"]:
        whole = asdict(finding)
        dumped.append(f"{whole} {list(whole)} {asdict(finding.source)}")
        dumped.append(json.dumps({**asdict(finding), "name": "changed"}))
    return {"dumped": dumped}


graph = StateGraph(State)
for node in (parse, weigh, group, summarize, find, dump):
    graph.add_node(node.__name__, node)
graph.add_edge(START, "parse")
graph.add_edge("parse", "weigh")
graph.add_edge("weigh", "group")
graph.add_edge("group", "summarize")
graph.add_edge("summarize", "find")
graph.add_edge("find", "dump")
graph.add_edge("dump", END)
app = graph.compile()
