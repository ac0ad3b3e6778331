"""The Python that runs the suites: all they need, but not the core of LangGraph."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent


def make(cache: Path, *, core: str | None = None) -> Path:
    """A virtual environment's interpreter, made the first time and when the lock changes.

    Args:
        cache: the folder it lies in.
        core: the version of the real core to put in, for the baseline; by default none.
    """
    lock = HERE / "requirements.txt"
    stamp = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache / f"venv-{'langgraph' if core else 'langferry'}-{stamp}"
    bin_folder = "Scripts" if os.name == "nt" else "bin"
    python = folder / bin_folder / "python"
    ready = folder / "ready"
    if not ready.exists():
        print("setting up the suites' environment, about a minute", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        install.append("--no-deps")
        subprocess.run([*install, "--requirement", str(lock)], check=True)
        if core:
            subprocess.run([*install, f"langgraph=={core}"], check=True)
        ready.touch()
    return python
