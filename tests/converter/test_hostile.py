"""A part of `make hostile`: all files that would act, and some of the others."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_files_made_to_break_out_are_only_read() -> None:
    script = ROOT / "build_support" / "hostile.py"
    done = subprocess.run(
        [sys.executable, script, "--sample", "70", "--jobs", "1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "converts" in done.stdout


ACTS = """
import os, socket, subprocess, sys
from hostile import Watch
watch = Watch()
watch.folder = "/nowhere"
for act in (
    lambda: exec("open('/dev/null')"),
    lambda: exec(compile("x = 1", "made.py", "exec")),
    lambda: open("/proc/langferry-never", "a"),
    lambda: os.remove("/proc/langferry-never"),
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    lambda: socket.socket(),
):
    watch.seen.clear()
    watch.file = "made.py"
    try:
        act()
    except OSError:
        pass
    watch.file = ""
    print(watch.seen)
"""


def test_the_watch_sees_what_is_done() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ACTS],
        cwd=ROOT / "build_support",
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 7
    assert "[]" not in lines
