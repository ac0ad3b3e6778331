"""Generated crates compile without a warning and do what their programs say.

All of them are members of one workspace that shares its builds with the runtime's own.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from langferry.codegen import CrateOptions, generate_crate, runtime_root, write_files
from langferry.converter import analyse
from langferry.model import Program
from langferry.model import types as t
from langferry.model.program import Reducer
from tests.codegen import programs as p
from tests.types_cache import TYPES_CACHE

pytestmark = pytest.mark.crate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

Source = Callable[[], tuple[Program, dict[str, str]]]

HOSTILE = [
    "quotes \" and ' and \\",
    "braces {} {{ }} {0} {x",
    'raw "# r#"x"# "##',
    "jinja {{ 7 * 7 }} {% raw %} {# no #}",
    '"; panic!("injected"); //',
    "*/ fn main() {} /* //! #![x]",
    "lines\r\nand\ttabs\x00\x0b\u2028\u202e\ue000",
    "été 日本 🦀",
    r"\u{41} \x41 \n",
]


def _hostile() -> Program:
    names = ["type", "self", "a-b", "a_b", "A_b", "update", "clone", "9", "", "é", *HOSTILE]
    state = p.record("State", *(p.field(name, doc=f"{name}\n{name}") for name in names))
    state = p.record("State", *state.fields, name="State", doc="\n".join(HOSTILE))
    texts = dict(zip(names, [*HOSTILE, *(f"<{name}>" for name in names)], strict=False))
    say = p.writer("say", texts, name="say {{ x }}", doc="\n".join(HOSTILE), comments=HOSTILE)
    functions = [say, *(p.chooser(f"go_{n}", target) for n, target in enumerate(HOSTILE))]
    stops = ["__start__", *HOSTILE]
    branches = [
        p.branch(stop, f"go_{n}", {target: target, "{{ 1 }}": "__end__"})
        for n, (stop, target) in enumerate(zip(stops, HOSTILE, strict=False))
    ]
    nodes = [p.node(name, "say") for name in HOSTILE]
    return p.program([state], functions, p.graph(nodes, [], branches), name='a"b{{ x }}')


def _colliding() -> Program:
    """Names that meet once they are Rust, and names that Rust or the prelude has already."""
    names = ["node-1", "node_1", "Node 1", "match", "len", "vec", "crate", "String"]
    ids = ["f", "F", "f_2", "match", "len", "vec", "self", "String"]
    functions = [p.writer(id_, {"log": name}) for id_, name in zip(ids, names, strict=True)]
    log = p.field("log", reducer=Reducer("operator.add"))
    records = [
        p.record("State", log),
        p.record("State2", p.field("inner", t.RecordType("s3")), name="State"),
        p.record("s3", p.field("x"), name="String"),
        p.record("s4", p.field("x"), name="StateUpdate"),
    ]
    nodes = [p.node(name, id_) for name, id_ in zip(names, ids, strict=True)]
    return p.program(records, functions, p.chain(*nodes), name="colliding")


def _bridged() -> Program:
    log = p.field("log", t.ListType(p.STR), Reducer("function", "merge"))
    functions = [
        p.bridged(
            "shout",
            'TAIL = "!\\"#"\n\n\ndef shout(state):\n'
            '    return {"text": state["text"].upper() + TAIL, "log": [state["text"]]}\n',
            doc='Says it """aloud""".',
        ),
        p.bridged("enough", 'def enough(state):\n    return len(state["log"]) > 1\n', "router"),
        p.bridged("merge", "def merge(a, b):\n    return b + a\n", "reducer"),
    ]
    graph = p.graph(
        [p.node("shout", "shout")],
        [p.edge("__start__", "shout")],
        [p.branch("shout", "enough", {True: "__end__", False: "shout"})],
    )
    return p.program([p.record("State", p.field("text"), log)], functions, graph, name="bridged")


def _by_hand(program: Callable[[], Program]) -> Source:
    return lambda: (program(), {p.PATH: p.SOURCE})


def _read(path: Path, entry: str | None = None) -> Source:
    return lambda: (
        analyse(path, entry, cache_dir=TYPES_CACHE),
        {path.name: path.read_bytes().decode()},
    )


def _example(name: str) -> Source:
    return _read(ROOT / "examples" / name / f"{name}.py")


PROGRAMS: dict[str, Source] = {
    "a-b-x": _by_hand(_hostile),
    "approval": _example("approval"),
    "bare": _read(HERE / "bare.py"),
    "bridged": _by_hand(_bridged),
    "colliding": _by_hand(_colliding),
    "functional": _read(HERE / "functional.py"),
    "greeting": _by_hand(p.greeting),
    "hostile": _read(HERE / "hostile.py"),
    "map-reduce": _example("map_reduce"),
    "ticket-triage": _example("ticket_triage"),
}

Run = Callable[..., Any]


def _cargo(workspace: Path, *arguments: str) -> None:
    done = subprocess.run(
        ["cargo", *arguments],
        cwd=workspace,
        env={
            **os.environ,
            "CARGO_TARGET_DIR": str(runtime_root() / "target"),
            "PYO3_PYTHON": sys.executable,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def workspace() -> Path:
    """All crates, built."""
    runtime = runtime_root()
    directory = runtime / "target" / "generated-tests"
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.iterdir():
        if old.is_dir() and old.name not in PROGRAMS:
            shutil.rmtree(old)
    for name, source in PROGRAMS.items():
        options = CrateOptions(runtime, directory / name, workspace_member=True)
        files = generate_crate(*source(), options)
        write_files(files, directory / name, force=True)
    # the runtime's own profile and versions, so that what is built for it is not built again
    profile = (runtime / "Cargo.toml").read_text().partition("\n[profile")
    members = ", ".join(f'"{name}"' for name in PROGRAMS)
    manifest = f'[workspace]\nresolver = "3"\nmembers = [{members}]\n\n{"".join(profile[1:])}'
    (directory / "Cargo.toml").write_text(manifest)
    shutil.copy(runtime / "Cargo.lock", directory / "Cargo.lock")
    _cargo(directory, "build")
    return directory


@pytest.fixture
def run(workspace: Path) -> Run:
    """Runs a crate's graph on an input."""

    def call(crate: str, given: Any, command: str = "run") -> Any:
        done = subprocess.run(
            [runtime_root() / "target" / "debug" / crate, command, "--input", json.dumps(given)],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = [json.loads(line) for line in done.stdout.split("\n") if line]
        return lines[0] if command == "run" else lines

    return call


def test_no_warnings(workspace: Path) -> None:
    _cargo(workspace, "clippy", "--all-targets", "--", "-D", "warnings")


def test_formatted(workspace: Path) -> None:
    _cargo(workspace, "fmt", "--all", "--check")


def test_greeting(run: Run) -> None:
    assert run("greeting", {"text": ""}) == {"text": "hello"}


def test_hostile_texts_come_out_as_data(run: Run) -> None:
    updates = run("a-b-x", {"é": "x"}, "stream")
    assert [list(update) for update in updates] == [[name] for name in HOSTILE]
    names = ["type", "self", "a-b", "a_b", "A_b", "update", "clone", "9", "", "é", *HOSTILE]
    texts = [*HOSTILE, *(f"<{name}>" for name in names)]
    assert updates[0][HOSTILE[0]] == dict(zip(names, texts, strict=False))


def test_a_hostile_source_gives_what_python_gives(run: Run) -> None:
    module: dict[str, Any] = {}
    exec((HERE / "hostile.py").read_text(), module)
    given = {"given": "{x} 'é' \\ \u2028"}
    assert run("hostile", given) == module["graph"].invoke(given)


def test_names_that_collide_stay_apart(run: Run) -> None:
    names = ["node-1", "node_1", "Node 1", "match", "len", "vec", "crate", "String"]
    assert run("colliding", {"log": ""}) == {"log": "".join(names)}


def test_functions_that_stay_python(run: Run) -> None:
    assert run("bridged", {"text": "hi"}) == {"text": 'HI!"#!"#', "log": ['HI!"#', "hi"]}


@pytest.mark.parametrize("text", ["one two", "a b c d e", ""])
def test_a_state_that_is_one_value(run: Run, text: str) -> None:
    module: dict[str, Any] = {}
    exec((HERE / "bare.py").read_text(), module)
    graph, given = module["graph"], {"text": text}
    assert run("bare", given) == graph.invoke(dict(given))
    # later steps change what earlier ones have shown
    told = [json.dumps(x) for x in graph.stream(dict(given), stream_mode="updates")]
    assert [json.dumps(x) for x in run("bare", given, "stream")] == told


def test_a_graph_that_runs_as_one_node(run: Run) -> None:
    assert run("functional", [1, 2]) == [2, 4]
    assert run("functional", [], "stream") == [{"flow": []}]
