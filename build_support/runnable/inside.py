"""Runs in the environment of the programs: sees how a program calls its graphs, and records that.

    python inside.py python --program FILE --module NAME --graphs FILE --out DIR --begin URL [--path DIR ...]
    python inside.py crate  --program FILE --binary FILE --cases FILE --out DIR --begin URL

`python` imports the program under LangGraph, makes cases of the calls it then makes of the graphs that
`--graphs` lists (or, when it makes none, of those it makes when it is run as `python FILE`), and records
them. `crate` records cases with a crate's binary. Both say at `--begin` when a case begins. What stops them
is in `failure.json`.
"""

import argparse
import ast
import asyncio
import functools
import inspect
import json
import os
import random
import re
import signal
import sys
import traceback
import types
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.cases import Case, CaseFile, Run
from langferry.validator.crate import record_crate
from langferry.validator.encoding import encode
from langferry.validator.record import Recorder, engine_types, execute, import_program

_CONFIG_KEYS = ("recursion_limit", "configurable", "max_concurrency")
_OPTIONS_OF_OUTPUT = frozenset(
    {"stream_mode", "subgraphs", "output_keys", "print_mode", "debug", "version", "durability"}
)
"""Parameters of a call that change what is shown of the run, not what happens in it."""
_MOST_CASES = 6
_MOST_RUNS = 8
_SECONDS = 120
"""What a case may take in a crate, and a program that is run to see what it calls."""
SEED = 7
"""What `random` is seeded with before a run."""


class Asked(msgspec.Struct, frozen=True):
    """A graph to be recorded: the expression that gives it, and a case for when nobody calls it."""

    entry: str
    otherwise: Case


class Told(msgspec.Struct, frozen=True):
    """A graph that was recorded.

    Attributes:
        entry: the expression that gives it, or `@LINE` for the one compiled there.
        is_called: whether the program itself calls it.
        cases: None if the graph could not be had.
    """

    entry: str
    is_called: bool
    cases: CaseFile | None


class Call(msgspec.Struct, frozen=True):
    """A call of a graph by the program itself.

    Attributes:
        kind: `input`, `resume`, or `change` for what changes a thread without running it.
        value: in the trace's encoding.
        config: its parts that a case can give.
        unlike: why no case can repeat it, else None.
    """

    kind: str
    value: Any
    config: dict[str, Any]
    unlike: str | None = None


