"""Counts the instructions of the engine's supersteps and fails if a figure has grown.

Time lies on a shared machine; the number of instructions a program takes does not. Each case of
`runtime/crates/core/examples/supersteps.rs` is run under callgrind twice, with few and with more runs: the
difference, divided by the supersteps it has more, is free of what starting the program costs.

`python build_support/instructions.py [--write]`. The committed figures are in
`runtime/crates/core/instructions.json`. Exit codes: 0, also where there is no valgrind; 1 when a figure
exceeds the committed one by more than 5 %, or cases have come or gone.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
RUNTIME: Final = ROOT / "runtime"
RECORD: Final = RUNTIME / "crates" / "core" / "instructions.json"
PROGRAM: Final = RUNTIME / "target" / "release" / "examples" / "supersteps"
RUNS: Final = (5, 25)
UNITS: Final = 100
"""Supersteps or tasks in a run, as the example has it."""
TOLERANCE: Final = 0.05


def main() -> int:
    """Count, compare or write; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="make the figures the committed ones")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("instructions: not counted, as there is no valgrind on PATH")
        return 0
    build = ("cargo", "build", "--quiet", "--release", "-p", "langferry-core")
    subprocess.run((*build, "--example", PROGRAM.name), cwd=RUNTIME, check=True)
    cases = subprocess.run(PROGRAM, capture_output=True, text=True, check=True).stdout.split()
    counted = {case: _count(case) for case in cases}
    if options.write:
        record = {"rustc": _compiler(), "instructions": counted}
        RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        return 0
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    complaints = compare(record["instructions"], counted)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if complaints:
        print(
            f"counted by {_compiler()}, recorded by {record['rustc']}; if it has to be so: make instructions-record",
            file=sys.stderr,
        )
    return 1 if complaints else 0


def compare(recorded: dict[str, int], counted: dict[str, int]) -> list[str]:
    """What is wrong with the figures: instructions a superstep or task, by case."""
    if recorded.keys() != counted.keys():
        return [f"the cases are {sorted(counted)}, recorded are {sorted(recorded)}"]
    return [
        f"{case}: {counted[case]} instructions, {counted[case] / before - 1:+.1%} of {before}"
        for case, before in recorded.items()
        if counted[case] > before * (1 + TOLERANCE)
    ]


def _count(case: str) -> int:
    few, many = (_instructions(case, runs) for runs in RUNS)
    return round((many - few) / (RUNS[1] - RUNS[0]) / UNITS)


def _instructions(case: str, runs: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        command += [str(PROGRAM), case, str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    collected = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    if collected is None:
        raise RuntimeError(f"callgrind has counted nothing: {done.stderr}")
    return int(collected[1])


def _compiler() -> str:
    done = subprocess.run(("rustc", "--version"), capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
