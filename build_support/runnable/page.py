"""What became of the programs: the committed record, and the page that is made of it."""

import json
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from build_support.runnable.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "docs" / "runnable.json"
PAGE = ROOT / "docs" / "runnable.md"

_HEAD = """# Real programs, run

Made by `make runnable RECORD=1`. Public programs that LangGraph runs to their end without network are
converted and built, and both versions run on the calls the program makes of its own graphs (of its main graph, on
an input made of its state's types, where it makes none that a case can say; at most six cases of eight calls a
graph), with one server that plays the models of all vendors. *Equal* means: the same trace, and the same requests
to models, paths, keys and JSON; ids and times that are drawn anew in each run are not compared, nor are the values
that LangGraph adds to what a node reads (`remaining_steps`). Bridged nodes are counted as what they are, a part of
the crate. The programs' text is not here; neither are their names.

"""


def save(groups: dict[str, Sequence[Outcome]]) -> None:
    """Write the record of a run of all programs, in groups."""
    record = {name: _counted(outcomes) for name, outcomes in groups.items()}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def page() -> str:
    """The page that the record makes."""
    return _HEAD + "\n".join(_group(*item) for item in json.loads(RECORD.read_text()).items())


def _counted(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    equal = [outcome for outcome in outcomes if outcome.kind == "equal"]
    counts = Counter((outcome.kind, outcome.why) for outcome in outcomes)
    return {
        "programs": len(outcomes),
        "measured": sum(outcome.kind != "not measured" for outcome in outcomes),
        "equal": len(equal),
        "cases": sum(outcome.cases for outcome in equal),
        "as one node": sum(outcome.as_one_node for outcome in equal),
        "asking": sum(outcome.requests > 0 for outcome in equal),
        "requests": sum(outcome.requests for outcome in equal),
        "others": [
            {"kind": kind, "why": why, "programs": count}
            for (kind, why), count in sorted(counts.items(), key=lambda x: (-x[1], x[0]))
            if kind != "equal"
        ],
    }


def _group(name: str, group: dict[str, Any]) -> str:
    share = f"{group['equal'] / group['programs']:.1%}"
    text = (
        f"{group['equal']} of {group['programs']} programs are equal ({share}), in {group['cases']} cases;"
        f" {group['measured']} were measured. {group['as one node']} of the equal ones run a graph as one node"
        f" (LF224), where questions, ends of runs and requests are compared. {group['asking']} of them ask models:"
        f" {group['requests']} requests."
    )
    lines = [f"## {name}", "", *textwrap.wrap(text, 120), ""]
    if group["others"]:
        lines += ["| programs | what became of them | first reason |", "|---|---|---|"]
        lines += [f"| {x['programs']} | {x['kind']} | {x['why']} |" for x in group["others"]]
        lines.append("")
    return "\n".join(lines)
