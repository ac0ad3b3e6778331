"""The source map: which lines of the crate stand for which stretch of the user's Python.

rustfmt moves code to other lines but writes the same tokens in the same order, but for the imports
at a file's head. So a mark is found again by counting the characters that follow it, leaving out
those that rustfmt adds and removes.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from langferry.codegen.rust.bridged import python_path
from langferry.codegen.rust.layout import Layout
from langferry.codegen.rust.marks import Mark, Marked
from langferry.diagnostics import Failure, Span

_LAYOUT = frozenset(" \t\r\n,;(){}|")


def _offsets(text: str) -> list[int]:
    """Where the characters stand that rustfmt keeps."""
    return [offset for offset, character in enumerate(text) if character not in _LAYOUT]


def lines_after(before: str, after: str, marked: Sequence[Marked]) -> list[tuple[Mark, int, int]]:
    """The first and last line, in `after`, of each stretch marked in `before`.

    Raises:
        Failure: LF609, `after` is not a layout of `before`.
    """
    if not marked:
        return []
    old, new = _offsets(before), _offsets(after)
    shift = len(new) - len(old)
    first = bisect_left(old, min(found.start for found in marked))
    if [before[o] for o in old[first:]] != [after[o] for o in new[first + shift :]]:
        raise Failure("LF609", "rustfmt changed more than the layout of generated code")
    ends = [offset for offset, character in enumerate(after) if character == "\n"]

    def line(place: int) -> int:
        return bisect_left(ends, new[place + shift]) + 1

    return [
        (found.mark, line(start), line(max(start, bisect_left(old, found.end) - 1)))
        for found in marked
        for start in [bisect_left(old, found.start)]
    ]


def entries(
    file: str, found: Sequence[tuple[Mark, int, int]], layout: Layout
) -> Iterator[dict[str, object]]:
    """The entries of one file; a function that is several nodes' has one for each of them."""
    for mark, line, end_line in found:
        for name, channel, nodes in _owners(mark, layout):
            entry: dict[str, object] = {
                "rust": {"file": file, "line": line, "end_line": end_line},
                "python": _place(mark.span),
                "kind": mark.kind,
                "name": name,
                "channel": channel,
            }
            yield entry | ({"nodes": nodes} if nodes else {})


def python_entries(layout: Layout) -> Iterator[dict[str, object]]:
    """The entries of functions that stay Python, whose lines are those of the program."""
    paths = {module.file: python_path(module) for module in layout.program.bridge}
    for function in layout.program.functions:
        span = function.span
        if function.bridge is None or span.file not in paths or not layout.roles(function.id):
            continue
        whole = Span(span.file, span.line, 0, span.end_line + 1, 0)
        mark = Mark(whole, "statement", function.id, None)
        yield from entries(paths[span.file], [(mark, span.line, span.end_line)], layout)


def _owners(mark: Mark, layout: Layout) -> Iterator[tuple[str, str | None, list[str]]]:
    """Who an entry is about: name, channel, and for a router the nodes it leads away from."""
    match mark.kind:
        case "edge":
            yield mark.of, None, []
        case "field":
            yield layout.record(mark.of).name, mark.channel, []
        case "global":
            yield layout.constant_source(mark.of).name, None, []
        case _:
            yield from _function_owners(mark, layout)


def _function_owners(mark: Mark, layout: Layout) -> Iterator[tuple[str, str | None, list[str]]]:
    graphs = layout.program.graphs
    name = layout.function(mark.of).name
    if mark.kind == "router":
        sources = [b.source for g in graphs for b in g.branches if b.router == mark.of]
        yield name, None, list(dict.fromkeys(sources))
    elif mark.kind == "reducer":
        channels = [
            field.name
            for record in layout.program.records
            for field in record.fields
            if field.reducer is not None and field.reducer.function == mark.of
        ]
        for channel in dict.fromkeys(channels):
            yield name, channel, []
    else:
        nodes = [n.name for g in graphs for n in g.nodes if n.function == mark.of]
        for owner in dict.fromkeys(nodes) or [name]:
            yield owner, mark.channel, []


def _place(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def rendered(found: Sequence[dict[str, object]]) -> str:
    """Entries as JSON lines."""
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in found)
