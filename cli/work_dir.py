"""Where a command keeps what it converts and builds, when the user names no place."""

from hashlib import sha256
from pathlib import Path

import click


def default_work_dir(command: str, program: Path) -> Path:
    """A directory in the user's cache for what `command` makes of `program`."""
    key = sha256(str(program.resolve()).encode()).hexdigest()[:12]
    return Path(click.get_app_dir("langferry")) / command / f"{program.stem}-{key}"
