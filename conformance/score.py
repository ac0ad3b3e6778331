"""Counts outcomes against what LangGraph itself passes.

The denominator is `expected.json`: how many tests of each file pass on the real LangGraph. A file
that cannot be imported, or a test that was not reached, therefore counts as failed.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from conformance.needs import Kind
from conformance.run import Choice, Outcome
from conformance.suites import counted, level

EXPECTED: Final = Path(__file__).with_name("expected.json")

FEATURES: Final = {
    "interrupt, resume": ("interrupt", "Interrupt"),
    "Command": ("Command",),
    "Send": ("Send",),
    "functional API": ("entrypoint", "task"),
    "retry policies": ("RetryPolicy",),
    "caches": ("CachePolicy", "InMemoryCache"),
    "timeouts": ("TimeoutPolicy", "NodeTimeoutError"),
    "error handlers": ("NodeError",),
    "DeltaChannel": ("DeltaChannel",),
    "channels, Pregel": ("Pregel", "NodeBuilder", "Topic", "BinaryOperatorAggregate"),
    "messages": ("add_messages", "MessagesState", "MessageGraph"),
    "Runtime": ("Runtime", "get_runtime"),
    "stores": ("BaseStore", "InMemoryStore", "get_store"),
    "stream writer": ("StreamWriter", "get_stream_writer"),
    "StateSnapshot, history": ("StateSnapshot",),
    "prebuilt agents, tools": ("create_react_agent", "ToolNode"),
}
"""A feature, and the names of LangGraph by which a test that uses it is known."""


@dataclass
class Score:
    """What passed of what was expected.

    Attributes:
        files: `suite::file` -> kind -> (passed, expected).
        features: feature -> (passed, expected), over public tests.
        failing: `suite::id` -> why; a file stands for its tests that never ran.
        passing: `suite::id`s that passed.
    """

    files: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    features: dict[str, tuple[int, int]] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    passing: set[str] = field(default_factory=set)
    supersteps: int = 0

    def total(self, kind: Kind) -> tuple[int, int]:
        pairs = [kinds[kind] for kinds in self.files.values() if kind in kinds]
        return sum(p for p, _ in pairs), sum(n for _, n in pairs)


def score(outcomes: dict[str, Outcome], choice: Choice) -> Score:
    """Count what the suites' runs gave."""
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    result = Score(supersteps=sum(outcome.supersteps for outcome in outcomes.values()))
    features: dict[str, list[int]] = {feature: [0, 0] for feature in FEATURES}
    for suite, outcome in outcomes.items():
        passed: Counter[tuple[str, str]] = Counter()
        seen: Counter[tuple[str, str]] = Counter()
        for node_id, row in outcome.rows.items():
            test = node_id.partition("[")[0]
            file = test.partition("::")[0]
            kind = outcome.kinds.get(test, "public")
            if not _chosen(suite, node_id, kind, choice):
                continue
            ok = row["status"] == "passed"
            seen[file, kind] += 1
            passed[file, kind] += ok
            if ok:
                result.passing.add(f"{suite}::{node_id}")
            else:
                result.failing[f"{suite}::{node_id}"] = row["why"] or row["status"]
            if kind == "public":
                for feature in _features(outcome.names.get(test, set())):
                    features[feature][0] += ok
                    features[feature][1] += 1
        for file, kinds in expected[suite].items():
            if choice.files and Path(file).name not in choice.files:
                continue
            for kind, levels in kinds.items():
                count = sum(levels.get(chosen, 0) for chosen in choice.levels)
                if kind not in choice.kinds or not count:
                    continue
                result.files.setdefault(f"{suite}::{file}", {})[kind] = (passed[file, kind], count)
                if lost := count - seen[file, kind]:
                    why = outcome.uncollected.get(file, "did not run")
                    result.failing[f"{suite}::{file} ({lost} {kind})"] = why
    result.features = {feature: (p, n) for feature, (p, n) in features.items() if n}
    return result


def expectations(outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """The content of `expected.json`, from runs on the real LangGraph."""
    expected: dict[str, Any] = {}
    for suite, outcome in outcomes.items():
        files: dict[str, Any] = defaultdict(lambda: defaultdict(Counter))
        for node_id, row in sorted(outcome.rows.items()):
            if row["status"] != "passed":
                raise SystemExit(f"{suite}::{node_id} does not pass on LangGraph: {row['why']}")
            test = node_id.partition("[")[0]
            kind = outcome.kinds.get(test, "public")
            files[test.partition("::")[0]][kind][level(node_id)] += 1
        expected[suite] = {
            file: {kind: dict(levels) for kind, levels in kinds.items()}
            for file, kinds in sorted(files.items())
        }
    return expected


def _chosen(suite: str, node_id: str, kind: str, choice: Choice) -> bool:
    return counted(suite, node_id) and kind in choice.kinds and level(node_id) in choice.levels


def _features(names: set[str]) -> list[str]:
    bare = {name.rpartition(":")[2] for name in names}
    return [feature for feature, known_by in FEATURES.items() if bare.intersection(known_by)]
