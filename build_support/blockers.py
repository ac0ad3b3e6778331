"""Everything that keeps the functions of real programs from being native, not only what is met first.

    python -m build_support.blockers DIR --manifest FILE [--jobs N] [--only TEXT] [--at-most N] [--json]

`migrate check` tells where lowering stops. Here it goes on behind that, with what the refused statement binds
taken for values of which nothing is known, so that some of what it meets then is only a consequence. Functions
that the same few reasons keep in Python are counted together, those first that are the most: what to make
native next. `--only` names a part of the paths of programs, `--at-most` how many reasons a group may have.
"""

import argparse
import ast
import functools
import json
import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from build_support.corpus import RESULTS, programs

Blocked = dict[str, Any]
"""A function: its `program`, `id`, `role`, and `reasons` as lists of code, message and span."""


def main() -> int:
    """Look through the programs, then print what keeps functions in Python."""
    options = _options()
    found = programs(options.corpus, options.manifest)
    jobs = [(options.corpus, path, root) for path, root in found if options.only in str(path)]
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        blocked = [item for items in pool.map(_blocked, jobs, chunksize=4) for item in items]
    if options.json:
        print(json.dumps(blocked, indent=1))
        return 0
    tools = [item for item in blocked if item["role"] == "tool"]
    _print("nodes and routers", [x for x in blocked if x["role"] != "tool"], options.at_most)
    _print("tools, or lists of them,", tools, options.at_most)
    return 0


def _print(called: str, blocked: list[Blocked], at_most: int) -> None:
    groups = Counter(
        frozenset(f"{code} {message}" for code, message, _ in item["reasons"]) for item in blocked
    )
    print(f"{len(blocked)} {called} stay Python")
    for reasons, count in groups.most_common():
        if len(reasons) <= at_most:
            print(count, *sorted(reasons), sep="\n    ")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--manifest", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="", help="a part of the programs' paths")
    parser.add_argument("--at-most", type=int, default=3, help="reasons that a group may have")
    parser.add_argument("--json", action="store_true", help="print every function as JSON")
    return parser.parse_args()


def _blocked(job: tuple[Path, Path, Path | None]) -> list[Blocked]:
    from langferry.converter import analyse
    from langferry.diagnostics import Failure

    corpus, path, root = job
    survey = _survey()
    try:
        program = analyse(path, root=root, cache_dir=RESULTS / "types")
    except Failure:
        return []
    found: list[Blocked] = []
    for function in program.functions:
        role = function.roles[0]
        if role in ("node", "router", "tool") and function.reasons:
            # those before the last only tell of what may change the state
            reasons = survey.behind(function.reasons[-1])
            told = {(x.code, _of_helper(x.message), str(x.span)) for x in reasons}
            found.append(
                {
                    "program": path.relative_to(corpus).as_posix(),
                    "id": function.id,
                    "role": role,
                    "reasons": sorted(told, key=lambda item: item[2]),
                }
            )
    return found


def _of_helper(message: str) -> str:
    """What a message says of the function that is called, however many calls lie between."""
    return message.rpartition("` is not native: ")[2]


class _Survey:
    """Has lowering go on behind what it refuses, in this process."""

    def __init__(self) -> None:
        from langferry.converter.lower.program import ProgramLowering
        from langferry.converter.lower.statements import Statements

        self._behind: dict[tuple[str, str], list[Any]] = {}
        self._met: list[list[Any]] = []
        """The reasons met so far in the function that is lowered, and in those around it."""
        Statements.statement = self._going_on(Statements.statement)  # type: ignore[method-assign]
        for name in ("_request", "_try_body"):
            setattr(ProgramLowering, name, self._whole(getattr(ProgramLowering, name)))

    def behind(self, reason: Any) -> list[Any]:
        """All reasons of the function that was refused for this one first."""
        return self._behind.get(self._key(reason), [reason])

    def _key(self, reason: Any) -> tuple[str, str]:
        return str(reason.span), _of_helper(reason.message)

    def _going_on(self, lower: Callable[..., Any]) -> Callable[..., Any]:
        from langferry.converter.lower.refusal import Refusal
        from langferry.model import types as t

        @functools.wraps(lower)
        def statement(lowering: Any, node: ast.stmt) -> Any:
            opened = lowering.opened
            try:
                return lower(lowering, node)
            except Refusal as refusal:
                if refusal.wider is not None or not self._met:
                    raise
                self._met[-1].extend(self.behind(refusal.reason))
            lowering.opened = opened
            for part in ast.walk(node):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    lowering.locals.setdefault(part.id, t.AnyType())
                    lowering.assigned.add(part.id)
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for name in ("body", "orelse", "finalbody"):
                    self._inside(lowering, getattr(node, name, []))
            return []

        return statement

    def _inside(self, lowering: Any, block: list[ast.stmt]) -> None:
        from langferry.converter.lower.refusal import Refusal

        for statement in block:
            try:
                lowering.statement(statement)
            except Refusal as refusal:
                self._met[-1].extend(self.behind(refusal.reason))

    def _whole(self, lower: Callable[..., Any]) -> Callable[..., Any]:
        from langferry.converter.lower.refusal import Refusal

        @functools.wraps(lower)
        def function(*args: Any) -> Any:
            self._met.append([])
            try:
                result = lower(*args)
            except Refusal as refusal:
                if refusal.wider is not None:
                    raise
                self._met[-1].extend(self.behind(refusal.reason))
                result = None
            finally:
                met = self._met.pop()
            if met:
                # what a helper is held by is met wherever it is called: told once, or it multiplies
                met = list({self._key(reason): reason for reason in met}.values())
                self._behind[self._key(met[0])] = met
                raise Refusal(met[0].code, met[0].message, met[0].span)
            return result

        return function


@functools.cache
def _survey() -> _Survey:
    """The survey of this process, which works on one program after the other."""
    return _Survey()


if __name__ == "__main__":
    sys.exit(main())
