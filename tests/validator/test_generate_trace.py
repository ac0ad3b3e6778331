"""The trace's types in both languages are what the schema says."""

import json
import runpy
import shutil
from pathlib import Path

import msgspec
import pytest

from langferry.validator import events

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT / "build_support" / "generate_trace.py"


def copy_of_the_tree(directory: Path) -> Path:
    for name in (
        "build_support/generate_trace.py",
        "runtime/crates/trace/trace.schema.json",
        "runtime/crates/trace/src/events.rs",
        "validator/events.py",
    ):
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    return directory / "build_support" / "generate_trace.py"


def test_the_committed_files_are_current() -> None:
    assert runpy.run_path(str(GENERATOR))["main"](["--check"]) == 0


def test_a_stale_file_is_found_and_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main = runpy.run_path(str(copy_of_the_tree(tmp_path)))["main"]
    python = tmp_path / "validator" / "events.py"
    good = python.read_text()
    python.write_text(good.replace("step: int", "step: str"))
    assert main(["--check"]) == 1
    assert "validator/events.py is not what the schema says" in capsys.readouterr().err
    assert main([]) == 0
    assert python.read_text() == good


def test_every_event_of_the_schema_has_a_struct_with_its_fields() -> None:
    schema = json.loads((ROOT / "runtime/crates/trace/trace.schema.json").read_text())
    names = [branch["$ref"].rpartition("/")[2] for branch in schema["oneOf"]]
    assert len(names) == 8
    for name in names:
        struct = getattr(events, "".join(word.capitalize() for word in name.split("_")))
        assert struct.__struct_config__.tag == name
        fields = [field.name for field in msgspec.structs.fields(struct)]
        assert ["event", *fields] == list(schema["$defs"][name]["properties"])
