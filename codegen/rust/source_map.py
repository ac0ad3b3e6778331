"""The source map: which lines of the crate stand for which stretch of the user's Python.

rustfmt moves code to other lines but writes the same tokens in the same order, but for the imports
at a file's head. So a mark is found again by counting the characters that follow it, leaving out
those that rustfmt adds and removes.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from langferry.codegen.rust.layout import Layout
from langferry.codegen.rust.marks import Mark, Marked
from langferry.diagnostics import Failure, Span
from langferry.model.program import BridgeSource

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


def bridged_entries(
    file: str, source: BridgeSource, function: str, layout: Layout
) -> Iterator[dict[str, object]]:
    """The entries of a function that stays Python: its lines in the crate, stretch by stretch."""
    runs: list[list[tuple[int, str, int]]] = []
    for row in source.lines:
        here, original, line = row
        last = runs[-1][-1] if runs else None
        if last is not None and (here - 1, original, line - 1) == last:
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        (first, original, start), (last_line, _, end) = run[0], run[-1]
        mark = Mark(Span(original, start, 0, end + 1, 0), "statement", function, None)
        yield from entries(file, [(mark, first, last_line)], layout)


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
