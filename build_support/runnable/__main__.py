"""Runs real programs without network: LangGraph and the program's crate, on the same inputs and models.

    python -m build_support.runnable CORPUS --manifest FILE --programs FILE --server FILE
        [--only selected|ID,...] [--fresh] [--kept] [--record]

Each program is converted, its crate built in one workspace, and both versions are run on the calls the
program itself makes of its graph. Traces are compared, and so are the requests to models, which a proxy
keeps. `--manifest` has `variants` (a folder of CORPUS, with its `files`) and `programs` (`id`, `variant`,
`path`, `closure`: the numbers of its files); `--programs` says with `selected` and `also_verified` which
of them are run, and with `script` what a program's server is to answer (`python SERVER PORT LOG` plays the
models of all vendors and reads the script from the file `FAKE_SCRIPT` whenever that changes).

Programs are other people's code: run this without network, where nothing can be lost. Everything made is
in target/runnable; what LangGraph did is kept there, `--fresh` does it again, and so is what became of each
program. `--record` writes that of all of them, without their names, to docs/runnable.json, of which
docs/runnable.md is made; with `--kept` nothing is run for it.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

import langferry
from build_support.runnable import page
from build_support.runnable.cases import case_of_types
from build_support.runnable.inside import Asked, Told, chosen, owner
from build_support.runnable.outcome import Outcome, compared, demanding, general, together
from build_support.runnable.proxy import BEGIN, SEARCHES, Proxy, Request
from langferry import codegen
from langferry.converter import analyse, read_source
from langferry.converter.project import Project
from langferry.diagnostics import Diagnostic, Failure
from langferry.model.program import Program
from langferry.validator.cases import Case, CaseFile
from langferry.validator.crate import build_workspace
from langferry.validator.traces import read_trace

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "runnable"
HERE = Path(__file__).resolve().parent
SECONDS = 240
"""What a program may take each time it is run."""
AT_ONCE = 12
"""Crates that are built together."""
PACKAGES = (
    *("langgraph==1.2.22", "langgraph-prebuilt==1.1.2", "langgraph-checkpoint==4.3.2"),
    *("langgraph-checkpoint-sqlite==3.1.2", "langgraph-supervisor==0.0.31"),
    *("langgraph-swarm==0.1.0", "langchain==1.4.7", "langchain-core==1.7.2"),
    *("langchain-openai==1.7.3", "langchain-community==0.4.2", "langchain-anthropic==1.7.7"),
    *("langchain-ollama==1.1.0", "langchain-groq==1.1.3", "langchain-tavily==0.2.18"),
    *("langchain-mcp-adapters==0.3.2", "tavily-python==0.8.5", "python-dotenv==1.2.4"),
    *("rich==15.0.0", "ipython==9.18.1", "nest_asyncio==1.6.0", "pandas==3.1.1", "numpy==2.4.6"),
    *("msgspec==0.22.0", "pyyaml==6.0.4", "wikipedia==1.4.0", "ddgs==9.16.1", "grandalf==0.8"),
)
"""What the programs import, and what the recorder needs."""
VENDORS = (
    *("OPENAI", "ANTHROPIC", "GROQ", "TAVILY", "GOOGLE", "LANGSMITH", "OPENROUTER", "MISTRAL"),
    *("DEEPSEEK", "FIREWORKS"),
)


_ARGUMENT = re.compile(r"\bargument\('(\w+)'\)")
ARGUMENTS = dict.fromkeys(
    ("llm", "model", "chat_model", "mapper_llm", "worker_llm", "reducer_llm"),
    "__import__('langchain_openai').ChatOpenAI(model='model')",
) | {
    "tools": "[]",
    "search_tool": "__import__('langchain_tavily').TavilySearch()",
    "checkpointer": "__import__('langgraph.checkpoint.memory', fromlist=['_']).InMemorySaver()",
}
"""What functions are given that make graphs and are not called, by the names of their parameters."""


class Known(msgspec.Struct, frozen=True):
    """A program of the corpus.

    Attributes:
        id: its name here.
        source: where its files lie in the corpus.
        path: of the program below `source`.
        files: all of it, below `source`.
        script: what its models are to answer.
        selected: whether it is one of the selected programs.
    """

    id: str
    source: Path
    path: str
    files: list[str]
    script: list[Any]
    selected: bool

    @property
    def work(self) -> Path:
        """What is made of it."""
        return WORK / "programs" / self.id

    @property
    def outcome(self) -> Path:
        """Where it is kept what became of it."""
        return self.work / "outcome.json"

    @property
    def place(self) -> Path:
        """The copy of its files that is run."""
        return self.work / "program"


class Part(msgspec.Struct, frozen=True):
    """A graph of a program that LangGraph has run, and that has a crate to be built.

    Attributes:
        known: the program.
        number: of the graph in it.
        model: of the program, with this graph as its entry.
        cases: what is run.
        asked: what LangGraph asked models in the program's cases, by their owners; on import under "".
    """

    known: Known
    number: int
    model: Program
    cases: CaseFile
    asked: dict[str, list[Request]]

    @property
    def traces(self) -> Path:
        """The crate's."""
        return self.known.work / f"crate-{self.number}"

    @property
    def name(self) -> str:
        """Its crate."""
        return f"program_{self.known.id}_{self.number}"


