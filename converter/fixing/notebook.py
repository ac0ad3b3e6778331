"""Edits in the cells of a notebook: the texts they are in are written anew, all else of the JSON stays."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from langferry.converter.notebooks import code_cells, python_lines
from langferry.diagnostics import Edit, Failure

_SPACE = re.compile(r"[ \t\r\n]*")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_DECODER = json.JSONDecoder()

Extent = tuple[int, int]
"""Where a value of the JSON starts and ends in its text."""


@dataclass(frozen=True)
class _Cell:
    """A cell with code: its line in the program that the notebook is read as, and its own texts."""

    first: int
    source: str
    parts: list[Extent]
    is_list: bool


def edited_notebook(data: bytes, file: str, edits: Sequence[Edit]) -> bytes:
    """The bytes of the notebook with edits made.

    Raises:
        Failure: LF703, an edit is about a line that stands otherwise in the notebook, or a text of it is
            written in a way of its own.
    """
    text = data.decode("utf-8")
    cells = list(_cells(text, file))
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = _edited(text, file, _cell_of(edit, cells, file), edit)
        # edits come from the last to the first, so that lines are where they were for those that follow
        cells = list(_cells(text, file))
    return text.encode("utf-8")


def _cells(text: str, file: str) -> Iterator[_Cell]:
    whole = _members(text, _SPACE.match(text).end())  # type: ignore[union-attr]
    if "cells" not in whole:
        raise Failure("LF703", f"{file} is a notebook of a format before 4")
    at = _items(text, whole["cells"][0])
    line = 2
    for number, source in code_cells(json.loads(text)):
        members = _members(text, at[number][0])
        if "\r" in source or "source" not in members:
            raise Failure("LF703", f"cell {number} of {file} has newlines of another kind")
        place = members["source"]
        is_list = text[place[0]] == "["
        yield _Cell(line, source, _items(text, place[0]) if is_list else [place], is_list)
        line += source.count("\n") + 2


def _cell_of(edit: Edit, cells: Sequence[_Cell], file: str) -> _Cell:
    span = edit.span
    cell = next(cell for cell in reversed(cells) if cell.first <= span.line)
    own, read = cell.source.split("\n"), python_lines(cell.source)
    last = span.end_line - (span.end_column == 0 and span.end_line > span.line)
    lines = range(span.line - cell.first, last - cell.first + 1)
    if lines[-1] >= len(own) or any(own[line] != read[line] for line in lines):
        raise Failure("LF703", f"{file} holds {span} in another form", span)
    return cell


def _edited(text: str, file: str, cell: _Cell, edit: Edit) -> str:
    start = _offset(cell, edit.span.line, edit.span.column)
    end = _offset(cell, edit.span.end_line, edit.span.end_column)
    values = [json.loads(text[slice(*part)]) for part in cell.parts]
    ends = [sum(map(len, values[: number + 1])) for number in range(len(values))]
    first = next((n for n, upto in enumerate(ends) if start < upto), len(values) - 1)
    last = next(n for n, upto in enumerate(ends) if end <= upto)
    last = max(first, last)
    before = ends[first] - len(values[first])
    old = "".join(values[first : last + 1])
    new = old[: start - before] + edit.text + old[end - before :]
    escaped = [_escapes(text[slice(*part)], file) for part in cell.parts[first : last + 1]]
    # what a JSON of ASCII says of its style is nothing, unless it has escapes
    ascii_only = any(escaped)
    begin, stop = cell.parts[first][0], cell.parts[last][1]
    if not cell.is_list:
        return text[:begin] + json.dumps(new, ensure_ascii=ascii_only) + text[stop:]
    pieces = [json.dumps(piece, ensure_ascii=ascii_only) for piece in _LINES.findall(new)]
    if pieces:
        return text[:begin] + _between(text, cell).join(pieces) + text[stop:]
    # nothing is left of these lines: the comma goes with them
    if first > 0:
        return text[: cell.parts[first - 1][1]] + text[stop:]
    if last < len(values) - 1:
        return text[:begin] + text[cell.parts[last + 1][0] :]
    return text[:begin] + '""' + text[stop:]


def _between(text: str, cell: _Cell) -> str:
    """What stands between two lines of a cell."""
    if len(cell.parts) > 1:
        return text[cell.parts[0][1] : cell.parts[1][0]]
    start = cell.parts[0][0]
    return "," + text[text.rindex("[", 0, start) + 1 : start]


def _escapes(raw: str, file: str) -> bool:
    """Whether a JSON text has characters escaped that need not be."""
    value = json.loads(raw)
    if json.dumps(value, ensure_ascii=False) == raw:
        return False
    if json.dumps(value) == raw:
        return True
    raise Failure("LF703", f"{file} has a line with escapes of another kind")


def _offset(cell: _Cell, line: int, column: int) -> int:
    lines = cell.source.split("\n")
    before = line - cell.first
    # behind the last line there is the cell's end
    if before >= len(lines):
        return len(cell.source)
    return sum(len(item) + 1 for item in lines[:before]) + column


def _members(text: str, at: int) -> dict[str, Extent]:
    """Where the values of an object stand, by their keys."""
    found: dict[str, Extent] = {}
    place = _skip(text, at + 1)
    while text[place] != "}":
        key, place = _DECODER.raw_decode(text, place)
        start = _skip(text, _skip(text, place) + 1)
        _, end = _DECODER.raw_decode(text, start)
        found[key] = start, end
        place = _skip(text, end)
        place = _skip(text, place + 1) if text[place] == "," else place
    return found


def _items(text: str, at: int) -> list[Extent]:
    """Where the items of an array stand."""
    found: list[Extent] = []
    place = _skip(text, at + 1)
    while text[place] != "]":
        _, end = _DECODER.raw_decode(text, place)
        found.append((place, end))
        place = _skip(text, end)
        place = _skip(text, place + 1) if text[place] == "," else place
    return found


def _skip(text: str, at: int) -> int:
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]
