"""Reads the modules of a program: text, syntax tree and spans. Nothing of it is run."""

import ast
import functools
import hashlib
import io
import re
import sys
import tokenize
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from langferry.converter.module_scope import ModuleScope
from langferry.converter.newer_syntax import python_312
from langferry.converter.notebooks import notebook_source
from langferry.converter.search_path import (
    located,
    module_root,
    needed_root,
    project_folder,
    search_path,
)
from langferry.diagnostics import Diagnostic, Failure, Span

MAX_BYTES = 16 * 1024 * 1024

LIBRARIES = frozenset(sys.stdlib_module_names) | {
    "langchain",
    "langchain_core",
    "langferry",
    "langgraph",
    "langsmith",
    "pydantic",
    "typing_extensions",
}
"""Top-level packages that are never part of the program, whatever lies beside it."""


class SourceModule:
    """One module: `file` is its path relative to the root, `name` its dotted name."""

    def __init__(self, path: Path, file: str, name: str, data: bytes) -> None:
        self.path = path
        self.file = file
        self.name = name
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.text = _decode(data, file)
        self.lines = self.text.split("\n")
        self.is_notebook = path.suffix == ".ipynb"
        self.tree = parse(self.text, file, self.is_notebook)

    @functools.cached_property
    def scope(self) -> ModuleScope:
        """What its names mean."""
        return ModuleScope(self.file, self.name, self.text, self.tree)

    @property
    def is_package(self) -> bool:
        """Whether relative imports count from this module itself."""
        return self.path.name == "__init__.py"

    def span(self, node: ast.AST) -> Span:
        """Where `node` stands, with columns in code points."""
        line = getattr(node, "lineno", 1)
        end_line = getattr(node, "end_lineno", None) or line
        return Span(
            self.file,
            line,
            self._column(line, getattr(node, "col_offset", 0)),
            end_line,
            self._column(end_line, getattr(node, "end_col_offset", None) or 0),
        )

    def start(self) -> Span:
        """The place of findings about the module as a whole."""
        return Span(self.file, 1, 0, 1, 0)

    def _column(self, line: int, offset: int) -> int:
        text = self.lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))


@dataclass(frozen=True)
class Unreadable:
    """A module that cannot be read, and why."""

    path: Path
    file: str
    why: Diagnostic


class Project:
    """A program's modules, read when they are asked for.

    Args:
        entry: the program's file: a module or a notebook.
        root: the folder that spans count from, and above which nothing is looked for; by default
            the lowest one that holds all modules the program imports.
        instead: files that are read as if they held other bytes.

    Raises:
        Failure: LF101, LF102 or LF105 when the entry module cannot be read.
    """

    def __init__(
        self, entry: Path, root: Path | None = None, instead: Mapping[Path, bytes] | None = None
    ) -> None:
        if not entry.is_file():
            what = "is not a regular file" if entry.exists() else "does not exist"
            raise Failure("LF101", f"{entry} {what}")
        entry = entry.resolve()
        top = root.resolve() if root is not None else project_folder(entry)
        if not entry.is_relative_to(top):
            raise Failure("LF101", f"{entry} does not lie under {top}")
        self._instead = instead or {}
        data = read_source(entry, self._instead.get(entry))
        alone = SourceModule(entry, entry.name, entry.stem, data)
        nearest = module_root(entry, alone.tree)
        self.search_path = search_path(nearest, entry, top)
        parts = entry.relative_to(nearest).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        if not all(part.isidentifier() for part in name.split(".")):
            name = _as_identifier(entry.stem)
        self._located: dict[str, Path | None] = {}
        self.modules: dict[str, SourceModule] = {}
        self.unreadable: dict[str, Unreadable] = {}
        """Modules that are imported but are no Python this tool reads."""
        self.root = top if root is not None else needed_root(entry, alone.tree, self.search_path)
        file = entry.relative_to(self.root).as_posix()
        self.entry = self.modules[name] = SourceModule(entry, file, name, data)

    def find(self, name: str) -> SourceModule | None:
        """The module of this dotted name, if it is part of the program and can be read."""
        if name in self.modules:
            return self.modules[name]
        if name.split(".")[0] in LIBRARIES:
            return None
        if name not in self._located:
            self._located[name] = located(name, self.search_path)
        path = self._located[name]
        if path is None or not path.is_relative_to(self.root) or name in self.unreadable:
            return None
        file = path.relative_to(self.root).as_posix()
        try:
            data = read_source(path, self._instead.get(path))
            module = SourceModule(path, file, name, data)
        except Failure as failure:
            # a later Python's syntax, say: what it means is not known, but it can still be run
            self.unreadable[name] = Unreadable(path, file, failure.diagnostic)
            return None
        self.modules[name] = module
        return module

    def is_folder(self, name: str) -> bool:
        """Whether `name` is a folder of the program without code of its own."""
        parts = name.split(".")
        return parts[0] not in LIBRARIES and any(
            folder.joinpath(*parts).is_dir() for folder in self.search_path
        )