def main() -> int:
    """Do what is asked; 0 when it is done, 3 when `failure.json` says why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("python", "crate"))
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--module")
    parser.add_argument("--graphs", type=Path)
    parser.add_argument("--binary", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--begin", required=True)
    parser.add_argument("--path", action="append", default=[])
    options = parser.parse_args()
    sys.path[:0] = options.path
    try:
        if options.what == "python":
            asked = msgspec.json.decode(options.graphs.read_bytes(), type=list[Asked])
            told = _record_python(options, asked)
            (options.out / "told.json").write_bytes(msgspec.json.encode(told))
        else:
            cases = msgspec.json.decode(options.cases.read_bytes(), type=CaseFile)
            _record_crate(options, cases)
    except Failure as problem:
        (options.out / "failure.json").write_bytes(msgspec.json.encode(problem.diagnostic))
        return 3
    return 0


def owner(number: int, case: Case) -> str:
    """Under which name the requests of a case of the graph with this number are kept."""
    return f"{number} {case.name}"


def _record_python(options: argparse.Namespace, asked: list[Asked]) -> list[Told]:
    engine_types("langgraph")
    calls: list[tuple[Any, Call]] = []
    _watch_calls(lambda graph, call: calls.append((graph, call)))
    compiled = _watch_compiling(options.program)
    module = import_program(options.program, options.module)
    given = json.loads(os.environ.get("LANGFERRY_ARGUMENTS", "{}"))
    # as crates do with what an entry leaves open
    vars(module)["argument"] = lambda name: eval(given[name], vars(module))
    vars(module)["compiled_at"] = compiled.__getitem__
    entries = [graph.entry for graph in asked]
    asked = [Asked(_expression(graph.entry), graph.otherwise) for graph in asked]
    if any(line not in compiled for graph in asked for line in _lines(graph.entry)):
        _run_guarded(module, options.program)
    graphs = _graphs(asked, module)
    by_graph = [_calls_of(graph, calls) for graph in graphs]
    if not any(by_graph):
        by_graph = _as_main(options.program, [graph.entry for graph in asked])
    # what was called and has no name any more, for the program gave that to another graph
    for line, graph in compiled.items():
        own = [call for called, call in calls if called is graph]
        taken = any(call is other for call in own for of_it in by_graph for other in of_it)
        if own and not taken and not any(graph is known for known in graphs):
            entries.append(f"@{line}")
            asked.append(Asked(_expression(entries[-1]), Case("", [])))
            graphs.append(graph)
            by_graph.append(own)
    found = []
    for number, (graph, of_it) in enumerate(zip(asked, by_graph, strict=True)):
        cases = cases_of(of_it, options.module) or [graph.otherwise]
        if graphs[number] is None or not cases[0].runs:
            found.append(Told(entries[number], False, None))
            continue
        keeps = getattr(graphs[number], "checkpointer", None) not in (None, False)
        case_file = CaseFile("cases", graph.entry, cases, "memory" if keeps else None)
        found.append(Told(entries[number], bool(of_it), case_file))
    for number, cases in chosen(found):
        _record(options, number, cases, module)
    return found


def chosen(told: Sequence[Told]) -> list[tuple[int, CaseFile]]:
    """Which graphs are recorded: those that the program calls, the first if it calls none."""
    found = [(number, graph) for number, graph in enumerate(told) if graph.cases is not None]
    called = [item for item in found if item[1].is_called] or found[:1]
    return [(number, graph.cases) for number, graph in called if graph.cases is not None]


def _record(
    options: argparse.Namespace, number: int, cases: CaseFile, module: types.ModuleType
) -> None:
    name = str(options.program)
    recorder = Recorder("langgraph", options.program, cases, name, module)
    owners = {case.name: owner(number, case) for case in cases.cases}

    def begin(case: str) -> None:
        sys.modules["sitecustomize"].restart()
        _begin(options.begin, owners[case])

    place = options.out / str(number)
    place.mkdir()
    recorder.record(place, begin)


def _record_crate(options: argparse.Namespace, cases: CaseFile) -> None:
    for number, case in enumerate(cases.cases):
        _begin(options.begin, case.name)
        alone = msgspec.structs.replace(cases, cases=[case])
        out = options.out / "case"
        try:
            record_crate(options.binary, alone, out, str(options.program), limit=_SECONDS)
        except Failure as problem:
            told = msgspec.json.encode(problem.diagnostic)
            (options.out / f"{number}.failure.json").write_bytes(told)
        else:
            (out / "0.jsonl").replace(options.out / f"{number}.jsonl")


def _begin(url: str, name: str) -> None:
    urllib.request.urlopen(urllib.request.Request(url + quote(name), data=b"")).close()


def _graphs(asked: Sequence[Asked], module: types.ModuleType) -> list[Any]:
    """The compiled graphs, None for one that could not be had.

    Raises:
        Failure: LF505, none could be had.
    """
    found: list[Any] = []
    problem: Failure | None = None
    for graph in asked:
        try:
            found.append(_graph(graph.entry, module))
        except Failure as failure:
            found.append(None)
            problem = problem or failure
    if problem is not None and all(graph is None for graph in found):
        raise problem
    return found


def _graph(entry: str, module: types.ModuleType) -> Any:
    """The compiled graph that `entry` gives.

    Raises:
        Failure: LF505, it gives none.
    """
    try:
        graph = eval(entry, vars(module))
        return graph if hasattr(graph, "stream") else graph.compile()
    except Exception as error:
        raise Failure("LF505", f"{type(error).__name__}: {error}") from error


def _expression(entry: str) -> str:
    """What gives the graph of `entry` in the program; `@LINE` is the one compiled there."""
    return f"compiled_at({entry[1:]})" if entry.startswith("@") else entry


def _lines(entry: str) -> list[int]:
    return [int(line) for line in re.findall(r"\bcompiled_at\((\d+)\)", entry)]


def _run_guarded(module: types.ModuleType, program: Path) -> None:
    """Run in `module` what the program does only when it is run: its functions may compile graphs then."""
    tree = ast.parse(program.read_text(encoding="utf-8"))
    body = [
        statement
        for item in tree.body
        if isinstance(item, ast.If)
        and any(isinstance(x, ast.Name) and x.id == "__name__" for x in ast.walk(item.test))
        for statement in item.body
    ]
    random.seed(0)
    try:
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code = compile(ast.Module(body, []), str(program), "exec", flags, dont_inherit=True)
        running = eval(code, vars(module))
        if inspect.iscoroutine(running):
            asyncio.run(running)
    except BaseException:
        # what it compiled before is known
        traceback.print_exc()


def _watch_compiling(program: Path) -> dict[int, Any]:
    """The graphs that `program` compiles from now on, by the line that does."""
    from langgraph.graph.state import StateGraph

    found: dict[int, Any] = {}
    calls = {
        (node.end_lineno, node.end_col_offset): node.lineno
        for node in ast.walk(ast.parse(program.read_bytes()))
        if isinstance(node, ast.Call)
    }
    make = StateGraph.compile

    @functools.wraps(make)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        graph = make(*args, **kwargs)
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != str(program):
            frame = frame.f_back
        if frame is not None:
            place = inspect.getframeinfo(frame).positions
            end = (place.end_lineno, place.end_col_offset) if place is not None else None
            found[calls.get(end, frame.f_lineno)] = graph
        return graph

    StateGraph.compile = wrapper
    return found


def _calls_of(graph: Any, calls: Sequence[tuple[Any, Call]]) -> list[Call]:
    if graph is None:
        return []
    # else objects with the same nodes are what the entry's expression made at another time
    return [call for called, call in calls if called is graph] or [
        call for called, call in calls if _nodes(called) == _nodes(graph)
    ]


def _as_main(program: Path, entries: Sequence[str]) -> list[list[Call]]:
    """The calls of the graphs that a program makes which is run, not imported; in a process of its own."""
    if "__main__" not in program.read_text(encoding="utf-8"):
        return [[] for _ in entries]
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(_SECONDS)
        try:
            told = msgspec.json.encode(_run_as_main(program, entries))
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(told)
        finally:
            sys.stdout.flush()
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return msgspec.json.decode(told, type=list[list[Call]]) if told else [[] for _ in entries]


def _run_as_main(program: Path, entries: Sequence[str]) -> list[list[Call]]:
    calls: list[tuple[Any, Call]] = []
    _watch_calls(lambda graph, call: calls.append((graph, call)))
    compiled = _watch_compiling(program)
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=str(program), __builtins__=__builtins__)
    sys.modules["__main__"] = module
    sys.argv = [str(program)]
    sys.modules["sitecustomize"].restart()
    random.seed(0)
    try:
        execute(module, program)
    except BaseException:
        # what it called before is known
        traceback.print_exc()
    vars(module)["compiled_at"] = compiled.__getitem__
    graphs = _graphs([Asked(entry, Case("", [])) for entry in entries], module)
    return [_calls_of(graph, calls) for graph in graphs]


def cases_of(calls: Sequence[Call], module: str) -> list[Case]:
    """A case a thread, as long as nothing stands in it that a case cannot say."""
    threads: dict[str, list[Call]] = {}
    ended: set[str] = set()
    for number, call in enumerate(calls):
        thread = call.config.get("configurable", {}).get("thread_id")
        name = f"call {number + 1}" if thread is None else f"thread {thread}"
        runs = threads.setdefault(name, [])
        if call.unlike is not None or (runs and runs[0].config != call.config):
            ended.add(name)
        if name not in ended and len(runs) < _MOST_RUNS:
            runs.append(call)
    found: dict[str, Case] = {}
    for name, runs in threads.items():
        if runs:
            given = [Run(call.kind, _named(call.value, module)) for call in runs]
            case = Case(name, given, _named(runs[0].config, module), SEED)
            found.setdefault(json.dumps(msgspec.to_builtins(case.runs)), case)
    return list(found.values())[:_MOST_CASES]


def _named(value: Any, module: str) -> Any:
    """`value` with the program's classes named as they are when it is imported."""
    match value:
        case str() if value.startswith("__main__."):
            return module + value.removeprefix("__main__")
        case dict():
            return {key: _named(item, module) for key, item in value.items()}
        case list():
            return [_named(item, module) for item in value]
    return value