def main() -> int:
    """Run the programs and print what became of each."""
    options = _options()
    listed = _programs(options)
    only = set(options.only.split(",")) - {""}
    programs = [
        x for x in listed if not only or x.id in only or (x.selected and "selected" in only)
    ]
    if not options.kept:
        _run(programs, options)
    groups = {
        "The selected programs": [_kept(known) for known in listed if known.selected],
        "The further programs": [_kept(known) for known in listed if not known.selected],
    }
    for name, found in groups.items():
        counts = Counter(outcome.kind for outcome in found).most_common()
        print(f"{name}: {', '.join(f'{count} {kind}' for kind, count in counts)}")
    if options.record:
        page.save(groups)
    return 0


def _run(programs: list[Known], options: argparse.Namespace) -> None:
    python = _environment()
    script = WORK / "script.json"
    with _serving(options.server, script) as server_port:
        answers = _Script(script)
        proxy = Proxy(server_port, answers.begin)
        with proxy.serving() as port:
            runs = _Runs(python, proxy, port, answers, options.fresh)
            for start in range(0, len(programs), AT_ONCE):
                batch = programs[start : start + AT_ONCE]
                outcomes = runs.outcomes(batch)
                for known in batch:
                    known.outcome.write_bytes(msgspec.json.encode(outcomes[known.id]))
                    print(_row(known, outcomes[known.id]), flush=True)


def _kept(known: Known) -> Outcome:
    """What became of a program when it was last run."""
    if not known.outcome.is_file():
        return Outcome("not measured", "it has not been run here")
    return msgspec.json.decode(known.outcome.read_bytes(), type=Outcome)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="runnable", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--server", type=Path, required=True)
    parser.add_argument("--only", default="", help="ids, or `selected`")
    parser.add_argument("--fresh", action="store_true", help="run LangGraph again")
    parser.add_argument("--kept", action="store_true", help="run nothing")
    parser.add_argument("--record", action="store_true", help="write docs/runnable.json")
    return parser.parse_args()


def _programs(options: argparse.Namespace) -> list[Known]:
    manifest = json.loads(options.manifest.read_text())
    variants = {item["variant"]: item for item in manifest["variants"]}
    described = {item["id"]: item for item in manifest["programs"]}
    listed = json.loads(options.programs.read_text())
    found = []
    for part in ("selected", "also_verified"):
        for item in listed[part]:
            program = described[item["id"]]
            files = variants[program["variant"]]["files"]
            found.append(
                Known(
                    item["id"],
                    options.corpus.resolve() / program["variant"],
                    program["path"],
                    [files[number][0] for number in program["closure"]],
                    item.get("script", []),
                    part == "selected",
                )
            )
    return found


def _environment() -> Path:
    """The Python that has the programs' packages, made if it is not there."""
    place = WORK / "venv"
    python, ready = place / "bin" / "python", place / "ready.txt"
    wanted = "\n".join(PACKAGES)
    if not ready.is_file() or ready.read_text() != wanted:
        beside = Path(sys.executable).parent
        uv = shutil.which("uv", path=f"{beside}{os.pathsep}{os.environ['PATH']}")
        if uv is None:
            sys.exit("uv is needed to make the programs' environment")
        make = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(place)]
        subprocess.run(make, check=True)
        install = [uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES]
        subprocess.run(install, check=True)
        ready.write_text(wanted)
    return python


@contextmanager
def _serving(server: Path, script: Path) -> Iterator[int]:
    """The port at which the server plays models."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("[]")
    running = subprocess.Popen(
        [sys.executable, str(server), str(port)],
        env={"PATH": os.environ["PATH"], "FAKE_SCRIPT": str(script)},
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait()


class _Script:
    """What the server is to answer. A rule of it may hold for so many answers: written anew it holds again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rules: list[Any] = []

    def begin(self) -> None:
        self._path.write_text(json.dumps(self.rules))


