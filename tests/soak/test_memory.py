"""100,000 supersteps and 10,000 runs in one process leave nothing in memory."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("program.py")
SHAPES = ("loop", "plain", "streamed", "saved", "failing", "asking")

QUICK = (("loop", "sync"), ("failing", "sync"), ("plain", "async"))

_GROWTH = 2 * 2**20
"""Bytes by which the most that a process takes may grow: less than the least object a superstep."""
_OBJECTS = 100
"""By how many objects of a type; the measurement itself makes some."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    ("shape", "way"),
    [
        pytest.param(shape, way, marks=() if (shape, way) in QUICK else pytest.mark.long)
        for shape, way in (*itertools.product(SHAPES, ("sync", "async")), ("cancelled", "async"))
    ],
)
def test_nothing_stays(shape: str, way: str) -> None:
    ran = subprocess.run(
        [sys.executable, str(PROGRAM), shape, way], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    left = json.loads(ran.stdout)
    stay = {
        name: counts for name, counts in left["objects"].items() if counts[1] - counts[0] > _OBJECTS
    }
    assert not stay, f"of {left['runs']} runs"
    assert left["grown"] < _GROWTH, f"by {left['runs']} runs"
