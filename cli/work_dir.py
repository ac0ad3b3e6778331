"""Where commands keep what they make, when the user names no place."""

import os
from hashlib import sha256
from pathlib import Path

import click


def types_cache() -> Path | None:
    """Where the type checker keeps what it found: `LANGFERRY_CACHE`, else a directory in the user's cache.

    With it a program is read in a tenth of the time. None where nothing can be kept.
    """
    named = os.environ.get("LANGFERRY_CACHE")
    folder = Path(named) if named else Path(click.get_app_dir("langferry")) / "types"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def default_work_dir(command: str, program: Path) -> Path:
    """A directory in the user's cache for what `command` makes of `program`."""
    return Path(click.get_app_dir("langferry")) / command / f"{program.stem}-{place_key(program)}"


def place_key(path: Path) -> str:
    """Twelve hexadecimal digits that tell this place from every other."""
    return sha256(str(path.resolve()).encode()).hexdigest()[:12]