class _Runs:
    """Runs programs; the crates of a batch are built together."""

    def __init__(self, python: Path, proxy: Proxy, port: int, script: _Script, fresh: bool) -> None:
        self._python = python
        self._proxy = proxy
        self._port = port
        self._script = script
        self._fresh = fresh

    def outcomes(self, programs: list[Known]) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        parts: dict[str, list[Part]] = {}
        workspace = WORK / "crates"
        shutil.rmtree(workspace, ignore_errors=True)
        for known in programs:
            try:
                parts[known.id] = self._parts(known)
            except Failure as problem:
                found[known.id] = Outcome("not run", general(problem.diagnostic))
                continue
            try:
                for part in parts[known.id]:
                    self._write_crate(part, workspace)
            except Failure as problem:
                found[known.id] = Outcome("not converted", general(problem.diagnostic))
        left = {name: of_it for name, of_it in parts.items() if name not in found}
        binaries = self._built(workspace) if left else {}
        for name, of_it in left.items():
            outcome = together([self._crate(part, binaries) for part in of_it])
            found[name] = demanding(outcome, of_it[0].asked[""])
        return found

    def _parts(self, known: Known) -> list[Part]:
        """Convert the program, and run those of its graphs under LangGraph that it runs itself; the main one if
        it runs none.

        Raises:
            Failure: one of the two does not succeed.
        """
        _copy(known)
        model = _model(known, None)
        graphs = [
            Asked(entry, case_of_types(model, graph))
            for entry, graph in model.entries
            if set(_ARGUMENT.findall(entry)) <= ARGUMENTS.keys()
        ]
        if not graphs:
            raise Failure("LF505", "its graphs take arguments that nobody gives")
        told, asked = self._recorded(known, model.entry_module, graphs)
        parts = []
        for number, cases in chosen(told):
            entry = told[number].entry
            of_it = model if entry == model.entry else _model(known, entry)
            parts.append(Part(known, number, of_it, cases, asked))
        return parts

    def _recorded(
        self, known: Known, module: str, graphs: list[Asked]
    ) -> tuple[list[Told], dict[str, list[Request]]]:
        """The cases of the program's graphs, and what LangGraph asked models in them; its traces are kept.

        Raises:
            Failure: the program does not run.
        """
        kept = known.work / "langgraph.json"
        if kept.is_file() and not self._fresh:
            before, told, asked = msgspec.json.decode(
                kept.read_bytes(), type=tuple[list[Asked], list[Told], dict[str, list[Request]]]
            )
            if before == graphs:
                return told, asked
        folder, listed = known.work / "langgraph", known.work / "graphs.json"
        listed.write_bytes(msgspec.json.encode(graphs))
        what = ["python", "--graphs", str(listed), "--module", module]
        self._inside(known, folder, *what, *self._paths(known))
        told = msgspec.json.decode((folder / "told.json").read_bytes(), type=list[Told])
        owners = [owner(number, case) for number, cases in chosen(told) for case in cases.cases]
        asked = {name: self._proxy.asked(name) for name in ["", *owners]}
        kept.write_bytes(msgspec.json.encode((graphs, told, asked)))
        return told, asked

    def _paths(self, known: Known) -> list[str]:
        folders = Project(known.place / known.path, known.place).search_path
        return [word for folder in folders for word in ("--path", str(folder))]

    def _inside(self, known: Known, out: Path, what: str, *more: str) -> None:
        """Run `inside.py` in the programs' environment; `out` is the folder for what it makes.

        Raises:
            Failure: what it says, or LF506 when it says nothing.
        """
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        self._script.rules = known.script
        self._proxy.begin("")
        program = _as_python(known)
        problem = out / "failure.json"
        begin = f"http://127.0.0.1:{self._port}{BEGIN}"
        command = [str(self._python), str(HERE / "inside.py"), what, "--program", str(program)]
        command += ["--out", str(out), "--begin", begin, *more]
        try:
            done = subprocess.run(
                command,
                cwd=program.parent,
                env=self._world(known),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Failure("LF506", f"the program takes more than {SECONDS} s") from error
        (known.work / f"{what}.log").write_text(done.stdout + done.stderr)
        if problem.is_file():
            told = msgspec.json.decode(problem.read_bytes(), type=Diagnostic)
            raise Failure(told.code, told.message, told.span)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
            raise Failure("LF506", f"the program ends with {done.returncode}: {last}")

    def _world(self, known: Known) -> dict[str, str]:
        """The environment of a program: no keys of anybody's, and models at the proxy."""
        base = f"http://127.0.0.1:{self._port}"
        packages = Path(langferry.__file__).parents[1]
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(known.work),
            "TMPDIR": str(known.work),
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join([str(HERE / "offline"), str(packages)]),
            "LANGFERRY_PROGRAM": str(known.place),
            "LANGFERRY_ARGUMENTS": json.dumps(ARGUMENTS),
            "RUST_BACKTRACE": "0",
            "NO_COLOR": "1",
            "COLUMNS": "120",
            "OPENAI_BASE_URL": f"{base}/v1",
            "OPENAI_API_BASE": f"{base}/v1",
            "ANTHROPIC_BASE_URL": base,
            "ANTHROPIC_API_URL": base,
            "OLLAMA_HOST": base,
            "OLLAMA_BASE_URL": base,
            "GROQ_API_BASE": f"{base}/v1",
            "GROQ_BASE_URL": base,
            "LANGFERRY_TAVILY_URL": f"{base}{SEARCHES}",
            "LANGSMITH_TRACING": "false",
            "LANGCHAIN_TRACING_V2": "false",
            # a program may turn tracing on again; nobody listens at that port
            "LANGSMITH_ENDPOINT": "http://127.0.0.1:9",
            **{f"{vendor}_API_KEY": "none" for vendor in VENDORS},
        }

    def _write_crate(self, part: Part, workspace: Path) -> None:
        directory = workspace / part.name
        texts = {
            file.path: read_source(part.known.place / file.path).decode("utf-8")
            for file in part.model.files
        }
        options = codegen.CrateOptions(
            runtime=codegen.runtime_root(), directory=directory, workspace_member=True
        )
        model = msgspec.structs.replace(part.model, name=part.name)
        files = codegen.generate_crate(model, texts, options)
        codegen.write_files(files, directory, force=True)

    def _built(self, workspace: Path) -> dict[str, Path]:
        (workspace / "Cargo.toml").write_text(
            '[workspace]\nresolver = "3"\nmembers = ["*"]\n\n'
            "[profile.dev]\ndebug = false\nincremental = false\n"
        )
        # the same versions for every batch, so that what they have in common is built once
        lock = WORK / "Cargo.lock"
        if lock.is_file():
            shutil.copy(lock, workspace)
        said: list[str] = []
        built = build_workspace(workspace, said.append, WORK / "cargo")
        if (workspace / "Cargo.lock").is_file():
            shutil.copy(workspace / "Cargo.lock", lock)
        return built

    def _crate(self, part: Part, binaries: dict[str, Path]) -> Outcome:
        binary = binaries.get(part.name.replace("_", "-"))
        if binary is None:
            return Outcome("not built", "the crate does not compile")
        cases = part.known.work / "cases.json"
        cases.write_bytes(msgspec.json.encode(part.cases))
        what = ["crate", "--binary", str(binary), "--cases", str(cases)]
        try:
            self._inside(part.known, part.traces, *what)
        except Failure as problem:
            return Outcome("not run", general(problem.diagnostic))
        as_one_node = any(x.code == "LF224" for x in part.model.diagnostics)
        return together(
            [
                self._case(part, number, case, as_one_node)
                for number, case in enumerate(part.cases.cases)
            ]
        )

    def _case(self, part: Part, number: int, case: Case, as_one_node: bool) -> Outcome:
        problem = part.traces / f"{number}.failure.json"
        if problem.is_file():
            told = msgspec.json.decode(problem.read_bytes(), type=Diagnostic)
            return Outcome("crate stops", general(told))
        return compared(
            read_trace(part.known.work / "langgraph" / str(part.number) / f"{number}.jsonl"),
            read_trace(part.traces / f"{number}.jsonl"),
            part.asked[owner(part.number, case)],
            self._proxy.asked(case.name),
            part.asked[""],
            as_one_node,
        )


def _model(known: Known, entry: str | None) -> Program:
    """What the converter understands of the program.

    Raises:
        Failure: it does not, or finds an error in it.
    """
    path = known.place / known.path
    model = analyse(path, entry=entry, root=known.place, cache_dir=WORK / "types")
    errors = [item for item in model.diagnostics if item.severity == "error"]
    if errors:
        raise Failure(errors[0].code, errors[0].message, errors[0].span)
    return model


def _copy(known: Known) -> None:
    for file in known.files:
        target = known.place / file
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(known.source / file, target)
    if known.path.endswith(".ipynb"):
        _as_python(known).write_bytes(read_source(known.place / known.path))


def _as_python(known: Known) -> Path:
    """The program as Python runs it."""
    path = known.place / known.path
    return path.with_name(f"{path.stem}_notebook.py") if path.suffix == ".ipynb" else path


def _row(known: Known, outcome: Outcome) -> str:
    what = f"{outcome.cases} cases, {outcome.requests} requests" if outcome.cases else ""
    bytes_differ = "" if outcome.same_bytes else "in other bytes"
    return f"{known.id}  {outcome.kind:14} {what:22} {outcome.why}{bytes_differ}"


if __name__ == "__main__":
    sys.exit(main())
