"""Measures one workload in this process: `python -m benchmarks.child ENGINE WORKLOAD SIZE SECONDS`.

Prints a line of JSON as the native program does: `@@BENCH@@{"wall": s, "cpu": s, "units": n, …}`.
"""

import gc
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Run one workload on one engine."""
    engine, name, size, seconds = sys.argv[1:]
    from benchmarks import workloads

    build, _ = workloads.ALL[name]
    samples = []
    if name.startswith("import_"):
        samples.append(_timed(lambda: _import(engine)))
        case = build(int(size))
    else:
        _stand_in(engine)
        case = build(int(size))
        _check(name, case.right(case.run()))
        gc.collect()
        gc.freeze()
        began = time.perf_counter()
        while not samples or time.perf_counter() < began + float(seconds):
            samples.append(_timed(case.run))
            _check(name, case.right(samples[-1][2]))
    measured = {
        "ok": True,
        "wall": statistics.median(wall for wall, _, _ in samples),
        "cpu": statistics.median(cpu for _, cpu, _ in samples),
        "units": case.units,
        "unit": case.unit,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(f"@@BENCH@@{json.dumps(measured)}")


def _stand_in(engine: str) -> None:
    if engine == "langferry":
        from langferry.compat import install

        install()


def _import(engine: str) -> object:
    _stand_in(engine)
    from langgraph.graph import StateGraph

    return StateGraph


def _timed(run: Callable[[], Any]) -> tuple[float, float, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def _check(name: str, right: bool) -> None:
    if not right:
        raise SystemExit(f"{name}: a wrong result")


if __name__ == "__main__":
    main()
