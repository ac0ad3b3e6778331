"""Rewrites the imports of LangGraph in one file; all else stays as it is, byte for byte."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import msgspec

from langferry.codegen.python.names import OURS
from langferry.diagnostics import Failure, Span

_OURS = "langferry.graph"
_BOM = "\ufeff"


class _Edit(msgspec.Struct, frozen=True):
    """Puts `text` in place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def rewritten(text: str, file: str) -> str:
    """`text` with its imports of LangGraph's names taken from `langferry.graph`.

    Raises:
        Failure: LF610, a name is not there; LF611, a whole module is imported.
    """
    if text.startswith(_BOM):
        return _BOM + rewritten(text[len(_BOM) :], file)
    tokens = _Tokens(text)
    edits: list[_Edit] = []
    for statement in _imports(ast.parse(text)):
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if _is_langgraph(alias.name):
                    raise Failure("LF611", f"`import {alias.name}`", _span(statement, file))
        elif statement.level == 0 and _is_langgraph(statement.module or ""):
            edits += _edits(statement, tokens, file)
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _is_langgraph(module: str) -> bool:
    return module.split(".")[0] == "langgraph"


def _span(node: ast.stmt, file: str) -> Span:
    end_line = node.end_lineno or node.lineno
    return Span(file, node.lineno, node.col_offset, end_line, node.end_col_offset or 0)


def _edits(statement: ast.ImportFrom, tokens: "_Tokens", file: str) -> list[_Edit]:
    module = statement.module or ""
    span = _span(statement, file)
    for alias in statement.names:
        if alias.name == "*" or _is_module(f"{module}.{alias.name}"):
            raise Failure("LF611", f"`from {module} import {alias.name}`", span)
        if (module, alias.name) not in OURS:
            raise Failure("LF610", f"`{module}.{alias.name}` is not in {_OURS}", span)
    place = tokens.find(statement)
    start, end, place = tokens.dotted_name(place + 1)
    edits = [_Edit(start, end, _OURS)]
    for alias in statement.names:
        place = tokens.next_name(place + 1, alias.name)
        ours = OURS[module, alias.name]
        if ours != alias.name:
            start, end = tokens.extent(place)
            edits.append(_Edit(start, end, ours if alias.asname else f"{ours} as {alias.name}"))
        if alias.asname is not None:
            # passed over, so that it is not taken for the next name
            place = tokens.next_name(tokens.next_name(place + 1, "as") + 1, alias.asname)
    return edits


def _is_module(name: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for module, _ in OURS)


class _Tokens:
    """The tokens of a text, by number, with their offsets in it."""

    def __init__(self, text: str) -> None:
        self._lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        source = io.StringIO(text, newline="")
        self._tokens = list(tokenize.generate_tokens(source.readline))
        self._places = {token.start: number for number, token in enumerate(self._tokens)}

    def find(self, node: ast.stmt) -> int:
        """The first token of a statement."""
        # the parser counts bytes, the tokenizer characters
        line = self._lines[node.lineno - 1].encode("utf-8")
        return self._places[node.lineno, len(line[: node.col_offset].decode("utf-8"))]

    def extent(self, place: int) -> tuple[int, int]:
        """Where a token starts and ends."""
        token = self._tokens[place]
        return (
            self._starts[token.start[0] - 1] + token.start[1],
            self._starts[token.end[0] - 1] + token.end[1],
        )

    def next_name(self, place: int, name: str) -> int:
        """The first token from `place` on that is `name`."""
        while self._tokens[place].type != tokenize.NAME or self._tokens[place].string != name:
            place += 1
        return place

    def dotted_name(self, place: int) -> tuple[int, int, int]:
        """Where the dotted name before the next `import` starts and ends, and that `import`."""
        end = self.next_name(place, "import")
        return self.extent(place)[0], self.extent(end - 1)[1], end
