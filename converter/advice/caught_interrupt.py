"""LF804: `interrupt` works by an exception, and something around it catches that."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.imports import Imports
from langferry.converter.advice.repeated_effect import INTERRUPT
from langferry.converter.advice.subject import NodeCode, Source, Subject
from langferry.diagnostics import Diagnostic, Edit, Fix, Span

_CATCHING = frozenset(
    [
        *("builtins.Exception", "builtins.BaseException"),
        *("langgraph.errors.GraphInterrupt", "langgraph.errors.GraphBubbleUp"),
    ]
)


def caught_interrupt(subject: Subject) -> Iterator[Diagnostic]:
    """Handlers that swallow the question of an `interrupt` in their `try`."""
    for code in subject.nodes.values():
        asked = set(code.calls(INTERRUPT))
        for node in code.nodes():
            if isinstance(node, ast.Try) and _inside(node.body, asked):
                for handler in node.handlers:
                    if _catches(handler, code):
                        if not _raises_again(handler):
                            fix = _fix(handler, code.source)
                            yield code.source.finding("LF804", "warning", _MESSAGE, handler, fix)
                        break


_MESSAGE = "this handler catches what `interrupt` raises, so the run goes on without an answer"


def _fix(handler: ast.ExceptHandler, source: Source) -> Fix | None:
    imports = Imports(source, handler.lineno)
    name = imports.name("langgraph.errors", "GraphBubbleUp")
    needed = imports.edits()
    lines, place = source.module.lines, source.module.span(handler)
    indent = lines[place.line - 1][: place.column]
    if needed is None or indent.strip():
        return None
    first = handler.body[0]
    deeper = lines[first.lineno - 1][: source.module.span(first).column]
    if deeper.strip():
        deeper = f"{indent}    "
    start = Span(place.file, place.line, place.column, place.line, place.column)
    text = f"except {name}:\n{deeper}raise\n{indent}"
    message = f"let `{name}` pass before this handler"
    return Fix("unsafe", message, (*needed, Edit(start, text)))


def _inside(block: list[ast.stmt], asked: set[ast.Call]) -> bool:
    return any(node in asked for statement in block for node in ast.walk(statement))


def _catches(handler: ast.ExceptHandler, code: NodeCode) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(code.source.name(kind, code.function) in _CATCHING for kind in kinds)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for item in handler.body for node in ast.walk(item))
