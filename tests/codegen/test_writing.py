"""Files land in a directory all together or not at all, and never over a user's work."""

import os
import signal
from pathlib import Path

import pytest

from langferry.codegen import writing
from langferry.codegen.files import LOCK, Files, locked
from langferry.codegen.writing import write_files
from langferry.diagnostics import Failure
from tests.codegen.programs import greeting


def _files(**texts: str) -> Files:
    return locked(
        {name.replace("__", "/"): text for name, text in texts.items()}, greeting(), "rust"
    )


def _tree(directory: Path) -> dict[str, str]:
    paths = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_text() for path in paths}


def _code(files: Files, directory: Path, force: bool = False) -> str:
    with pytest.raises(Failure) as raised:
        write_files(files, directory, force)
    return raised.value.diagnostic.code


def test_a_new_directory_holds_the_files_and_nothing_is_left_beside(tmp_path: Path) -> None:
    files = _files(a="1", src__b="2\r\n")
    write_files(files, tmp_path / "deep" / "out")
    assert (tmp_path / "deep/out/src/b").read_bytes() == b"2\r\n"
    assert set(_tree(tmp_path / "deep/out")) == {"a", "src/b", LOCK}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_writing_again_touches_only_what_changes(tmp_path: Path) -> None:
    write_files(_files(a="1", b="2", old__c="3"), tmp_path)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "mine").write_text("kept")
    os.utime(tmp_path / "a", (1, 1))
    write_files(_files(a="1", b="two"), tmp_path)
    tree = _tree(tmp_path)
    assert (tree["a"], tree["b"], tree["target/mine"]) == ("1", "two", "kept")
    assert (tmp_path / "a").stat().st_mtime == 1
    assert not (tmp_path / "old").exists()


def test_a_foreign_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    assert _code(_files(a="1"), tmp_path) == "LF601"
    assert _code(_files(a="1"), tmp_path, force=True) == "LF601"
    assert _tree(tmp_path) == {"precious": "mine"}


@pytest.mark.parametrize("lock", ["", "[]", '{"tool": "langferry", "files": {"../x": ""}}'])
def test_a_lock_that_is_not_ours_protects_nothing(tmp_path: Path, lock: str) -> None:
    (tmp_path / LOCK).write_text(lock)
    assert _code(_files(a="1"), tmp_path) == "LF601"


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert _code(_files(a="1"), tmp_path / "out") == "LF601"


def test_hand_edits_are_named_and_kept_unless_forced(tmp_path: Path) -> None:
    write_files(_files(a="1", b="2", c="3"), tmp_path)
    (tmp_path / "a").write_text("mine")
    (tmp_path / "b").write_bytes(b"\xff")
    (tmp_path / "c").unlink()
    with pytest.raises(Failure) as raised:
        write_files(_files(a="one", b="two", c="three"), tmp_path)
    assert raised.value.diagnostic.code == "LF602"
    assert raised.value.diagnostic.message.endswith("by hand: a, b")
    assert (tmp_path / "a").read_text() == "mine"
    write_files(_files(a="one", b="two", c="three"), tmp_path, force=True)
    assert (tmp_path / "a").read_text() == "one"


def test_a_users_own_file_where_a_new_one_would_go_is_an_edit(tmp_path: Path) -> None:
    write_files(_files(a="1"), tmp_path)
    (tmp_path / "b").write_text("mine")
    assert _code(_files(a="1", b="2"), tmp_path) == "LF602"


def test_a_failing_move_puts_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write_files(_files(a="1", b="2"), out)
    before = _tree(out)
    moved = os.rename

    def fail_on_b(source: Path, target: Path) -> None:
        if Path(source).parent.name == "new" and Path(source).name == "b":
            raise OSError(28, "No space left on device")
        moved(source, target)

    monkeypatch.setattr(writing.os, "rename", fail_on_b)
    assert _code(_files(a="one", b="two"), out) == "LF612"
    assert _tree(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_ctrl_c_waits_for_the_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    write_files(_files(a="1", b="2"), out)
    swap = writing._swap

    def interrupted(*arguments: object) -> None:
        signal.raise_signal(signal.SIGINT)
        swap(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_swap", interrupted)
    files = _files(a="one", b="two")
    with pytest.raises(KeyboardInterrupt):
        write_files(files, out)
    assert _tree(out) == files
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
