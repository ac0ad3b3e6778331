"""Runs Python functions as they are and as generated Rust, on the same inputs.

Each module in `snippets/` holds functions and `CASES`, which maps their names to lists of argument
tuples. All functions go into one crate, which is built once.
"""

import ast
import contextlib
import copy
import importlib.util
import io
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from langferry.codegen.rust.formatting import formatted
from langferry.codegen.rust.functions import emit_function, emit_global
from langferry.codegen.rust.layout import Layout
from langferry.codegen.rust.marks import Marks
from langferry.codegen.rust.rust_file import RustFile
from langferry.converter.lower.program import ProgramLowering
from langferry.converter.lower.refusal import Refusal
from langferry.converter.module_scope import ModuleScope
from langferry.converter.types import infer
from langferry.diagnostics import Span
from langferry.model import types as t
from langferry.model.program import VERSION as MODEL_VERSION
from langferry.model.program import Field, Function, Graph, Parameter, Program, Record

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
RUNTIME = ROOT / "runtime"

_MANIFEST = """[package]
name = "{name}"
version = "0.1.0"
edition = "2024"

[dependencies]
langferry = {{ path = "{runtime}/crates/langferry" }}
serde_json = {{ version = "1", features = ["preserve_order", "float_roundtrip"] }}

[profile.dev]
debug = false

[workspace]
"""

_MAIN = """use std::io::{Read, Write};
use langferry::TraceValue;
use serde_json::{json, Value as Json};

fn call(name: &str, args: &[Json]) -> Result<Json, langferry::Exception> {
    match name {
ARMS
        other => panic!("no function {other}"),
    }
}

fn decode<T: TraceValue>(encoded: &Json) -> T {
    T::from_trace(encoded).unwrap_or_else(|error| panic!("{encoded}: {error}"))
}

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let calls: Vec<(String, Vec<Json>)> = serde_json::from_str(&text).unwrap();
    let mut results = std::fs::File::create(std::env::args().nth(1).unwrap()).unwrap();
    for (name, args) in calls {
        let line = match call(&name, &args) {
            Ok(value) => json!({"value": value}),
            Err(error) => json!({"error": [error.class(), error.message()]}),
        };
        writeln!(results, "{line}").unwrap();
        print!("\0\x1e\0");
        eprint!("\0\x1e\0");
    }
}
"""

_HEAD = re.compile(r"pub fn (\w+)")

_FRAMES = re.compile(r'(?m)^  File ".*\n(    .*\n)+')
"""What a traceback tells of the calls that led there; native code leaves it out."""


