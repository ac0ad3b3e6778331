"""A crate's store does what LangGraph's does, whatever is asked of it in whatever order."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Migrate, report

pytestmark = pytest.mark.crate

PROGRAM = Path(__file__).parent / "constructs" / "stores.py"

_LABELS = ["users", "ada", "bob", "\u00e4", "z"]
_KEYS: list[Any] = ["one", "two", 3, None]
_NUMBERS = [-1, 0, 1, 2.5, 10, "7", True, None]


def _namespace(draw: random.Random) -> Any:
    if draw.random() < 0.03:
        return draw.choice([["users"], None, 5])
    labels: list[Any] = draw.choices(_LABELS, k=draw.choice([0, 1, 1, 2, 2, 3]))
    if draw.random() < 0.05:
        labels.append(draw.choice(["", "a.b", 4, None, "nul\0"]))
    if draw.random() < 0.02:
        labels = ["langgraph", *labels]
    return {"$type": "tuple", "items": labels}


def _value(draw: random.Random) -> Any:
    if draw.random() < 0.05:
        return draw.choice([None, "text", [["a", 1], ["b", 2]], [1], 3, []])
    return {
        name: draw.choice([draw.choice(_NUMBERS), {"b": draw.choice(_NUMBERS)}, [1, 2], "text"])
        for name in draw.sample(["a", "b", "c"], k=draw.randint(0, 3))
    }


def _wanted(draw: random.Random) -> Any:
    match draw.randint(0, 5):
        case 0:
            return {"b": draw.choice(_NUMBERS)}
        case 1:
            return [1, draw.choice([2, {"$gt": 1}])]
        case 2:
            return draw.choice(_NUMBERS)
        case 3:
            return {"$eq": draw.choice(_NUMBERS), "$ne": draw.choice(_NUMBERS)}
    compared = draw.sample(["$gt", "$gte", "$lt", "$lte", "$in"], k=draw.randint(1, 2))
    return {operator: draw.choice(_NUMBERS) for operator in compared}


def _filter(draw: random.Random) -> Any:
    if draw.random() < 0.3:
        return draw.choice([None, {}])
    return {name: _wanted(draw) for name in draw.sample(["a", "b", "c"], k=draw.choice([1, 1, 2]))}


def _asked(draw: random.Random) -> dict[str, Any]:
    name = draw.choice(["put"] * 6 + ["get", "get", "delete", "search", "search", "all", "spaces"])
    asked: dict[str, Any] = {"do": name}
    if name == "spaces":
        for part in ("prefix", "suffix"):
            if draw.random() < 0.5:
                asked[part] = draw.choices([*_LABELS, "*"], k=draw.randint(0, 2))
        asked["depth"] = draw.choice([None, None, 0, 1, 2, -1])
        return asked
    asked["namespace"] = _namespace(draw)
    if name in ("put", "get", "delete"):
        asked["key"] = draw.choice(_KEYS)
    if name == "put":
        asked["value"] = _value(draw)
    if name in ("search", "all"):
        asked["filter"] = _filter(draw)
    return asked


def test_any_operations_give_the_same(migrate: Migrate, work_dir: Path, tmp_path: Path) -> None:
    draw = random.Random(7)
    cases = [
        {
            "name": f"drawn {number}",
            "config": {"configurable": {"thread_id": "1"}},
            "runs": [
                {"input": {"user": "ada", "asked": [_asked(draw) for _ in range(40)]}}
                for _ in range(2)
            ],
        }
        for number in range(60)
    ]
    drawn = tmp_path / "cases.yaml"
    # which is YAML, too
    drawn.write_text(json.dumps({"entry": "app", "cases": cases}))
    arguments = ("--against", "crate", "--work-dir", work_dir / "stores", "--json")
    result = report(migrate("validate", PROGRAM, "--cases", drawn, *arguments))
    assert result["equal"] is True, json.dumps(result, indent=1)
