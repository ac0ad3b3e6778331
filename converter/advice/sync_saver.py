"""LF806: a saver that can only be waited for, in a graph that is awaited."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.subject import Subject
from langferry.diagnostics import Diagnostic, Fix

_SYNC = {
    "langgraph.checkpoint.sqlite.SqliteSaver": "AsyncSqliteSaver",
    "langgraph.checkpoint.postgres.PostgresSaver": "AsyncPostgresSaver",
}
_AWAITED = frozenset({"ainvoke", "astream", "astream_events", "abatch", "aget_state"})


def sync_saver(subject: Subject) -> Iterator[Diagnostic]:
    """Savers whose asynchronous methods raise, where the program awaits its graph.

    One that knows the asynchronous class as well has a graph for each, and the names do not tell which.
    """
    if not _is_awaited(subject) or _names(subject, set(_SYNC.values())):
        return
    for source in subject.sources:
        if not any(name.rpartition(".")[2] in source.module.text for name in _SYNC):
            continue
        for node in source.module.scope.nodes:
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                name = source.name(node)
                if name in _SYNC:
                    message = (
                        f"`{name.rpartition('.')[2]}` has no asynchronous methods, and the graph is "
                        f"awaited: use `{_SYNC[name]}`"
                    )
                    new = f"{name.rpartition('.')[0]}.aio.{_SYNC[name]}"
                    step = f"compile the graph with what `async with {new}.from_conn_string(...)` gives"
                    fix = Fix("manual", step)
                    yield source.finding("LF806", "warning", message, node, fix)


def _names(subject: Subject, names: set[str]) -> bool:
    return any(
        isinstance(node, ast.alias) and node.name in names
        for source in subject.sources
        for node in source.module.scope.nodes
    )


def _is_awaited(subject: Subject) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in _AWAITED
        and isinstance(node.value, ast.Name)
        and node.value.id in subject.entries
        for source in subject.sources
        for node in source.module.scope.nodes
    )
