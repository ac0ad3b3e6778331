"""The extension target: the program's graphs as a Python module, for callers that stay Python.

The wheel holds a module under the program's own name. Its graphs are Rust; any other name is the program's
own, whose source runs when one is first asked for.
"""

import re
from collections.abc import Mapping

import msgspec

import langferry
from langferry.codegen.files import Files
from langferry.codegen.rust.layout import Layout
from langferry.codegen.rust.literals import string
from langferry.codegen.rust.templating import render
from langferry.diagnostics import Failure
from langferry.model import Program
from langferry.model.program import BridgeModule, SourceFile

_NAME = re.compile(r"[A-Za-z_]\w*")
_FACTORY = re.compile(r"([A-Za-z_]\w*)\(\)")


def with_whole_modules(program: Program, sources: Mapping[str, str]) -> Program:
    """`program` with all of its Python, as callers may ask for any of its names.

    Raises:
        Failure: LF614, it is a notebook, which no Python imports.
    """
    entry = _entry(program)
    if not entry.path.endswith(".py"):
        raise Failure("LF614", f"`{entry.path}` is no module that Python could import")
    modules = tuple(
        BridgeModule(file.module, file.path, file.path.endswith("__init__.py"), sources[file.path])
        for file in program.files
    )
    return msgspec.structs.replace(program, bridge=modules)


def extension_file(layout: Layout) -> str:
    """The text of `src/extension.rs`, which makes the graphs a Python module."""
    graphs = [(string(name), layout.graph(id_)) for name, id_ in _exposed(layout.program).items()]
    return render("extension.rs", graphs=graphs, module=string(_entry(layout.program).module))


def wheel_files(layout: Layout, crate: str) -> Files:
    """The Python of the wheel, and how maturin builds it."""
    program = layout.program
    entry = _entry(program)
    native = f"_{crate}"
    values = {
        "native": native,
        "entry_file": entry.path,
        "version": langferry.__version__,
        "names": [name for name in _exposed(program) if name not in _factories(program)],
        "factories": _factories(program),
    }
    files = {
        f"wheel/{entry.path}": render("wheel_module.py", **values),
        f"wheel/{native}/__init__.py": render("wheel_native.py", **values),
        "pyproject.toml": render("pyproject.toml", package=crate.replace("_", "-"), **values),
    }
    for parent in _parents(program, entry):
        files[f"wheel/{parent.file}"] = parent.source
    return files


def _parents(program: Program, entry: SourceFile) -> list[BridgeModule]:
    """The packages the entry lies in: Python imports them before it."""
    return [m for m in program.bridge if m.is_package and entry.module.startswith(f"{m.name}.")]


def _entry(program: Program) -> SourceFile:
    """The file whose names callers import: the one the entry expression is evaluated in."""
    return next(file for file in program.files if file.module == program.entry_module)


def _exposed(program: Program) -> dict[str, str]:
    """Graph ids by the name that a caller knows: a module's attribute, or a function without arguments.

    Raises:
        Failure: LF614, no graph has such a name.
    """
    found: dict[str, str] = {}
    for expression, graph in program.entries:
        name = _FACTORY.fullmatch(expression) or _NAME.fullmatch(expression)
        if name is not None:
            found.setdefault(name[name.lastindex or 0], graph)
    if not found:
        shown = ", ".join(f"`{expression}`" for expression, _ in program.entries)
        raise Failure(
            "LF614",
            f"no graph is a name of the module, or made by a call without arguments: {shown}",
        )
    return found


def _factories(program: Program) -> list[str]:
    calls = (_FACTORY.fullmatch(expression) for expression, _ in program.entries)
    return [call[1] for call in calls if call is not None]
