"""Runs a program as `python program.py` would, with LangGraph's core replaced."""

import os
import sys
from collections.abc import Sequence

from langferry.compat.hook import install


def run_program(path: str | os.PathLike[str], argv: Sequence[str] = ()) -> None:
    """Run a program as the main module.

    What the program raises is raised here, `SystemExit` included.

    Raises:
        NotStandingIn: LF410 if the real core was imported before.
        FileNotFoundError: If there is no such program.
    """
    # what only calls install() need not wait for these
    import runpy
    from pathlib import Path

    program = Path(path)
    if not program.exists():
        raise FileNotFoundError(2, os.strerror(2), str(program))
    install()
    old_argv, old_path = sys.argv, sys.path
    sys.argv = [str(program), *argv]
    sys.path = [str(program.resolve().parent), *sys.path]
    try:
        runpy.run_path(str(program), run_name="__main__")
    finally:
        sys.argv, sys.path = old_argv, old_path
