"""How the commands read a program: analyse it, and fetch the text codegen needs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langferry.model import Program


def read_program(
    path: Path, entry: str | None, checkpointer: str | None, progress: Callable[[str], None]
) -> "tuple[Program, dict[str, str]]":
    """The Program model of `path`, and the text of its files by their path in the model.

    Raises:
        Failure: the program cannot be read or holds no graph.
    """
    from langferry.converter import read_source

    program = read_model(path, entry, checkpointer, progress)
    root = program_root(path, program)
    return program, {
        file.path: read_source(root / file.path).decode("utf-8") for file in program.files
    }


def read_model(
    path: Path,
    entry: str | None,
    checkpointer: str | None,
    progress: Callable[[str], None],
    instead: Mapping[Path, bytes] | None = None,
) -> "Program":
    """The Program model of `path`, with some files read as if they held other bytes.

    Raises:
        Failure: the program cannot be read or holds no graph.
    """
    from langferry.cli.work_dir import types_cache
    from langferry.converter import analyse

    return analyse(
        path,
        entry=entry,
        checkpointer=checkpointer,
        cache_dir=types_cache(),
        progress=progress,
        instead=instead,
    )


def program_root(path: Path, program: "Program") -> Path:
    """The directory to which the spans of `program` are relative."""
    resolved = path.resolve()
    for root in resolved.parents:
        if all((root / file.path).is_file() for file in program.files):
            return root
    return resolved.parent
