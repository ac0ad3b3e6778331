"""LF802: a node gives back all it was given, and reducers fold it into itself."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.subject import NodeCode, Subject
from langferry.diagnostics import Diagnostic


def whole_state(subject: Subject) -> Iterator[Diagnostic]:
    """Results that are the state itself or begin with it, where a channel has an adding reducer."""
    doubled = [
        field.name
        for field in subject.state.fields
        if field.reducer is not None and field.reducer.kind == "operator.add"
    ]
    if not doubled:
        return
    for code in subject.nodes.values():
        for result in code.results():
            kept = [key for key in doubled if _gives_back(result, key, code)]
            if kept:
                keys = ", ".join("the value" if key == "__root__" else repr(key) for key in kept)
                message = f"{code.name!r} returns the state it was given: {keys} is added to itself"
                yield code.source.finding("LF802", "warning", message, result)


def _gives_back(result: ast.expr, key: str, code: NodeCode) -> bool:
    match result:
        case ast.Name(id=name) if name == code.state:
            return not _renewed(code, name, key)
        case ast.Dict(keys=[None, *keys], values=[ast.Name(id=name), *_]) if name == code.state:
            return not any(isinstance(x, ast.Constant) and x.value == key for x in keys)
    return False


def _renewed(code: NodeCode, state: str, key: str) -> bool:
    """Whether the function sets the key, or binds the name anew: what it gives back then is its own."""
    for node in code.nodes():
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if name == state:
                return True
            case ast.Subscript(
                value=ast.Name(id=name), slice=ast.Constant(value=known), ctx=ast.Store()
            ) if name == state and known == key:
                return True
            case ast.Attribute(value=ast.Name(id=name), attr=known, ctx=ast.Store()) if (
                name == state and known == key
            ):
                return True
    return False
