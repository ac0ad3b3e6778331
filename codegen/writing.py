"""Writes generated files to a directory: all of them or none, and never over a user's own work."""

import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import FrameType

from langferry.codegen.files import LOCK, Files, sha256
from langferry.diagnostics import Failure


def write_files(files: Files, directory: Path, force: bool = False) -> None:
    """Writes `files`, a generator's result, into `directory`.

    Files the last convert made and this one does not are removed; files langferry does not know
    are left alone; files that would not change are not touched.

    Raises:
        Failure: LF601, the directory is somebody else's; LF602, generated files were edited by
            hand (unless `force`); LF612, the file system says no.
    """
    try:
        previous = _previous(directory)
        if not force:
            _refuse_edits(files, previous, directory)
        directory.parent.mkdir(parents=True, exist_ok=True)
        _write(files, set(previous) - set(files), directory)
    except OSError as error:
        raise Failure("LF612", f"cannot write to {directory}: {error.strerror or error}") from error


def _previous(directory: Path) -> dict[str, str]:
    """The hashes of the last convert into `directory`; none when it is missing or empty."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return {}
    try:
        lock = json.loads((directory / LOCK).read_text(encoding="utf-8"))
        hashes: dict[str, str] = dict(lock["files"])
        if lock["tool"] == "langferry" and all(map(_is_inside, hashes)):
            return hashes | {LOCK: sha256((directory / LOCK).read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise Failure("LF601", f"{directory} is not empty, and no earlier convert made it")


def _is_inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return not pure.is_absolute() and ".." not in pure.parts and bool(pure.parts)


def _read(path: Path) -> str | None:
    """The text of a file; None when there is none; something no generator writes if unreadable."""
    if not path.exists() and not path.is_symlink():
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except (UnicodeDecodeError, IsADirectoryError):
        return "\udcff"


def _refuse_edits(files: Files, previous: dict[str, str], directory: Path) -> None:
    edited = []
    for path in sorted(set(files) | set(previous)):
        text = _read(directory / path)
        if text is None or text == files.get(path):
            continue
        if "\udcff" in text or sha256(text) != previous.get(path):
            edited.append(path)
    if edited:
        raise Failure("LF602", f"{directory} holds files edited by hand: {', '.join(edited)}")


def _write(files: Files, stale: set[str], directory: Path) -> None:
    workspace = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        fresh, old = workspace / "new", workspace / "old"
        for path, text in files.items():
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            (fresh / path).write_bytes(text.encode("utf-8"))
        changed = [path for path in files if _read(directory / path) != files[path]]
        with _uninterrupted():
            _swap(changed, sorted(stale), fresh, old, directory)
    finally:
        shutil.rmtree(workspace, ignore_errors=True)


def _swap(changed: list[str], stale: list[str], fresh: Path, old: Path, directory: Path) -> None:
    """Moves changed files in and stale ones out; back again if one of the moves fails."""
    if not directory.exists():
        os.rename(fresh, directory)
        return
    moves: list[tuple[Path, Path]] = []

    def move(source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(source, target)
        moves.append((source, target))

    try:
        for path in [*changed, *stale]:
            if os.path.lexists(directory / path):
                move(directory / path, old / path)
        for path in changed:
            move(fresh / path, directory / path)
    except OSError:
        for source, target in reversed(moves):
            os.rename(target, source)
        raise
    for path in stale:
        for parent in (directory / path).parents:
            if parent == directory or not parent.is_dir() or any(parent.iterdir()):
                break
            parent.rmdir()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Holds back Ctrl-C and termination while the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        held.append(number)

    handlers = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for late in held:
            signal.raise_signal(late)
