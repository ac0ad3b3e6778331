"""Measures LangGraph, the shim and the native crate on the same graphs and writes the table.

Each measurement is a fresh process that warms up and then runs for a while. The engines alternate
(A B C C B A), so that a drift of the machine hits all. A process's CPU time is scaled by a fixed
piece of Python that is timed before and after it, to what it would be were that piece to take 4 ms.

`python -m benchmarks [--quick] [--only REGEX] [--json]`; `--write` puts the table into README.md.
Exit codes: 0; 1 when a workload fails or is slower than on LangGraph; 2 when nothing can be measured.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks import workloads

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = Path(__file__).with_name("README.md")
NATIVE: Final = ROOT / "runtime" / "target" / "optimized" / "langferry-benchmarks"
ENGINES: Final = ("langgraph", "langferry", "native")
REFERENCE: Final = 4e-3
"""Seconds that the calibration takes on an idle core of the machine the goals were set on."""


@dataclass
class Row:
    """A workload at a size: for each engine the samples of seconds of CPU a unit, and memory in MB."""

    name: str
    size: int
    unit: str = ""
    cpu: dict[str, list[float]] = field(default_factory=dict)
    rss: dict[str, float] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.name}[{self.size}]"

    def seconds(self, engine: str) -> float | None:
        samples = self.cpu.get(engine)
        return statistics.median(samples) if samples else None

    def times_cheaper(self, engine: str) -> float | None:
        """LangGraph's CPU time over the engine's."""
        ours, theirs = self.seconds(engine), self.seconds("langgraph")
        return theirs / ours if ours and theirs else None


def main() -> int:
    """Measure, print, and write if asked; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of short runs")
    parser.add_argument(
        "--only", default="", metavar="REGEX", help="workloads whose NAME[SIZE] fits"
    )
    parser.add_argument("--json", action="store_true", help="print the measurements as JSON")
    parser.add_argument(
        "--write", action="store_true", help="put the table into benchmarks/README.md"
    )
    options = parser.parse_args()
    rows = [
        Row(name, size)
        for name, (_, sizes) in workloads.ALL.items()
        for size in sizes
        if re.search(options.only, f"{name}[{size}]")
    ]
    if not rows:
        parser.error(f"no workload fits {options.only!r}")
    rounds, seconds = (1, 0.3) if options.quick else (2, 1.0)
    for number, row in enumerate(rows):
        print(f"{number + 1}/{len(rows)} {row.label}", file=sys.stderr)
        for _ in range(rounds):
            for engine in (*ENGINES, *reversed(ENGINES)):
                _measure(row, engine, seconds)
    if options.json:
        print(json.dumps([row.__dict__ for row in rows], indent=1))
    else:
        print(_table(rows))
    if options.write:
        text = PAGE.read_text(encoding="utf-8")
        table = f"<!-- table -->\n{_heading()}\n\n{_table(rows)}\n<!-- /table -->"
        text = re.sub(r"<!-- table -->.*<!-- /table -->", lambda _: table, text, flags=re.DOTALL)
        PAGE.write_text(text, encoding="utf-8")
    if not any(row.cpu for row in rows):
        return 2
    slower = [row.label for row in rows if (row.times_cheaper("langferry") or 0) < 1]
    if slower:
        print(f"failed or slower than on LangGraph: {', '.join(slower)}", file=sys.stderr)
    return 1 if slower else 0


def _measure(row: Row, engine: str, seconds: float) -> None:
    arguments = [row.name, str(row.size), str(seconds)]
    command = [sys.executable, "-m", "benchmarks.child", engine, *arguments]
    if engine == "native":
        command = [str(NATIVE), *arguments]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / ".pkg"))),
        "PYTHONHASHSEED": "0",
        "LANGSMITH_TRACING": "false",
    }
    before = _calibrate()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        row.errors[engine] = str(error)
        return
    pace = (before + _calibrate()) / 2
    if engine == "native" and done.returncode == 3:
        return
    line = next((x for x in done.stdout.splitlines() if x.startswith("@@BENCH@@")), None)
    measured: dict[str, Any] = json.loads(line.removeprefix("@@BENCH@@")) if line else {}
    if not measured.get("ok"):
        row.errors[engine] = measured.get("error") or done.stderr.strip()[-200:]
        return
    row.unit = row.unit or measured["unit"]
    cpu = measured["cpu"] / measured["units"] / pace * REFERENCE
    row.cpu.setdefault(engine, []).append(cpu)
    row.rss[engine] = max(row.rss.get(engine, 0.0), measured["rss_mb"])


def _calibrate() -> float:
    """The least seconds of CPU that a fixed piece of Python takes just now."""

    def piece() -> float:
        began = time.process_time()
        table: dict[int, int] = {}
        for i in range(20_000):
            table[i & 1023] = table.get(i & 511, 0) + i
        return time.process_time() - began

    return min(piece() for _ in range(5))


def _heading() -> str:
    cores = os.cpu_count()
    return (
        f"LangGraph {version('langgraph')}, Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {cores} cores, load {os.getloadavg()[0]:.1f} at the end."
    )


def _table(rows: list[Row]) -> str:
    lines = [
        "| workload | unit | LangGraph | shim | | native crate | | MB |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        memory = " / ".join(f"{row.rss[e]:.0f}" if e in row.rss else "–" for e in ENGINES)
        cells = [f"`{row.label}`", row.unit, _time(row.seconds("langgraph"))]
        for engine in ENGINES[1:]:
            cells += [_time(row.seconds(engine)), _ratio(row.times_cheaper(engine))]
        lines.append(f"| {' | '.join([*cells, memory])} |")
        lines += [f"| | {engine}: {error} |" for engine, error in row.errors.items()]
    return "\n".join(lines)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return "–"
    return f"**{ratio:.0f}x**" if ratio >= 100 else f"**{ratio:.3g}x**"


if __name__ == "__main__":
    sys.exit(main())
