"""LF808: a node that is no coroutine itself gives back one, which nobody waits for."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.subject import NodeCode, Subject
from langferry.diagnostics import Diagnostic, Edit, Fix


def unawaited_coroutine(subject: Subject) -> Iterator[Diagnostic]:
    """Results that are calls of asynchronous functions of the program."""
    for code in subject.nodes.values():
        for result in code.results():
            if isinstance(result, ast.Call) and _is_asynchronous(result.func, code, subject):
                message = (
                    f"node {code.name!r} returns a coroutine: LangGraph raises InvalidUpdateError, "
                    f"and `{ast.unparse(result.func)}` never runs"
                )
                fix = _fix(result, code)
                yield code.source.finding("LF808", "warning", message, result, fix)


def _fix(result: ast.Call, code: NodeCode) -> Fix | None:
    """The function itself, where a lambda hands it the state alone and it is there by then."""
    match code.function, result:
        case (
            ast.Lambda(args=ast.arguments(posonlyargs=[], args=[one], vararg=None, kwonlyargs=[])),
            ast.Call(func=ast.Name() as called, args=[ast.Name(id=given)], keywords=[]),
        ) if given == one.arg and not code.function.args.kwarg and not code.function.args.defaults:
            bound = code.source.bound(called, code.function)
            # a node that has no name of its own is called after its function
            if code.name == "<lambda>" or any(x.lineno >= code.function.lineno for x in bound):  # type: ignore[attr-defined]
                return None
            place = code.source.module.span(code.function)
            return Fix("unsafe", f"add `{called.id}` itself", (Edit(place, called.id),))
    return None


def _is_asynchronous(node: ast.expr, code: NodeCode, subject: Subject) -> bool:
    bound = code.source.bound(node, code.function) if isinstance(node, ast.Name) else []
    if len(bound) == 1 and isinstance(bound[0], ast.FunctionDef | ast.AsyncFunctionDef):
        return isinstance(bound[0], ast.AsyncFunctionDef)
    module, _, name = (code.source.name(node, code.function) or "").rpartition(".")
    found = [
        item
        for source in subject.sources
        if source.module.scope.name == module
        for item in source.module.scope.bindings.get(name, [])
    ]
    return len(found) == 1 and isinstance(found[0], ast.AsyncFunctionDef)
