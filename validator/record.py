"""Records the traces of a program's cases under one Python engine, in the process that imports both."""

import ast
import asyncio
import contextlib
import functools
import importlib
import importlib.metadata
import importlib.util
import inspect
import random
import sys
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.cases import Case, CaseFile, Run
from langferry.validator.encoding import decode
from langferry.validator.events import SCHEMA_VERSION, Header, RunStart, TraceEvent
from langferry.validator.forks import Died, in_fork
from langferry.validator.mortal import Mortality, amortal, mortal
from langferry.validator.streams import MODES, RunEvents
from langferry.validator.traces import write_trace

Engine = Literal["langgraph", "shim", "python"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

_OWN_PACKAGE = {"langgraph": "langgraph", "shim": "langferry", "python": "langferry"}


class Summary(msgspec.Struct, frozen=True):
    """What a recording says about itself.

    Attributes:
        engine_version: the version of what ran the graph.
        run_async: whether `astream` was used.
        import_seconds: how long the program and the engine took to import.
        run_seconds: how long the runs of every case took.
        stored: how many things every case stored, if its thread is kept in a file.
    """

    engine_version: str
    run_async: bool
    import_seconds: float
    run_seconds: list[float]
    stored: list[int]


class Done(NamedTuple):
    """What became of a case.

    Attributes:
        seconds: how long its runs took.
        stored: how many things it stored in a file.
    """

    seconds: float
    stored: int


class Recorder:
    """A program, imported under an engine.

    Args:
        engine: which implementation runs the graph.
        program: the Python file.
        cases: what to run.
        name: the program's name in the traces.
        module: the program, if it is imported already.

    Raises:
        Failure: LF505 when the entry gives no graph, LF506 when the program does not import, LF510
            when the engine is not there.
    """

    def __init__(
        self,
        engine: Engine,
        program: Path,
        cases: CaseFile,
        name: str | None = None,
        module: ModuleType | None = None,
    ) -> None:
        self._engine: Engine = engine
        self._cases = cases
        self._name = name or str(program)
        self._types = engine_types(engine)
        started = time.perf_counter()
        self._graph = self._find_graph(module or import_program(program))
        self._import_seconds = self._types.import_seconds + time.perf_counter() - started
        run_async = cases.run_async
        self._async = needs_async(self._graph) if run_async is None else run_async
        self._version = _version(_OWN_PACKAGE[engine])

    def record(self, out: Path, begin: Callable[[str], None] = lambda name: None) -> Summary:
        """Run every case and write its trace into `out`. Each runs in a fork of this process, so
        that no case sees what an earlier one left behind in the program's globals or saver.

        Args:
            begin: is told the name of each case before it runs, in the process it runs in.

        Raises:
            Failure: whatever stopped a case from being recorded.
        """
        done = [
            self._in_fork(case, out / f"{position}.jsonl", begin)
            for position, case in enumerate(self._cases.cases)
        ]
        return Summary(
            self._version,
            self._async,
            self._import_seconds,
            [case.seconds for case in done],
            [case.stored for case in done],
        )

    def _find_graph(self, module: ModuleType) -> Any:
        entry = self._cases.entry
        try:
            found = eval(compile(entry, "<entry>", "eval"), vars(module))
            if not hasattr(found, "stream") and callable(getattr(found, "compile", None)):
                saver = self._types.InMemorySaver() if self._cases.checkpointer else None
                found = found.compile(checkpointer=saver)
            elif self._cases.checkpointer and hasattr(found, "stream"):
                found.checkpointer = self._types.InMemorySaver()
        except Exception as error:
            raise Failure("LF505", f"entry {entry!r} raised {_said(error)}") from error
        if not hasattr(found, "stream") or not hasattr(found, "astream"):
            kind = type(found).__qualname__
            raise Failure("LF505", f"entry {entry!r} gives a {kind}, which is no graph")
        # the stand-in's classes bear LangGraph's names, what they derive from does not
        packages = {cls.__module__.split(".")[0] for cls in type(found).__mro__}
        package = "langferry" if "langferry" in packages else type(found).__module__.split(".")[0]
        if package != _OWN_PACKAGE[self._engine]:
            raise Failure("LF510", f"the graph is run by {package}, not by engine {self._engine}")
        return found

    def _in_fork(self, case: Case, path: Path, begin: Callable[[str], None]) -> Done:
        try:
            return in_fork(lambda: self._case(case, path, begin), Done)
        except Died as death:
            if case.dies_after is not None and death.status < 0:
                return Done(0.0, 0)
            ended = f"the process of a case ended with status {death.status}"
            raise Failure("LF506", ended) from death

    def _case(self, case: Case, path: Path, begin: Callable[[str], None]) -> Done:
        begin(case.name)
        header = Header(SCHEMA_VERSION, self._engine, self._version, self._name, case.name)
        events: list[TraceEvent] = [header]
        seconds = 0.0
        mortality = Mortality(case.dies_after)
        for number, run in enumerate(case.runs):
            if case.seed is not None:
                random.seed(case.seed)
            managed = getattr(getattr(self._graph, "builder", None), "managed", ())
            gathered = RunEvents(RunStart(number, run.kind, run.value), managed)
            given = self._input(run)
            config = decode(case.config)
            if self._async:
                took, error = asyncio.run(self._arun(case, given, config, gathered, mortality))
            else:
                took, error = self._run(case, given, config, gathered, mortality)
            seconds += took
            events += gathered.end(error)
        write_trace(path, events)
        return Done(seconds, mortality.stored)

    def _run(
        self, case: Case, given: Any, config: Any, events: RunEvents, mortality: Mortality
    ) -> tuple[float, Exception | None]:
        if case.store is None:
            return _follow(self._graph, given, config, events)
        sqlite = _sqlite("langgraph.checkpoint.sqlite")
        with sqlite.SqliteSaver.from_conn_string(case.store) as saver:
            self._graph.checkpointer = mortal(saver, mortality)
            return _follow(self._graph, given, config, events, durability="sync")

    async def _arun(
        self, case: Case, given: Any, config: Any, events: RunEvents, mortality: Mortality
    ) -> tuple[float, Exception | None]:
        if case.store is None:
            return await _follow_async(self._graph, given, config, events)
        sqlite = _sqlite("langgraph.checkpoint.sqlite.aio")
        async with sqlite.AsyncSqliteSaver.from_conn_string(case.store) as saver:
            self._graph.checkpointer = amortal(saver, mortality)
            return await _follow_async(self._graph, given, config, events, durability="sync")

    def _input(self, run: Run) -> Any:
        value = decode(run.value)
        return self._types.Command(resume=value) if run.kind == "resume" else value


def needs_async(graph: Any) -> bool:
    """Whether a node, a tool of it or a router of `graph`, or of a graph within it, can only be awaited."""
    builder = getattr(graph, "builder", None)
    nodes = getattr(builder, "nodes", {}).values()
    branches = getattr(builder, "branches", {}).values()
    parts = [getattr(node, "runnable", None) for node in nodes]
    parts += [branch.path for named in branches for branch in named.values()]
    return any(_only_awaited(part) for part in parts)


def _only_awaited(part: Any) -> bool:
    if _has(part, "builder"):
        return needs_async(part)
    if _has(part, "steps") and isinstance(part.steps, list):
        return any(_only_awaited(step) for step in part.steps)
    if _has(part, "tools_by_name"):
        return any(_only_awaited_tool(tool) for tool in part.tools_by_name.values())
    if _has(part, "func") or _has(part, "afunc"):
        return getattr(part, "func", None) is None and getattr(part, "afunc", None) is not None
    return inspect.iscoroutinefunction(part)


def _only_awaited_tool(tool: Any) -> bool:
    return getattr(tool, "func", None) is None and getattr(tool, "coroutine", None) is not None


def _has(part: Any, name: str) -> bool:
    """Whether `part` itself has the attribute; a runnable with fallbacks passes every name on."""
    return inspect.getattr_static(part, name, None) is not None


def _follow(
    graph: Any, given: Any, config: dict[str, Any], events: RunEvents, **options: Any
) -> tuple[float, Exception | None]:
    seconds = 0.0
    stream: Iterator[Any] | None = None
    while True:
        started = time.perf_counter()
        try:
            if stream is None:
                stream = iter(graph.stream(given, config, stream_mode=MODES, **options))
            mode, payload = next(stream)
        except StopIteration:
            return seconds, None
        except Exception as error:
            return seconds, error
        finally:
            seconds += time.perf_counter() - started
        events.feed(mode, payload)


async def _follow_async(
    graph: Any, given: Any, config: dict[str, Any], events: RunEvents, **options: Any
) -> tuple[float, Exception | None]:
    seconds = 0.0
    stream: AsyncIterator[Any] | None = None
    while True:
        started = time.perf_counter()
        try:
            if stream is None:
                stream = aiter(graph.astream(given, config, stream_mode=MODES, **options))
            mode, payload = await anext(stream)
        except StopAsyncIteration:
            return seconds, None
        except Exception as error:
            return seconds, error
        finally:
            seconds += time.perf_counter() - started
        events.feed(mode, payload)


class EngineTypes(msgspec.Struct, frozen=True):
    """The classes of an engine that runs are made with, and how long it took to import them."""

    Command: Any
    InMemorySaver: Any
    import_seconds: float


@functools.cache
def engine_types(engine: Engine) -> EngineTypes:
    """What an engine has of its own, imported before the program is.

    Raises:
        Failure: LF510, the engine is not there.
    """
    started = time.perf_counter()
    try:
        with _random_of_their_own():
            if engine == "python":
                api = importlib.import_module("langferry.graph")
                command, saver = api.Command, api.InMemorySaver
            else:
                if engine == "shim":
                    importlib.import_module("langferry.compat").install()
                importlib.import_module("langgraph.graph")
                command = importlib.import_module("langgraph.types").Command
                saver = importlib.import_module("langgraph.checkpoint.memory").InMemorySaver
                # draws from `random`, too
                with contextlib.suppress(ImportError):
                    importlib.import_module("langgraph.checkpoint.sqlite.aio")
    except (ImportError, AttributeError) as error:
        raise Failure("LF510", f"engine {engine} is not there: {_said(error)}") from error
    return EngineTypes(command, saver, time.perf_counter() - started)


def _sqlite(name: str) -> Any:
    """A module of LangGraph's SQLite saver.

    Raises:
        Failure: LF510, it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        needed = "langgraph-checkpoint-sqlite is needed to keep threads in a file"
        raise Failure("LF510", f"{needed}: {_said(error)}") from error


@contextlib.contextmanager
def _random_of_their_own() -> Iterator[None]:
    """Modules imported within get a `random` module apart from the program's. LangGraph draws ids of
    checkpoints from `random`; a case's seed must decide what the program draws, and nothing else."""
    spec = importlib.util.find_spec("random")
    if spec is None or spec.loader is None:
        raise ImportError("the standard library's random has no source")
    apart = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(apart)
    sys.modules["random"] = apart
    try:
        yield
    finally:
        sys.modules["random"] = random


def import_program(program: Path, name: str | None = None) -> ModuleType:
    """The program as a module, found as `python program.py` would find what it imports.

    Args:
        name: the dotted name it is to have, where its place is on `sys.path`; by default its place says it.

    Raises:
        Failure: LF506, it does not import.
    """
    path = program.resolve()
    if name is None:
        name, root = path.stem, path.parent
        while (root / "__init__.py").exists():
            name, root = f"{root.name}.{name}", root.parent
        sys.path.insert(0, str(root))
    sys.argv = [str(program)]
    if name in sys.modules:
        name = f"{name}_program"
    try:
        if "." in name:
            importlib.import_module(name.rpartition(".")[0])
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None:
            raise ImportError(f"{program.name} is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        execute(module, path)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        raise Failure("LF506", f"{program} does not import: {_said(error)}") from error
    return module


def execute(module: ModuleType, path: Path) -> None:
    """Run the source at `path` in `module`; what was a notebook may await at module level."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(path.read_bytes(), str(path), "exec", flags, dont_inherit=True)
    running = eval(code, module.__dict__)
    if inspect.iscoroutine(running):
        asyncio.run(running)


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
