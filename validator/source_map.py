"""Finds where a piece of generated Rust stands, and the Python it came from.

A crate's `source_map.jsonl` has one entry a line, as the generator writes it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from langferry.diagnostics import Failure, Span

Kind = Literal[
    "node", "router", "reducer", "helper", "field", "global", "edge", "statement", "write"
]


class RustPlace(msgspec.Struct, frozen=True):
    """Lines of a generated file, relative to the crate."""

    file: str
    line: int
    end_line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Entry(msgspec.Struct, frozen=True):
    """A piece of Rust and its Python.

    Attributes:
        rust: where it stands in the crate.
        python: where it came from.
        kind: what it is.
        name: the node it belongs to; for a router or a reducer its function.
        channel: the channel it writes or reduces, if it does.
        nodes: for a router, the nodes it leads away from.
    """

    rust: RustPlace
    python: Span
    kind: Kind
    name: str
    channel: str | None = None
    nodes: list[str] = []


class SourceMap:
    """The entries of one crate."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = list(entries)

    @classmethod
    def read(cls, crate: Path) -> "SourceMap":
        """The map of the crate in the directory `crate`; empty when there is none.

        Raises:
            Failure: LF511, a line is no entry.
        """
        path = crate / "source_map.jsonl"
        if not path.exists():
            return cls()
        entries = []
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                entries.append(msgspec.json.decode(line, type=Entry))
            except msgspec.DecodeError as error:
                raise Failure("LF511", f"{path} line {number}: {error}") from error
        return cls(entries)

    def program_root(self, program: Path) -> Path:
        """The folder that the files of the program, one of which is `program`, are named from."""
        files = {entry.python.file for entry in self.entries}
        above = program.resolve().parents
        roots = (root for root in above if all((root / file).is_file() for file in files))
        return next(roots, above[0])

    def of_write(self, node: str, channel: str | None) -> list[Entry]:
        """Where `node` writes `channel`, finest first, and at last the node itself."""
        writes = [
            entry
            for entry in self.entries
            if entry.name == node
            and channel is not None
            and entry.channel == channel
            and entry.kind not in ("router", "reducer")
        ]
        return [*_finest_first(writes), *self.of_node(node)]

    def of_reduction(self, channel: str | None) -> list[Entry]:
        """The reducer of `channel`."""
        return _finest_first(
            entry
            for entry in self.entries
            if entry.kind == "reducer" and channel is not None and entry.channel == channel
        )

    def of_routing(self, sources: list[str]) -> list[Entry]:
        """What decides where `sources` lead: their routers and edges, and the nodes themselves."""
        named = [
            entry
            for kind in ("router", "edge")
            for entry in _finest_first(e for e in self.entries if e.kind == kind)
            if set(sources) & {entry.name, *entry.nodes}
        ]
        return [*named, *(e for node in sources for e in self.of_node(node))]

    def of_node(self, node: str) -> list[Entry]:
        """The node's function."""
        return _finest_first(e for e in self.entries if e.kind == "node" and e.name == node)


def _finest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.rust.end_line - entry.rust.line)
