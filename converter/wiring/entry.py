"""Finds the graph that is meant: by an entry expression, or the only one of the module."""

import ast

from langferry.converter.wiring import names
from langferry.converter.wiring.builder import method
from langferry.converter.wiring.expressions import evaluate
from langferry.converter.wiring.graphs import Builder, Compiled
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import FunctionValue, Scope, Unknown, Value
from langferry.diagnostics import Failure, Span

ENTRY_FILE = "<entry>"


def find_entry(run: Interpreter, scope: Scope, entry: str | None) -> tuple[str, Compiled]:
    """The entry expression and the graph it stands for; a bare StateGraph counts as compiled.

    Raises:
        Failure: LF103, LF104 or LF106 when no graph, or more than one, is meant.
    """
    if entry is None:
        entry = _only_graph(scope)
        return entry, _compiled(run, scope.names[entry], scope)
    node = _parse(entry)
    value = evaluate(run, node, scope)
    if not isinstance(value, Builder | Compiled):
        reason = f": {value.reason} ({value.span})" if isinstance(value, Unknown) else ""
        raise Failure(
            "LF106",
            f"{entry!r} is not a graph{reason}",
            value.span if isinstance(value, Unknown) else scope.module.start(),
            _candidates(scope) or None,
        )
    return entry, _compiled(run, value, scope)


def _only_graph(scope: Scope) -> str:
    found: dict[int, str] = {}
    for name, value in scope.names.items():
        if isinstance(value, Compiled):
            found.setdefault(id(value), name)
    listed = sorted(found.values())
    if len(listed) == 1:
        return listed[0]
    if listed:
        raise Failure(
            "LF104",
            f"{scope.module.file} compiles several graphs: {', '.join(listed)}",
            scope.module.start(),
            f"Name one with `--entry {listed[0]}`.",
        )
    raise Failure(
        "LF103",
        f"{scope.module.file} compiles no graph",
        scope.module.start(),
        _candidates(scope) or None,
    )


def _candidates(scope: Scope) -> str:
    """What `--entry` could name, as a help text."""
    found = []
    for name, value in scope.names.items():
        if isinstance(value, Builder | Compiled):
            found.append(name)
        elif isinstance(value, FunctionValue) and _builds_graph(value):
            found.append(f"{name}()")
    return f"Name the graph with `--entry`: {', '.join(found)}." if found else ""


def _builds_graph(function: FunctionValue) -> bool:
    """Whether a call without arguments may give a graph."""
    needed = [item.arg for item in names.parameters(function.node)]
    if any(name not in function.defaults for name in needed):
        return False
    return any(
        isinstance(item, ast.Name) and item.id == "StateGraph" for item in ast.walk(function.node)
    )


def _compiled(run: Interpreter, value: Value, scope: Scope) -> Compiled:
    if isinstance(value, Builder):
        node = ast.Call(ast.Name("compile"), [], [], lineno=1, col_offset=0)
        made = method(run, value, "compile", [], {}, node, value.scope)
        assert isinstance(made, Compiled)
        made.span = value.span
        return made
    assert isinstance(value, Compiled)
    return value


def _parse(entry: str) -> ast.expr:
    try:
        node = ast.parse(entry.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = Span(ENTRY_FILE, 1, 0, 1, len(entry))
        raise Failure("LF106", f"{entry!r} is not a Python expression", where) from error
    for inner in ast.walk(node):
        # spans of the expression point to the module's first line, which always exists
        ast.copy_location(
            inner, ast.Name("", lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
        )
    return node