def _nodes(graph: Any) -> frozenset[str]:
    return frozenset(getattr(graph, "nodes", ()))


def _watch_calls(note: Callable[[Any, Call], None]) -> None:
    """Have `note` told of every call of a graph that does not come from within a graph."""
    from langchain_core.runnables.config import var_child_runnable_config
    from langgraph.pregel import Pregel

    def watched(make: Callable[..., Any], read: Callable[..., Call]) -> Callable[..., Any]:
        @functools.wraps(make)
        def wrapper(graph: Any, *args: Any, **kwargs: Any) -> Any:
            if var_child_runnable_config.get() is None:
                note(graph, read(*args, **kwargs))
            return make(graph, *args, **kwargs)

        return wrapper

    for name in ("stream", "astream"):
        setattr(Pregel, name, watched(getattr(Pregel, name), _call))
    for name in ("bulk_update_state", "abulk_update_state"):
        setattr(Pregel, name, watched(getattr(Pregel, name), _change))


def _call(given: Any = None, config: Any = None, **options: Any) -> Call:
    from langgraph.types import Command

    parts = _config(config)
    if any(key.startswith("checkpoint") for key in (config or {}).get("configurable") or {}):
        return Call("input", None, parts, "it goes on from an earlier checkpoint")
    for name, value in options.items():
        if value is not None and name not in _OPTIONS_OF_OUTPUT:
            return Call("input", None, parts, f"it is given {name}")
    kind, value = "input", given
    if isinstance(given, Command):
        if given.resume is None or given.update is not None or given.goto:
            return Call("input", None, parts, "it is given a Command that is no answer")
        kind, value = "resume", given.resume
    try:
        return Call(kind, encode(value), parts)
    except Failure as problem:
        return Call(kind, None, parts, problem.diagnostic.message)


def _change(config: Any, *args: Any, **kwargs: Any) -> Call:
    return Call("change", None, _config(config), "the program changes the thread's state")


def _config(config: Any) -> dict[str, Any]:
    """The parts of a config that a case can give, where they have an encoding."""
    found: dict[str, Any] = {}
    for key in _CONFIG_KEYS:
        if key in (config or {}):
            try:
                found[key] = encode(config[key])
            except Failure:
                continue
    return found


if __name__ == "__main__":
    sys.exit(main())
