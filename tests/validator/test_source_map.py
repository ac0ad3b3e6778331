"""The finest entry that fits a node and a channel comes first."""

import json
from pathlib import Path
from typing import Any

import pytest

from langferry.diagnostics import Failure, Span
from langferry.validator.source_map import Entry, RustPlace, SourceMap


def entry(kind: str, name: str, lines: tuple[int, int], **more: Any) -> dict[str, Any]:
    python = {"file": "x.py", "line": lines[0], "column": 0, "end_line": lines[1], "end_column": 4}
    rust = {"file": f"src/nodes/{name}.rs", "line": lines[0], "end_line": lines[1]}
    return {"rust": rust, "python": python, "kind": kind, "name": name, "channel": None, **more}


def crate(directory: Path, *entries: dict[str, Any]) -> Path:
    text = "".join(json.dumps(one) + "\n" for one in entries)
    (directory / "source_map.jsonl").write_text(text)
    return directory


@pytest.fixture
def source_map(tmp_path: Path) -> SourceMap:
    return SourceMap.read(
        crate(
            tmp_path,
            entry("node", "classify", (3, 40)),
            entry("statement", "classify", (10, 20), channel="log"),
            entry("write", "classify", (12, 12), channel="log"),
            entry("write", "classify", (11, 11), channel="category"),
            entry("node", "draft", (1, 5)),
            entry("reducer", "merge", (50, 60), channel="log"),
            entry("router", "route", (70, 80), nodes=["classify"]),
            entry("router", "other", (90, 95)),
        )
    )


def lines(entries: list[Entry]) -> list[int]:
    return [one.rust.line for one in entries]


def test_an_entry_keeps_both_places(source_map: SourceMap) -> None:
    first = source_map.entries[0]
    assert first.rust == RustPlace("src/nodes/classify.rs", 3, 40)
    assert first.python == Span("x.py", 3, 0, 40, 4)
    assert str(first.rust) == "src/nodes/classify.rs:3"


def test_a_write_is_found_finest_first(source_map: SourceMap) -> None:
    assert lines(source_map.of_write("classify", "log")) == [12, 10, 3]
    assert lines(source_map.of_write("classify", "unknown")) == [3]
    assert lines(source_map.of_write("classify", None)) == [3]
    assert source_map.of_write("nowhere", "log") == []


def test_a_reducer_is_found_by_its_channel(source_map: SourceMap) -> None:
    assert lines(source_map.of_reduction("log")) == [50]
    assert source_map.of_reduction(None) == []


def test_routing_is_found_by_where_it_starts(source_map: SourceMap) -> None:
    assert lines(source_map.of_routing(["classify"])) == [70, 3]
    assert lines(source_map.of_routing(["other"])) == [90]
    assert lines(source_map.of_routing(["draft"])) == [1]


def test_a_crate_without_a_map_has_an_empty_one(tmp_path: Path) -> None:
    assert SourceMap.read(tmp_path).entries == []


def test_a_line_that_is_no_entry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"LF511: .*line 2"):
        SourceMap.read(crate(tmp_path, entry("node", "a", (1, 2)), {"kind": "dance"}))


def test_a_program_lies_where_all_its_files_do(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "crate").mkdir()
    for name in ("a/b/agent.py", "a/tools.py"):
        (tmp_path / name).write_text("")
    entries = [entry("node", "n", (1, 2)), entry("node", "m", (3, 4))]
    entries[0]["python"] |= {"file": "a/b/agent.py"}
    entries[1]["python"] |= {"file": "a/tools.py"}
    found = SourceMap.read(crate(tmp_path / "crate", *entries))
    assert found.program_root(tmp_path / "a" / "b" / "agent.py") == tmp_path
