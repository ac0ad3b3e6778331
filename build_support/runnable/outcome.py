"""What became of a program, and the reason in words that name no program."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec

from build_support.runnable.proxy import Request
from langferry.diagnostics import TABLE, Diagnostic
from langferry.validator.diff import first_divergence
from langferry.validator.events import Interrupt, RunEnd, RunStart, TraceEvent

Kind = Literal[
    "equal",
    "not run",
    "not converted",
    "not built",
    "crate stops",
    "differs",
    "not asked",
    "not measured",
]


class Outcome(msgspec.Struct, frozen=True):
    """What became of a program.

    Attributes:
        kind: `equal` when traces and requests are.
        why: the first reason, without the program's names; empty when equal.
        cases: how many were compared.
        requests: how many requests LangGraph made in them.
        as_one_node: whether the crate runs the graph as one node, and only ends of runs were compared.
        same_bytes: whether the requests' bodies are equal as they were sent, not only as JSON.
    """

    kind: Kind
    why: str = ""
    cases: int = 0
    requests: int = 0
    as_one_node: bool = False
    same_bytes: bool = True


def compared(
    expected: list[TraceEvent],
    actual: list[TraceEvent],
    wanted: Sequence[Request],
    asked: Sequence[Request],
    on_import: Sequence[Request],
    as_one_node: bool = False,
) -> Outcome:
    """How one case of the crate compares with LangGraph.

    Args:
        wanted: what LangGraph asked models.
        asked: what the crate asked them.
        on_import: what LangGraph's program asked when it was imported, which a crate asks when its
            first bridged function runs.
        as_one_node: whether the crate runs the graph as one node, whose steps are in no trace: then
            only what is asked and how each run ends is compared.
    """
    if as_one_node:
        expected, actual = _ends(expected), _ends(actual)
    found = first_divergence(expected, actual)
    if found is not None:
        return Outcome("differs", f"{found.cause}: {TABLE[found.cause].title}")
    missing = _counted(wanted) - _counted(asked)
    more = _counted(asked) - _counted(wanted) - _counted(on_import)
    if missing or more:
        return Outcome("differs", "the requests to models are not the same")
    same_bytes = Counter(x.body for x in wanted) == Counter(x.body for x in asked)
    return Outcome("equal", "", 1, len(wanted), as_one_node, same_bytes)


def _ends(events: list[TraceEvent]) -> list[TraceEvent]:
    """What is asked and how runs end, without the steps and what is shown of the state in between."""
    found: list[TraceEvent] = [events[0]]
    for event in events:
        match event:
            case RunStart():
                found.append(event)
            case Interrupt():
                found.append(msgspec.structs.replace(event, step=0))
            case RunEnd(status="interrupted"):
                found.append(msgspec.structs.replace(event, output=None))
            case RunEnd():
                found.append(event)
    return found


def together(outcomes: Sequence[Outcome]) -> Outcome:
    """What cases or graphs come to: equal if all of them are, else what is first not."""
    worst = next((outcome for outcome in outcomes if outcome.kind != "equal"), None)
    if worst is not None:
        return worst
    return Outcome(
        "equal",
        "",
        sum(outcome.cases for outcome in outcomes),
        sum(outcome.requests for outcome in outcomes),
        any(outcome.as_one_node for outcome in outcomes),
        all(outcome.same_bytes for outcome in outcomes),
    )


def demanding(outcome: Outcome, on_import: Sequence[Request]) -> Outcome:
    """`outcome`, unless it is equal without a request although the program asks models."""
    if outcome.kind == "equal" and outcome.requests == 0 and on_import:
        return Outcome("not asked", "no case asks the models that the program asks")
    return outcome


def general(problem: Diagnostic) -> str:
    """A problem's code and first line, without a program's names."""
    return f"{problem.code}: {_general(problem.message)}"


def _counted(requests: Sequence[Request]) -> Counter[tuple[str, str, str]]:
    return Counter((x.path, str(sorted(x.headers.items())), x.canonical) for x in requests)


def _general(message: str) -> str:
    first = message.strip().split("\n")[0]
    return re.sub(r"\(\S+:\d+:\d+\)|'[^']*'|`[^`]*`|\"[^\"]*\"|/\S+|\d+", "…", first)[:100]