def read_source(path: Path, instead: bytes | None = None) -> bytes:
    """The Python in a file, notebooks included, as bytes; of other bytes `instead` of the file's.

    Raises:
        Failure: LF101 when it cannot be read or is no notebook, LF105 when it is too large.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Failure("LF105", f"{path} is larger than {MAX_BYTES // 1024 // 1024} MB")
        data = path.read_bytes() if instead is None else instead
    except OSError as error:
        raise Failure("LF101", f"{path} cannot be read: {error.strerror}") from error
    if path.suffix != ".ipynb":
        return data
    try:
        return notebook_source(data.decode("utf-8")).encode("utf-8")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Failure("LF101", f"{path} is not a notebook: {error}") from error


def _as_identifier(stem: str) -> str:
    name = re.sub(r"\W", "_", stem)
    return f"_{name}" if name[:1].isdigit() else name


def parse(text: str, file: str, is_notebook: bool = False) -> ast.Module:
    """The syntax tree of `text`; a notebook may `await` outside of functions.

    Raises:
        Failure: LF102 when it is not Python, LF105 when it is nested too deeply.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # the parser alone lets pass what the compiler calls a syntax error
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if is_notebook else 0
            compile(text, file, "exec", flags, dont_inherit=True)
            return ast.parse(text, file)
    except SyntaxError as error:
        newer = python_312(text) if sys.version_info < (3, 12) else None
        if newer is not None:
            running = ".".join(map(str, sys.version_info[:2]))
            message = f"{newer.form} needs Python 3.12, and langferry runs on Python {running} here"
            where = Span(file, newer.line, 0, newer.line, 0)
            hint = "Install langferry with the Python that runs the program, 3.12 or later."
            raise Failure("LF102", message, where, hint) from error
        raise Failure("LF102", error.msg, _error_span(error, text, file)) from error
    except (RecursionError, MemoryError) as error:
        raise Failure("LF105", f"{file} is nested too deeply", Span(file, 1, 0, 1, 0)) from error
    except ValueError as error:
        raise Failure("LF102", str(error), Span(file, 1, 0, 1, 0)) from error


def _error_span(error: SyntaxError, text: str, file: str) -> Span:
    lines = text.count("\n") + 1
    line = min(max(error.lineno or 1, 1), lines)
    column = max((error.offset or 1) - 1, 0)
    end_line = min(max(error.end_lineno or line, line), lines)
    end_column = max((error.end_offset or 0) - 1, 0)
    if (end_line, end_column) < (line, column):
        end_line, end_column = line, column
    return Span(file, line, column, end_line, end_column)


def _decode(data: bytes, file: str) -> str:
    where = Span(file, 1, 0, 1, 0)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Failure("LF101", f"{file} contains null bytes", Span(file, line, 0, line, 0))
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise Failure("LF101", f"{file} is not text: {error}", where) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
