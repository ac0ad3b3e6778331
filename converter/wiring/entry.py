"""Finds the graphs that are meant: by an entry expression, or all that the module builds."""

import ast
from collections.abc import Collection
from dataclasses import replace
from typing import TypeGuard

from langferry.converter.module_scope import is_main_guard
from langferry.converter.wiring import instances, names
from langferry.converter.wiring.arguments import ARGUMENT
from langferry.converter.wiring.builder import method
from langferry.converter.wiring.calls import call
from langferry.converter.wiring.expressions import evaluate, lookup
from langferry.converter.wiring.graphs import Builder, Compiled, Place, Whole
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import AGENTS, is_library
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    Const,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    Scope,
    Unknown,
    Value,
)
from langferry.converter.wiring.whole import gives_graph, unread, whole
from langferry.diagnostics import Failure, Span

ENTRY_FILE = "<entry>"

_MAIN_NAMES = ("graph", "app", "workflow", "agent")
"""What the graph that matters is usually called, most usual first."""


def find_entries(run: Interpreter, scope: Scope, entry: str | None) -> list[tuple[str, Compiled]]:
    """The graphs of a program with the expressions they stand for, the main one first.

    A StateGraph that is never compiled counts as compiled. Without an entry expression these are
    the graphs of module level or, when there is none, those that its functions and classes build.

    Raises:
        Failure: LF103 or LF106 when no graph is meant.
    """
    found = _all(run, scope) if entry is None else [(entry, _named(run, scope, entry))]
    for name, compiled in found:
        if not name.startswith("@") and unread(run, compiled) is not None:
            # what the name stands for is certain, however little of the graph is known
            compiled.place, compiled.ordinal = Place(scope.module, None, name), None
    return sorted(found, key=lambda item: _rank(item[0]))


def _all(run: Interpreter, scope: Scope) -> list[tuple[str, Compiled]]:
    found = _of_names(scope) or _of_attributes(scope)
    found = found or _compiled_here(run, scope)
    found = found or _uncompiled(run, scope)
    found = found or _built_by_calls(run, scope)
    if not found:
        raise _none_built(run, scope)
    return found


def _none_built(run: Interpreter, scope: Scope) -> Failure:
    """Why a module builds no graph, as far as that can be told."""
    file = scope.module.file
    for statement in scope.module.tree.body:
        if is_main_guard(statement) and _uses(statement, scope, _GRAPH_MAKERS):
            message = f"{file} builds its graph only when it is run as a script"
            advice = "Build it in a function, and call that there."
            return Failure("LF103", message, scope.module.span(statement), advice)
    for name, value in list(scope.names.items()):
        if not isinstance(value, FunctionValue) or value.module is not scope.module:
            continue
        if _builds_graph(value) and not _needed(value):
            made = _evaluated(run, scope, f"{name}()")
            if isinstance(made, Unknown) and made.reason == f"{name!r} raises an exception":
                message = f"{file} builds no graph: {made.reason}"
                advice = (
                    f"Write a function that does first what `{name}` asks for and then returns what `{name}()` "
                    "gives, and name it with `--entry`."
                )
                return Failure("LF103", message, made.span, advice)
    message = f"{file} builds no graph"
    return Failure("LF103", message, scope.module.start(), _candidates(scope) or None)


def _rank(entry: str) -> int:
    return _MAIN_NAMES.index(entry) if entry in _MAIN_NAMES else len(_MAIN_NAMES)


def _named(run: Interpreter, scope: Scope, entry: str) -> Compiled:
    if entry.startswith("@"):
        # the graph compiled at a line, as `find_entries` names one that no expression reaches
        _built_by_calls(run, scope)
        for compiled in run.graphs:
            if _at(compiled) == entry and compiled.span.file == scope.module.file:
                return compiled
        raise Failure("LF106", f"no graph is compiled at line {entry[1:]}", scope.module.start())
    called = set(run.called)
    value = _evaluated(run, scope, entry)
    if isinstance(value, Unknown):
        run.called = called
        value = dict(_built_by_calls(run, scope)).get(entry, value)
    if not isinstance(value, Builder | Compiled):
        reason = f": {value.reason} ({value.span})" if isinstance(value, Unknown) else ""
        raise Failure(
            "LF106",
            f"{entry!r} is not a graph{reason}",
            value.span if isinstance(value, Unknown) else scope.module.start(),
            _candidates(scope) or None,
        )
    return _compiled(run, value, entry)


