"""LF804: `interrupt` works by an exception, and something around it catches that."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.repeated_effect import INTERRUPT
from langferry.converter.advice.subject import NodeCode, Subject
from langferry.diagnostics import Diagnostic

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
                            yield code.source.finding("LF804", "warning", _MESSAGE, handler)
                        break


_MESSAGE = "this handler catches what `interrupt` raises, so the run goes on without an answer"


def _inside(block: list[ast.stmt], asked: set[ast.Call]) -> bool:
    return any(node in asked for statement in block for node in ast.walk(statement))


def _catches(handler: ast.ExceptHandler, code: NodeCode) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(code.source.name(kind, code.function) in _CATCHING for kind in kinds)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for item in handler.body for node in ast.walk(item))
