"""`migrate check --fix` and `--diff`: make fixes, read the program again, until there is nothing left to fix.

All of it happens in memory. What is written in the end is a program that was read with its fixes made.
"""

import difflib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path

from langferry.cli.read_program import program_root
from langferry.converter import chosen, edited, read_source
from langferry.diagnostics import Diagnostic, Failure, Fix, lookup
from langferry.model import Program

ROUNDS = 20
"""How often a program is fixed at most: a fix may leave something that another one puts right."""

Read = Callable[[Mapping[Path, bytes]], Program]
"""Reads the program, some files as if they held other bytes."""


@dataclass
class Fixed:
    """A program with its fixes made: the model, the files before and after, and how many of which code."""

    model: Program
    before: dict[Path, bytes] = field(default_factory=dict)
    after: dict[Path, bytes] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    left_out: list[Diagnostic] = field(default_factory=list)
    """What says that a fix is not made, and why."""

    @property
    def changed(self) -> list[Path]:
        """The files that are other ones now."""
        return sorted(path for path in self.after if self.after[path] != self.before[path])


def fixed(
    read: Read,
    program: Path,
    told: Callable[[Program], Sequence[Diagnostic]],
    unsafe: bool,
) -> Fixed:
    """Make what fixes there are in memory, but for those that cannot be made or leave the program worse off.

    Args:
        read: reads the program.
        program: its file.
        told: the findings of a model that are to be fixed.
        unsafe: also make fixes that may change what the program does.

    Raises:
        Failure: what `read` raises at first; LF704, a file has changed meanwhile.
    """
    done = Fixed(read({}))
    for _ in range(ROUNDS):
        found = applicable(told(done.model), unsafe)
        then, made, refused = _most(found, done, partial(_made, program, done, read))
        done.left_out = [
            _left_out(item, failure) for fix, failure in refused.items() for item in found[fix]
        ]
        if then.after == done.after:
            break
        then.codes = done.codes + Counter(item.code for fix in made for item in found[fix])
        done = then
    return done


def applicable(found: Sequence[Diagnostic], unsafe: bool) -> dict[Fix, list[Diagnostic]]:
    """The fixes that can be made, each with what it puts right."""
    wanted: dict[Fix, list[Diagnostic]] = {}
    for item in found:
        fix = item.fix
        if fix is not None and fix.edits and (unsafe or fix.applicability == "safe"):
            wanted.setdefault(fix, []).append(item)
    return wanted


def _most(
    fixes: Iterable[Fix], done: Fixed, attempt: Callable[[Sequence[Fix]], Fixed]
) -> tuple[Fixed, list[Fix], dict[Fix, Failure]]:
    """The program with as many fixes as can be made at once, these fixes, and those that cannot be."""
    made: list[Fix] = []
    refused: dict[Fix, Failure] = {}
    fixes = list(fixes)
    size = len(fixes)

    def waiting() -> list[Fix]:
        together = chosen([*made, *(fix for fix in fixes if fix not in refused)])
        return [fix for fix in together if fix not in made]

    # mostly all are made; else ever fewer are tried, until it is one that is to blame
    while group := waiting()[:size]:
        try:
            done = attempt([*made, *group])
        except Failure as failure:
            if failure.diagnostic.code != "LF703":
                raise
            if len(group) > 1:
                size = len(group) // 2
            else:
                refused[group[0]] = failure
                size = len(fixes)
        else:
            made += group
    return done, made, refused


def _left_out(found: Diagnostic, failure: Failure) -> Diagnostic:
    message = f"the fix of {found.code} is left out: {failure.diagnostic.message}"
    return Diagnostic("LF703", "warning", message, found.span, lookup("LF703").next_step)


def _made(program: Path, done: Fixed, read: Read, fixes: Sequence[Fix]) -> Fixed:
    """The program with these fixes made besides those of earlier rounds.

    Raises:
        Failure: LF703, the program is worse off with the fixes, or they cannot be made.
    """
    made, root = (
        Fixed(done.model, dict(done.before), dict(done.after)),
        program_root(program, done.model),
    )
    edits = dict.fromkeys(edit for fix in fixes for edit in fix.edits)
    for file in dict.fromkeys(edit.span.file for edit in edits):
        path = root / file
        before = done.after[path] if path in done.after else _bytes(path)
        known = next(item.sha256 for item in done.model.files if item.path == file)
        if sha256(read_source(path, before)).hexdigest() != known:
            raise Failure("LF704", f"{path} has changed since it was read")
        made.before.setdefault(path, before)
        made.after[path] = edited(before, file, [edit for edit in edits if edit.span.file == file])
    made.model = _read_again(read, made)
    errors = _errors(done.model)
    if worse := [item for item in _errors(made.model) if item not in errors]:
        code, message = worse[0]
        raise Failure("LF703", f"with it the program would have {code}: {message}")
    return made


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure("LF101", f"{path} cannot be read: {error.strerror}") from error


def _read_again(read: Read, done: Fixed) -> Program:
    try:
        return read(done.after)
    except Failure as failure:
        found = failure.diagnostic
        message = f"with it the program cannot be read: {found.code} {found.message}"
        raise Failure("LF703", message, found.span) from failure


def _errors(model: Program) -> list[tuple[str, str]]:
    return [(found.code, found.message) for found in model.diagnostics if found.severity == "error"]


def diff(done: Fixed) -> bytes:
    """What the fixes change, as unified diffs of the bytes."""
    lines: list[bytes] = []
    for path in done.changed:
        name = _shown(path)
        for line in difflib.diff_bytes(
            difflib.unified_diff,
            list(_lines(done.before[path])),
            list(_lines(done.after[path])),
            name,
            name,
        ):
            whole = line.endswith(b"\n")
            lines.append(line if whole else line + b"\n\\ No newline at end of file\n")
    return b"".join(lines)


def _shown(path: Path) -> bytes:
    here = Path.cwd().resolve()
    return os.fsencode(path.relative_to(here) if path.is_relative_to(here) else path)


def _lines(data: bytes) -> Iterator[bytes]:
    # as `patch` counts them: other bytes that end a line to Python do not here
    *lines, rest = data.split(b"\n")
    yield from (line + b"\n" for line in lines)
    if rest:
        yield rest


def write(done: Fixed) -> None:
    """Write the files that changed, each whole or not at all.

    Raises:
        Failure: LF704, one of them is read-only, has changed meanwhile or cannot be written.
    """
    for path in done.changed:
        with _refused(path):
            # a file that nobody may write could still be replaced by another one
            if not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK):
                raise Failure("LF704", f"{path} is read-only")
    for path in done.changed:
        with _refused(path):
            if path.read_bytes() != done.before[path]:
                raise Failure("LF704", f"{path} has changed since it was read")
            _replace(path.resolve(), done.after[path])


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """What the file system says no to, as a finding."""
    try:
        yield
    except OSError as error:
        raise Failure("LF704", f"cannot write {path}: {error.strerror or error}") from error


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        if hasattr(os, "chown"):
            # the file may be another one's than the user's who may write it
            with suppress(OSError):
                os.chown(part, path.stat().st_uid, path.stat().st_gid)
        shutil.copymode(path, part)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