def _evaluated(run: Interpreter, scope: Scope, entry: str) -> Value:
    node = _parse(entry)
    outer, run.place = run.place, Place(scope.module, None, entry)
    inner = Scope(scope.module, "module", "", None, scope.names | _HELPERS)
    value = evaluate(run, node, inner)
    run.place = outer
    return value


_HELPERS: dict[str, Value] = {"argument": LibraryValue("langferry.argument")}


def _of_names(scope: Scope) -> list[tuple[str, Compiled]]:
    found: dict[int, tuple[str, Compiled]] = {}
    for name, value in scope.names.items():
        if isinstance(value, Compiled):
            found.setdefault(id(value), (name, value))
    return list(found.values())


def _of_attributes(scope: Scope) -> list[tuple[str, Compiled]]:
    """Graphs that objects of module level hold."""
    found: dict[int, tuple[str, Compiled]] = {}
    for name, owner in scope.names.items():
        if isinstance(owner, InstanceValue):
            for attribute, value in owner.names.items():
                if isinstance(value, Compiled):
                    found.setdefault(id(value), (f"{name}.{attribute}", value))
    return list(found.values())


def _compiled_here(run: Interpreter, scope: Scope) -> list[tuple[str, Compiled]]:
    """Graphs that this module's top-level code compiled and let go of."""
    inner = {id(node.action) for item in run.graphs for node in item.builder.nodes.values()}
    return [
        (_at(compiled), compiled)
        for compiled in run.graphs
        if compiled.span.file == scope.module.file and id(compiled) not in inner
    ]


def _uncompiled(run: Interpreter, scope: Scope) -> list[tuple[str, Compiled]]:
    return [
        (name, _compiled(run, value, name))
        for name, value in scope.names.items()
        if _is_filled(value)
    ]


def _is_filled(value: Value) -> TypeGuard[Builder]:
    """Whether it is a StateGraph that could be compiled."""
    return isinstance(value, Builder) and bool(value.nodes or value.whole)


def _built_by_calls(run: Interpreter, scope: Scope) -> list[tuple[str, Compiled]]:
    """Graphs that the module's functions and classes build when they are called.

    Arguments without a default are left open: they are given when the crate runs. What needs fewer of them
    comes first, as it may call what needs more and know these.
    """
    made = []
    for name, value in list(scope.names.items()):
        inner = value.wraps if isinstance(value, Unknown) else value
        if isinstance(inner, FunctionValue | ClassValue) and inner.module is scope.module:
            made.append((name, inner))
    found: dict[int, tuple[str, Compiled]] = {}
    called = set(run.called)
    for name, inner in sorted(made, key=lambda item: len(_needed_by(item[1]))):
        if _builds_graph(inner) and not _is_one_of(inner, called):
            built = _from_call(run, scope, name, inner)
            # what is called by one that gives no graph may still give one itself
            called |= run.called if built else set()
            for item in built:
                found.setdefault(id(item[1]), item)
    return list(found.values())


def _needed_by(value: FunctionValue | ClassValue) -> list[str]:
    """What a call of a function or class must be given."""
    if isinstance(value, FunctionValue):
        return _needed(value)
    start = instances.method(value, "__init__")
    return [] if start is None else _needed(start)[1:]


def _may_build_graph(member: FunctionValue, members: list[FunctionValue]) -> bool:
    """Whether a method builds a graph, or calls another of the class's that does."""
    asked = {
        item.func.attr
        for item in ast.walk(member.node)
        if isinstance(item, ast.Call) and isinstance(item.func, ast.Attribute)
    }
    return _builds_graph(member) or any(
        x.name in asked and x is not member and _builds_graph(x) for x in members
    )


def _is_one_of(value: FunctionValue | ClassValue, called: set[int]) -> bool:
    return isinstance(value, FunctionValue) and id(value.node) in called


