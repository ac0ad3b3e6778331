"""Fetch the public programs: modules of LangGraph's own sdist, at a pinned version, into a cache.

Usage: fetch.py [DIRECTORY]; the default is `.cache/public` in the repository. Nothing fetched is
ever committed. The sdist's sha256 is checked, and only the named files are taken out of it.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "1.2.22"
SHA256 = "32700dc34b5cf9ebb397258c2e56392f017d4dbc51c9591339225c3c1b7b5126"
PROGRAMS = ("sequential", "fanout_to_subgraph", "wide_dict")
DEFAULT = Path(__file__).resolve().parents[2] / ".cache" / "public"


def fetch(directory: Path) -> list[Path]:
    """The paths of the programs in `directory`, downloaded where they are not there yet.

    Raises:
        subprocess.CalledProcessError: pip could not download the sdist.
        RuntimeError: the sdist is not the pinned one.
    """
    wanted = [directory / f"{name}.py" for name in PROGRAMS]
    if all(path.is_file() for path in wanted):
        return wanted
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                *("--no-binary", ":all:", "--dest", scratch),
                f"langgraph=={VERSION}",
            ],
            check=True,
        )
        sdist = Path(scratch) / f"langgraph-{VERSION}.tar.gz"
        found = hashlib.sha256(sdist.read_bytes()).hexdigest()
        if found != SHA256:
            raise RuntimeError(f"{sdist.name} has sha256 {found}, expected {SHA256}")
        with tarfile.open(sdist) as archive:
            for path in wanted:
                member = archive.extractfile(f"langgraph-{VERSION}/bench/{path.name}")
                if member is None:
                    raise RuntimeError(f"{sdist.name} holds no bench/{path.name}")
                path.write_bytes(member.read())
    return wanted


if __name__ == "__main__":
    for fetched in fetch(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT):
        print(fetched)
