"""A module's text as the type checker should see it, and where its expressions moved to."""

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

Position = tuple[int, int, int, int]
"""Line, column, end line, end column, as `ast` counts them."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


_OLD_PLACE, _MOVED = "langgraph.constants", frozenset({"Send", "Interrupt"})


class ParameterTypes(msgspec.Struct, frozen=True):
    """What LangGraph passes to the `def` or `lambda` at `line`, `column` of `path`.

    `annotations` maps parameter names to annotations as they would be written there.
    """

    path: str
    line: int
    column: int
    annotations: Mapping[str, str]


class _Double(msgspec.Struct):
    """A lambda's second self: `offset` lines into what stands above `line`."""

    place: tuple[int, int]
    body: Position
    line: int
    offset: int
    column: int


class AnnotatedCopy:
    """The text with annotations put in, and with a function standing in for each lambda.

    The fields of classes on the lines `loose` are annotated with `Any`, where that has as much room. What
    LangGraph still gives by an old name is imported from where the type checker knows it.
    """

    def __init__(
        self, text: str, wanted: Sequence[ParameterTypes], loose: Collection[int] = ()
    ) -> None:
        self._inline: dict[int, list[tuple[int, int]]] = {}
        self._above: dict[int, list[bytes]] = {}
        self._doubles: list[_Double] = []
        self.text = text
        if not wanted and not loose and _OLD_PLACE not in text:
            return
        by_place = {(item.line, item.column): item.annotations for item in wanted}
        original = text.encode().splitlines(keepends=True)
        lines = list(original)
        for node, ancestors in _walk(ast.parse(text), ()):
            if isinstance(node, ast.ImportFrom):
                _tell_moved(node, lines)
            if isinstance(node, ast.AnnAssign) and node.lineno in loose:
                _open(node.annotation, lines)
            if not isinstance(node, Function | ast.Lambda):
                continue
            annotations = by_place.get((node.lineno, node.col_offset))
            if annotations is None:
                continue
            if isinstance(node, ast.Lambda):
                self._double(node, ancestors, annotations, original)
            else:
                self._annotate(node, annotations, lines)
        for line in sorted(self._above, reverse=True):
            lines[line - 1 : line - 1] = self._above[line]
        self.text = b"".join(lines).decode()

    def places(self, at: Position) -> Iterator[Position]:
        """Where an expression of the original stands now: its double first, if it has one."""
        line, column, end_line, end_column = at
        for double in self._doubles:
            top, left, bottom, right = double.body
            if (top, left) <= (line, column) and (end_line, end_column) <= (bottom, right):
                down = self._block(double.line) + double.offset + 2 - top
                yield (line + down, column, end_line + down, end_column)
        yield (*self._shift(line, column), *self._shift(end_line, end_column))

    def definitions(self, line: int, column: int) -> Iterator[tuple[int, int]]:
        """Where the function or lambda that starts there stands now, its double first."""
        for double in self._doubles:
            if double.place == (line, column):
                yield self._block(double.line) + double.offset, double.column
        yield self._shift(line, column)

    def _shift(self, line: int, column: int) -> tuple[int, int]:
        right = sum(length for at, length in self._inline.get(line, ()) if at <= column)
        down = sum(len(block) for at, block in self._above.items() if at <= line)
        return line + down, column + right

    def _block(self, line: int) -> int:
        return self._shift(line, 0)[0] - len(self._above[line])

    def _annotate(self, node: Function, annotations: Mapping[str, str], lines: list[bytes]) -> None:
        for parameter in _parameters(node.args):
            text = annotations.get(parameter.arg)
            if text is None or parameter.annotation is not None:
                continue
            row, at = parameter.lineno, parameter.end_col_offset or 0
            added = f": {text!r}".encode()
            place = self._shift(row, at)[1]
            lines[row - 1] = lines[row - 1][:place] + added + lines[row - 1][place:]
            self._inline.setdefault(row, []).append((at, len(added)))

    def _double(
        self,
        node: ast.Lambda,
        ancestors: Sequence[ast.AST],
        annotations: Mapping[str, str],
        lines: Sequence[bytes],
    ) -> None:
        statement = _statement_to_precede(ancestors)
        line = min(
            (item.lineno for item in getattr(statement, "decorator_list", ())),
            default=statement.lineno,
        )
        indent = lines[line - 1][: statement.col_offset]
        if indent.strip():
            return
        top, left = node.body.lineno, node.body.col_offset
        bottom, right = node.body.end_lineno or top, node.body.end_col_offset or left
        body = list(lines[top - 1 : bottom])
        body[-1] = body[-1][:right] + b"\n"
        # the same columns as in the original, so that only lines move
        body[0] = b" " * left + body[0][left:]
        parameters = ", ".join(
            f"{item.arg}: {annotations[item.arg]!r}" if item.arg in annotations else item.arg
            for item in _parameters(node.args)
        )
        name = f"_langferry_lambda_{node.lineno}_{node.col_offset}"
        block = self._above.setdefault(line, [])
        self._doubles.append(
            _Double(
                (node.lineno, node.col_offset),
                (top, left, bottom, right),
                line,
                len(block),
                statement.col_offset,
            )
        )
        block += [
            indent + f"def {name}({parameters}):\n".encode(),
            indent + b"    return (\n",
            *body,
            indent + b"    )\n",
        ]


def _tell_moved(node: ast.ImportFrom, lines: list[bytes]) -> None:
    """Import what LangGraph has moved from its new place, so that nothing behind the import moves."""
    moved = [alias for alias in node.names if alias.name in _MOVED]
    if node.module != _OLD_PLACE or not moved:
        return
    line = lines[node.lineno - 1]
    if len(moved) == len(node.names):
        old, new = _OLD_PLACE.encode(), b"langgraph.types"
        lines[node.lineno - 1] = line.replace(old, new.ljust(len(old)), 1)
        return
    if line[: node.col_offset].strip():
        return
    for alias in moved:
        # another name stands where it stood
        told, end = lines[alias.lineno - 1], alias.end_col_offset
        assert end is not None
        kept = b"END".ljust(end - alias.col_offset)
        lines[alias.lineno - 1] = told[: alias.col_offset] + kept + told[end:]
    own = f"from langgraph.types import {', '.join(map(ast.unparse, moved))}; ".encode()
    line = lines[node.lineno - 1]
    lines[node.lineno - 1] = line[: node.col_offset] + own + line[node.col_offset :]


def _open(annotation: ast.expr, lines: list[bytes]) -> None:
    """Write `Any` over an annotation, so that nothing else moves."""
    at, end = annotation.col_offset, annotation.end_col_offset or 0
    if annotation.lineno == annotation.end_lineno and end - at >= len(b"Any"):
        line = lines[annotation.lineno - 1]
        lines[annotation.lineno - 1] = line[:at] + b"Any".ljust(end - at) + line[end:]


def _walk(
    node: ast.AST, ancestors: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    yield node, ancestors
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, (*ancestors, node))


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _statement_to_precede(ancestors: Sequence[ast.AST]) -> ast.stmt:
    """The statement a double may stand before: the innermost one outside of class bodies."""
    statements = [node for node in ancestors if isinstance(node, ast.stmt)]
    classes = [i for i, node in enumerate(statements) if isinstance(node, ast.ClassDef)]
    inner = [i for i in classes if not any(isinstance(x, Function) for x in statements[i + 1 : -1])]
    return statements[inner[0]] if inner else statements[-1]