class Snippets:
    """The snippet modules of a folder, lowered; they go into a crate of that name."""

    def __init__(self, folder: Path = HERE / "snippets", name: str = "snippets") -> None:
        self._name, self._crate = name, RUNTIME / "target" / name
        paths = sorted(folder.glob("*.py"))
        self.modules = [ModuleScope(p.name, p.stem, p.read_text()) for p in paths]
        self._streams = (sys.stdout, sys.stderr)
        self.python: dict[str, ModuleType] = {p.stem: _loaded(p) for p in paths}
        self.records = [record for module in self.modules for record in _records(module)]
        known = {record.qualified_name: record.id for record in self.records}
        self.types = infer(
            self.modules, [], known.get, [folder], RUNTIME / "target" / "mypy-snippets"
        )
        self.refused: dict[str, str] = {}
        self.why: dict[str, str] = {}
        self.program = self._program()

    def _program(self) -> Program:
        lowering = ProgramLowering(self.modules, self.types, self.records)
        for module in self.modules:
            scope = lowering.scopes[module.name]
            for node in scope.tree.body:
                if isinstance(node, ast.FunctionDef):
                    at = Span(module.path, node.lineno, 0, node.lineno, 0)
                    try:
                        lowering.helper(scope, node, at)
                    except Refusal as refusal:
                        self.refused[f"{module.name}.{node.name}"] = refusal.reason.code
                        self.why[f"{module.name}.{node.name}"] = str(refusal)
        functions = tuple(
            Function(
                id=helper.id,
                name=helper.qualified_name.replace(".", "_"),
                qualified_name=helper.qualified_name,
                roles=("helper",),
                is_async=False,
                parameters=tuple(
                    Parameter(name, kind, "positional", None) for name, kind in helper.parameters
                ),
                returns=helper.returns,
                captures=(),
                doc=helper.doc,
                comments=(),
                span=helper.span,
                disposition="native",
                reasons=(),
                body=helper.body,
                bridge=None,
            )
            for helper in lowering.helpers.values()
        )
        state = self.records[0].id
        at = Span("snippets", 1, 0, 1, 0)
        graph = Graph("g", "g", state, state, state, (), (), (), None, (), (), at)
        return Program(
            version=MODEL_VERSION,
            name="snippets",
            entry="graph",
            entry_module="snippets",
            entry_graph="g",
            input_hash="",
            files=(),
            records=tuple(self.records),
            functions=functions,
            globals=tuple(lowering.globals.values()),
            graphs=(graph,),
            bridge=(),
            entries=(("graph", "g"),),
            diagnostics=(),
        )

    def cases(self) -> list[tuple[str, str, tuple[Any, ...]]]:
        """Module, function and arguments of every case."""
        return [
            (module, name, args)
            for module, python in self.python.items()
            for name, calls in python.CASES.items()
            for args in calls
        ]

    def write(self) -> None:
        """Write the crate, without the functions that have come to be refused."""
        kept = tuple(f for f in self.program.functions if f.qualified_name not in self.refused)
        whole = msgspec.structs.replace(self.program, functions=kept)
        program = msgspec.json.decode(msgspec.json.encode(whole), type=Program)
        layout, marks = Layout(program), Marks()
        file = RustFile(layout, marks, "helpers")
        items = [emit_function(file, function) for function in program.functions]
        constants = RustFile(layout, marks, "globals")
        values = [emit_global(constants, value) for value in program.globals]
        files = {
            "src/helpers.rs": file.imports("\n".join(items)) + "\n\n" + "\n\n".join(items),
            "src/globals.rs": constants.imports("\n".join(values)) + "\n\n" + "\n\n".join(values),
            "src/state.rs": _state_file(layout, marks),
            "src/lib.rs": "pub mod globals;\npub mod helpers;\npub mod state;\n",
            "src/main.rs": "fn main() {}\n",
        }
        plain = {path: marks.strip(text)[0] for path, text in files.items()}
        rust = formatted(plain)
        rust["src/main.rs"] = _MAIN.replace(
            "ARMS",
            "\n".join(
                _arm(layout, f).replace("snippets::", f"{self._name}::") for f in program.functions
            ),
        )
        (self._crate / "src").mkdir(parents=True, exist_ok=True)
        (self._crate / "Cargo.toml").write_text(_MANIFEST.format(runtime=RUNTIME, name=self._name))
        shutil.copy(RUNTIME / "Cargo.lock", self._crate / "Cargo.lock")
        for path, text in rust.items():
            target = self._crate / path
            if not target.exists() or target.read_text() != text:
                target.write_text(text)

    def cargo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run cargo on the crate."""
        return subprocess.run(
            ["cargo", *arguments],
            cwd=self._crate,
            capture_output=True,
            text=True,
            # the runtime's own, so that what it depends on is built once
            env={**os.environ, "CARGO_TARGET_DIR": str(RUNTIME / "target")},
            check=False,
        )

    def built(self) -> dict[str, str]:
        """Build the crate; the errors of functions that do not compile, which are then refused."""
        wrong: dict[str, str] = {}
        while True:
            self.write()
            done = self.cargo("build", "--quiet", "--message-format=json")
            if not done.returncode:
                return wrong
            found = self._errors(done.stdout)
            if not found:
                raise RuntimeError(done.stdout[-4000:] + done.stderr[-4000:])
            wrong |= found
            self.refused |= dict.fromkeys(found, "does not compile")

    def _errors(self, messages: str) -> dict[str, str]:
        """What the compiler says of each function that is wrong, by its qualified name."""
        names = {f.name: f.qualified_name for f in self.program.functions}
        lines = (self._crate / "src/helpers.rs").read_text().splitlines()
        found: dict[str, str] = {}
        for line in messages.splitlines():
            message = json.loads(line).get("message") or {}
            if message.get("level") != "error":
                continue
            for span in message["spans"]:
                above = lines[: span["line_start"]] if span["is_primary"] else []
                heads = [match for text in above if (match := _HEAD.match(text))]
                if heads and heads[-1][1] in names:
                    found.setdefault(names[heads[-1][1]], message["rendered"])
        return found

    def rust_results(self) -> list[Any]:
        """The results of all cases, in order, from the built crate."""
        native = [(m, n, a) for m, n, a in self.cases() if f"{m}.{n}" not in self.refused]
        calls = [[f"{m}.{n}", [encode(arg) for arg in args]] for m, n, args in native]
        binary = RUNTIME / "target" / "debug" / self._name
        results = self._crate / "results.jsonl"
        given = json.dumps(calls).encode()
        done = subprocess.run([binary, results], input=given, capture_output=True, check=False)
        # as it is: reading it as text would make "\n" of every "\r"
        stdout, stderr = done.stdout.decode(), done.stderr.decode()
        assert done.returncode == 0, stderr[-2000:]
        lines = results.read_text().split("\n")[:-1]
        # a function may well print a character that ends nothing by itself
        end = "\0\x1e\0"
        printed = (stdout.split(end)[:-1], stderr.split(end)[:-1])
        return [
            json.loads(line) | {"stdout": out, "stderr": error}
            for line, out, error in zip(lines, *printed, strict=True)
        ]

    def python_results(self) -> list[Any]:
        """The same from CPython."""
        results: list[Any] = []
        # pytest's handlers would take what a program without any writes itself
        logging.getLogger().handlers.clear()
        for module, name, args in self.cases():
            if f"{module}.{name}" in self.refused:
                continue
            out, error_stream = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error_stream):
                handlers = self._redirect_handlers(out, error_stream)
                try:
                    value = getattr(self.python[module], name)(*copy.deepcopy(args))
                    result: dict[str, Any] = {"value": encode(value)}
                except Exception as error:
                    result = {"error": [type(error).__name__, str(error)]}
            for handler, stream in handlers:
                handler.setStream(stream)
            told = {"stdout": out.getvalue(), "stderr": error_stream.getvalue()}
            results.append(
                result | {stream: _FRAMES.sub("", text) for stream, text in told.items()}
            )
        return results

    def _redirect_handlers(
        self, out: io.StringIO, error_stream: io.StringIO
    ) -> list[tuple[logging.StreamHandler[Any], Any]]:
        """Have the handlers of loggers write there, which keep their streams; those that they had."""
        had: list[tuple[logging.StreamHandler[Any], Any]] = []
        for logger in logging.Logger.manager.loggerDict.values():
            for handler in logger.handlers if isinstance(logger, logging.Logger) else ():
                if isinstance(handler, logging.StreamHandler) and handler.stream in self._streams:
                    had.append((handler, handler.stream))
                    handler.setStream(out if handler.stream is self._streams[0] else error_stream)
        return had


def encode(value: Any) -> Any:
    """A value as traces write it."""
    match value:
        case None | bool() | str():
            return value
        case int():
            small = -(2**63) <= value < 2**63
            return value if small else {"$type": "int", "value": str(value)}
        case float():
            if value != value or value in (float("inf"), float("-inf")):
                return {"$type": "float", "value": str(value)}
            return value
        case list():
            return [encode(item) for item in value]
        case tuple():
            return {"$type": "tuple", "items": [encode(item) for item in value]}
        case set():
            items = sorted(map(encode, value), key=_canonical)
            return {"$type": "set", "items": items}
        case dict():
            if all(isinstance(key, str) and key != "$type" for key in value):
                return {key: encode(item) for key, item in value.items()}
            return {"$type": "dict", "items": [[encode(k), encode(v)] for k, v in value.items()]}
    raise TypeError(f"cannot encode {value!r}")


def _canonical(encoded: Any) -> str:
    return json.dumps(encoded, ensure_ascii=False)


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"snippets_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_TYPES: dict[str, t.Type] = {
    "str": t.StrType(),
    "int": t.IntType(),
    "float": t.FloatType(),
    "bool": t.BoolType(),
    "Any": t.AnyType(),
    "list[str]": t.ListType(t.StrType()),
    "list[int]": t.ListType(t.IntType()),
    "str | None": t.OptionalType(t.StrType()),
    "dict[str, int]": t.DictType(t.StrType(), t.IntType()),
}


def _records(module: ModuleScope) -> list[Record]:
    found = []
    for node in ast.parse(module.text).body:
        if isinstance(node, ast.ClassDef):
            at = Span(module.path, node.lineno, 0, node.lineno, 0)
            fields = tuple(
                Field(
                    item.target.id,
                    _TYPES[ast.unparse(item.annotation)],
                    False,
                    None,
                    None,
                    None,
                    at,
                )
                for item in node.body
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
            )
            name = f"{module.name}.{node.name}"
            found.append(Record(node.name, node.name, name, "typed_dict", fields, None, at))
    return found


def _state_file(layout: Layout, marks: Marks) -> str:
    from langferry.codegen.rust.records import state_file

    return state_file(RustFile(layout, marks, "state"))


def _arm(layout: Layout, function: Function) -> str:
    file = RustFile(layout, Marks(), "main")

    def shown(kind: t.Type) -> str:
        text = file.type(kind)
        return f"snippets::state::{text}" if isinstance(kind, t.RecordType) else text

    args = [
        f"{'' if isinstance(p.type, t.BoolType) else '&'}decode::<{shown(p.type)}>(&args[{i}])"
        for i, p in enumerate(function.parameters)
    ]
    name = layout.function_name(function.id)
    called = f"snippets::helpers::{name}({', '.join(args)})"
    return (
        f'        "{function.qualified_name}" => {{ use langferry::prelude::*; '
        f"{called}.map(|value| value.to_trace()) }}"
    )
