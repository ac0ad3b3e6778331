"""LF802: a node gives back all it was given, and reducers fold it into itself."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.subject import NodeCode, Subject
from langferry.diagnostics import Diagnostic, Edit, Fix, Span
from langferry.model.mutators import MUTATORS


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
                yield code.source.finding("LF802", "warning", message, result, _fix(result, code))


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


def _fix(result: ast.expr, code: NodeCode) -> Fix | None:
    """The update that is meant, where it is plain what the function changes."""
    changed = _changed(code)
    if changed is None:
        return None
    source, place = code.source, code.source.module.span(result)
    match result:
        case ast.Name(id=state):
            keys = [f'"{key}"' if key.isidentifier() else repr(key) for key in changed]
            text = f"{{{', '.join(f'{key}: {state}[{key}]' for key in keys)}}}"
            return Fix("unsafe", "return the keys that are set here", (Edit(place, text),))
        case ast.Dict(keys=[None, ast.expr() as first, *_]) if not changed:
            before = source.module.span(first)
            spread = Span(place.file, place.line, place.column, before.line, before.column)
            text = source.text(spread)
            # a comment between them may be about either
            if "#" not in text:
                kept = text[: text.index("**")]
                return Fix("unsafe", "leave out the state", (Edit(spread, kept),))
    return None


def _changed(code: NodeCode) -> list[str] | None:
    """The keys that the function certainly sets, in order; None where it may change the state otherwise."""
    function = code.function
    if isinstance(function, ast.Lambda):
        return []
    last = function.body[-1]
    parents = {
        inner: outer for outer in ast.walk(function) for inner in ast.iter_child_nodes(outer)
    }
    keys: dict[str, None] = {}
    for node in ast.walk(function):
        if not (isinstance(node, ast.Name) and node.id == code.state):
            continue
        around = parents[node]
        match around:
            case ast.Return() if around is last:
                continue
            case ast.Dict(keys=[None, *_], values=[first, *_]) if first is node:
                continue
            case ast.Attribute(attr="get", ctx=ast.Load()) if isinstance(parents[around], ast.Call):
                continue
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Store()):
                # what only some ways set, or what a loop sets, is not certain
                if parents[around] not in function.body:
                    return None
                keys[key] = None
            case ast.Subscript(slice=ast.Constant(value=str()), ctx=ast.Load()):
                if _may_change(around, parents):
                    return None
            case _:
                return None
    return list(keys)


def _may_change(value: ast.Subscript, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a value of the state is changed in place, or gets a name by which it may be."""
    match parents[value]:
        case ast.Attribute(attr=method, ctx=ast.Load()):
            return method in MUTATORS
        case ast.Attribute() | ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() | ast.withitem():
            return True
    return False