def _from_call(
    run: Interpreter, scope: Scope, name: str, value: FunctionValue | ClassValue
) -> list[tuple[str, Compiled]]:
    before = len(run.graphs)
    entry = _call_text(name, _needed_by(value))
    made = _evaluated(run, scope, entry)
    found = _reached(run, entry, made) or _promised(run, scope, entry, made, value)
    if not found and isinstance(made, InstanceValue):
        members = [x for x in made.cls.scope.names.values() if isinstance(x, FunctionValue)]
        for member in sorted(members, key=lambda x: len(_needed(x))):
            if _may_build_graph(member, members):
                method_entry = f"{entry}.{_call_text(member.name, _needed(member)[1:])}"
                outer, run.place = run.place, Place(scope.module, None, method_entry)
                bound = BoundMethod(made, member.name)
                where = ast.copy_location(ast.Pass(), member.node)
                arguments: dict[str, Value] = {
                    item: _open(item, scope) for item in _needed(member)[1:]
                }
                result = call(run, bound, [], arguments, where, scope)
                run.place = outer
                found += _reached(run, method_entry, result) or _promised(
                    run, scope, method_entry, result, member
                )
            if found:
                break
    # what is compiled on the way and not given back is still a graph of the program
    known = {id(item[1]) for item in found}
    inner = {id(node.action) for item in run.graphs for node in item.builder.nodes.values()}
    if not known:
        for item in run.graphs[before:]:
            if id(item) not in inner and item.span.file == scope.module.file:
                if item.place is not None:
                    item.place = replace(item.place, stops=True)
                found.append((_at(item), item))
    return found


def _open(name: str, scope: Scope) -> Unknown:
    found = Unknown(f"the argument {name!r} is given when the program runs", scope.module.start())
    found.made = (ARGUMENT, None, {"name": Const(name), "kind": Const(None)})
    return found


def _reached(run: Interpreter, entry: str, made: Value) -> list[tuple[str, Compiled]]:
    match made:
        case Compiled():
            return [(entry, made)]
        case Builder() if _is_filled(made):
            return [(entry, _compiled(run, made, entry))]
        case InstanceValue():
            return [
                (f"{entry}.{name}", _compiled(run, value, f"{entry}.{name}"))
                for name, value in made.names.items()
                if isinstance(value, Compiled) or _is_filled(value)
            ][:1]
    return []


def _promised(
    run: Interpreter, scope: Scope, entry: str, made: Value, function: Value
) -> list[tuple[str, Compiled]]:
    """What a function that says it gives a graph gives, when that is all there is to know."""
    if not isinstance(made, Unknown) or not isinstance(function, FunctionValue):
        return []
    return [(entry, whole(run, Whole(made), scope.module))] if gives_graph(run, function) else []


def _needed(function: FunctionValue | None) -> list[str]:
    """The parameters a call must give."""
    if function is None:
        return []
    arguments = function.node.args
    ordinary = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [item.arg for item in ordinary if item.arg not in function.defaults]


def _call_text(name: str, needed: list[str]) -> str:
    return f"{name}({', '.join(f'{item}=argument({item!r})' for item in needed)})"


def _at(compiled: Compiled) -> str:
    return f"@{compiled.span.line}"


def _candidates(scope: Scope) -> str:
    """What `--entry` could name, as a help text."""
    found = []
    for name, value in scope.names.items():
        if isinstance(value, Builder | Compiled):
            found.append(name)
        elif isinstance(value, FunctionValue) and _builds_graph(value) and not _needed(value):
            found.append(f"{name}()")
    return f"Name the graph with `--entry`: {', '.join(found)}." if found else ""


def _builds_graph(value: FunctionValue | ClassValue) -> bool:
    """Whether a call may compile a graph."""
    if isinstance(value, ClassValue):
        members = [x for x in value.scope.names.values() if isinstance(x, FunctionValue)]
        return any(_builds_graph(member) for member in members)
    if names.yields(value.node) and not isinstance(value.node, ast.AsyncFunctionDef):
        return False
    return _uses(value.node, value.scope, {"compile", *_GRAPH_MAKERS})


def _uses(node: ast.AST, scope: Scope, attributes: Collection[str]) -> bool:
    """Whether one of these attributes, or what of the libraries makes graphs, is used in `node`."""
    for item in ast.walk(node):
        if isinstance(item, ast.Attribute) and item.attr in attributes:
            return True
        if isinstance(item, ast.Name) and (
            # imported in the function itself, or elsewhere under any name
            item.id in _GRAPH_MAKERS or is_library(lookup(scope, item.id), *_GRAPH_MAKERS)
        ):
            return True
    return False


_GRAPH_MAKERS = AGENTS | {
    "StateGraph",
    "MessageGraph",
    "create_supervisor",
    "create_swarm",
    "entrypoint",
}
"""What of the libraries gives a compiled graph, or a StateGraph."""


def _compiled(run: Interpreter, value: Value, entry: str) -> Compiled:
    if isinstance(value, Builder):
        node = ast.Call(ast.Name("compile"), [], [], lineno=1, col_offset=0)
        made = method(run, value, "compile", [], {}, node, value.scope)
        assert isinstance(made, Compiled)
        made.span = value.span
        made.place, made.ordinal = Place(run.project.entry, None, entry), None
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
