"""Runs statements abstractly: assignments, branches, loops, definitions."""

import ast
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langferry.converter.wiring import environment, names
from langferry.converter.wiring.calls import call
from langferry.converter.wiring.expressions import (
    INSIDES,
    binary,
    evaluate,
    function_value,
    iterate,
    truth,
    unknown,
)
from langferry.converter.wiring.graphs import Builder, Compiled
from langferry.converter.wiring.interpreter import taint
from langferry.converter.wiring.library import TRANSPARENT
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    DictValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    ListValue,
    ModuleValue,
    PartialValue,
    Scope,
    TupleValue,
    Unknown,
    Value,
    is_plain,
    plain,
)

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

CERTAIN_PACKAGES = frozenset(
    {"langgraph", "langferry", "langchain_core", "pydantic", "typing_extensions", "langsmith"}
)
"""Packages that are there wherever LangGraph is, so that importing them cannot fail."""


_MEANT = CERTAIN_PACKAGES | {"builtins", "operator", "typing", "functools", "dataclasses"}
"""Packages whose names must keep their meaning for the wiring to be read."""


@dataclass(slots=True)
class Left:
    """How a block was left early: "return", "break", "continue" or "raise"."""

    kind: str
    value: Value


def run_block(run: "Interpreter", body: list[ast.stmt], scope: Scope) -> Left | None:
    """Run statements until the end or until one leaves the block.

    Raises:
        Failure: LF107 when the budget is used up.
    """
    for statement in body:
        run.step(statement, scope.module)
        left = _run(run, statement, scope)
        if left is not None:
            return left
    return None


def bind_name(run: "Interpreter", name: str, value: Value, scope: Scope) -> None:
    """`name = value`; what is bound in doubt is not known afterwards."""
    if name in scope.global_names:
        scope = scope.top
    elif name in scope.nonlocal_names:
        holder = scope.parent
        while holder is not None and not (holder.kind == "function" and name in holder.names):
            holder = holder.parent
        scope = holder or scope
    if name not in scope.names:
        scope.bound_at[name] = run.now()
    doubt = run.doubt
    if doubt is not None and scope.kind != "module":
        # a name that is new has no other value that it may have kept
        doubt = run.doubts(max(scope.made_at, scope.bound_at.get(name, 0)))
    if doubt is not None:
        # it may as well be what it was before
        value = value.other() if isinstance(value, Unknown) else Unknown(doubt.reason, doubt.span)
    scope.names[name] = value


def assign(run: "Interpreter", target: ast.expr, value: Value, scope: Scope) -> None:
    """`target = value` for any kind of target."""
    match target:
        case ast.Name(id=name):
            bind_name(run, name, value, scope)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            _unpack(run, targets, value, target, scope)
        case ast.Starred(value=inner):
            assign(run, inner, value, scope)
        case ast.Attribute(value=inner, attr=name):
            set_attribute(run, evaluate(run, inner, scope), name, value, target, scope)
        case ast.Subscript(value=inner, slice=index):
            container, key = evaluate(run, inner, scope), evaluate(run, index, scope)
            environment.note_item(run, container, key, value, target, scope)
            _set_item(run, container, key, value, target, scope)


def _run(run: "Interpreter", statement: ast.stmt, scope: Scope) -> Left | None:
    match statement:
        case ast.Expr(value=value):
            evaluate(run, value, scope)
        case ast.Assign(targets=targets, value=value):
            found = evaluate(run, value, scope)
            for target in targets:
                assign(run, target, found, scope)
        case ast.AnnAssign(target=target, value=value):
            if value is not None:
                assign(run, target, evaluate(run, value, scope), scope)
        case ast.AugAssign():
            _augment(run, statement, scope)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            _define(run, statement, function_value(run, statement, scope), scope)
        case ast.ClassDef():
            from langferry.converter.wiring.schemas import class_value

            _define(run, statement, class_value(run, statement, scope), scope)
        case ast.Import() | ast.ImportFrom():
            _import(run, statement, scope)
        case ast.If(test=test, body=body, orelse=orelse):
            return _if(run, test, body, orelse, scope)
        case ast.For() | ast.AsyncFor():
            return _for(run, statement, scope)
        case ast.While():
            return _while(run, statement, scope)
        case ast.Return(value=value):
            return Left("return", Const(None) if value is None else evaluate(run, value, scope))
        case ast.Raise():
            return Left("raise", unknown("an exception is raised", statement, scope))
        case ast.Break():
            return Left("break", Const(None))
        case ast.Continue():
            return Left("continue", Const(None))
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            for item in items:
                found = evaluate(run, item.context_expr, scope)
                if item.optional_vars is not None:
                    entered = unknown(
                        "what a context manager gives is not known", item.context_expr, scope
                    )
                    assign(run, item.optional_vars, entered, scope)
                taint(
                    found,
                    unknown("a context manager may have changed it", item.context_expr, scope),
                )
            return run_block(run, body, scope)
        case ast.Try() | ast.TryStar():
            return _try(run, statement, scope)
        case ast.Delete(targets=targets):
            for target in targets:
                _delete(run, target, scope)
        case ast.Match(cases=cases):
            why = unknown("which case matches is not evaluated", statement, scope)
            blocks = [case.body for case in cases]
            for name in names.bound(cases):
                bind_name(run, name, why, scope)
            return _maybe(run, why, blocks, scope)
        case ast.Pass() | ast.Global() | ast.Nonlocal() | ast.Assert():
            pass
        case _:
            why = unknown(f"{type(statement).__name__} is not evaluated", statement, scope)
            with run.doubting(why):
                for name in names.bound([statement]):
                    bind_name(run, name, why, scope)
                _maybe(run, why, [getattr(statement, "body", [])], scope)
    return None


def _maybe(
    run: "Interpreter", why: Unknown, blocks: list[list[ast.stmt]], scope: Scope
) -> Left | None:
    """Run blocks that may or may not run. If one of them leaves, all that follows is in doubt."""
    for block in blocks:
        outer, run.may_return = run.may_return, False
        with run.doubting(why):
            left = run_block(run, block, scope)
        returns = run.may_return or (left is not None and left.kind == "return")
        run.may_return = outer
        # stays set until the loop ends, or the function that is being called returns
        if returns:
            run.may_have_left(why)
        elif (
            left is not None
            and left.kind != "raise"
            and (run.doubt is None or run.doubt.passed is not None)
        ):
            run.doubt = why
    return None


def _if(
    run: "Interpreter", test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt], scope: Scope
) -> Left | None:
    found = evaluate(run, test, scope)
    decided = truth(found)
    if decided is None:
        why = unknown("it depends on a condition that is not known", test, scope)
        return _maybe(run, why, [body, orelse], scope)
    return run_block(run, body if decided else orelse, scope)


def _for(run: "Interpreter", statement: ast.For | ast.AsyncFor, scope: Scope) -> Left | None:
    iterable = evaluate(run, statement.iter, scope)
    items = None if isinstance(statement, ast.AsyncFor) else iterate(iterable)
    if items is None:
        why = unknown("what the loop iterates over is not known", statement.iter, scope)
        assign(run, statement.target, why, scope)
        return _maybe(run, why, [statement.body, statement.orelse], scope)
    before = run.doubt
    position = 0
    while position < len(items):
        run.step(statement, scope.module)
        assign(run, statement.target, items[position], scope)
        position += 1
        left = run_block(run, statement.body, scope)
        if left is not None and left.kind != "continue":
            return None if left.kind == "break" else left
    if not run.may_return:
        run.doubt = before
    return run_block(run, statement.orelse, scope)


def _while(run: "Interpreter", statement: ast.While, scope: Scope) -> Left | None:
    before = run.doubt
    while True:
        run.step(statement, scope.module)
        decided = truth(evaluate(run, statement.test, scope))
        if decided is None:
            why = unknown("how often the loop runs is not known", statement.test, scope)
            _forget(run, statement.body, why, scope)
            return _maybe(run, why, [statement.body, statement.orelse], scope)
        if not decided:
            return run_block(run, statement.orelse, scope)
        left = run_block(run, statement.body, scope)
        if left is not None and left.kind != "continue":
            return None if left.kind == "break" else left
        if run.doubt is not None:
            # a doubtful `break` must not turn this into an endless loop
            _forget(run, statement.body, run.doubt, scope)
            if not run.may_return:
                run.doubt = before
            return None


def _forget(run: "Interpreter", body: list[ast.stmt], why: Unknown, scope: Scope) -> None:
    for name in names.bound(body):
        bind_name(run, name, why, scope)


def _try(run: "Interpreter", statement: ast.Try | ast.TryStar, scope: Scope) -> Left | None:
    before = run.raised
    left = run_block(run, statement.body, scope)
    surely_raises = left is not None and left.kind == "raise"
    if run.raised > before or surely_raises:
        why = unknown("it depends on whether an exception is raised", statement, scope)
        for handler in statement.handlers:
            if handler.name is not None:
                bind_name(run, handler.name, why, scope)
        _maybe(run, why, [handler.body for handler in statement.handlers], scope)
        if surely_raises:
            left = None
    if left is None:
        left = run_block(run, statement.orelse, scope)
    return run_block(run, statement.finalbody, scope) or left


def _define(
    run: "Interpreter",
    statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
    value: Value,
    scope: Scope,
) -> None:
    from langferry.converter.wiring.schemas import decorated_class

    for decorator in reversed(statement.decorator_list):
        applied = evaluate(run, decorator, scope)
        if isinstance(statement, ast.ClassDef):
            value = decorated_class(value, applied, decorator, scope)
        elif isinstance(value, FunctionValue) and (
            value.node is not statement and _is_told_by_text(applied)
        ):
            # of another function than stands here its text does not say so
            why = unknown(f"{statement.name!r} is not called each time", decorator, scope)
            why.wraps, value = value, why
        elif isinstance(value, FunctionValue) and _binds_differently(value, applied):
            continue
        else:
            inner = value
            value = call(run, applied, [value], {}, decorator, scope)
            if isinstance(value, Unknown):
                value = unknown(
                    f"what the decorator makes of {statement.name!r} is not known", decorator, scope
                )
                if isinstance(inner, FunctionValue) and inner.node is statement:
                    value.wraps = inner
    bind_name(run, statement.name, value, scope)


def _is_told_by_text(decorator: Value) -> bool:
    """Whether it is seen by the text of a function only that a decorator calls it less or more often."""
    return isinstance(decorator, LibraryValue) and decorator.name in _TOLD_BY_TEXT


_TOLD_BY_TEXT = frozenset(
    {"tenacity.retry", "functools.cache", "functools.cached_property", "functools.lru_cache"}
)


def _binds_differently(function: FunctionValue, decorator: Value) -> bool:
    """Note how the function is bound when its decorator only changes that."""
    match decorator:
        case LibraryValue("builtins.staticmethod" | "builtins.classmethod" | "builtins.property"):
            function.binding = decorator.name.removeprefix("builtins.").removesuffix("method")
            return True
        case LibraryValue("pydantic.computed_field"):
            # which makes a property of what is none yet
            function.binding = "property"
            return True
        case LibraryValue("functools.cached_property"):
            function.binding, function.is_kept = "property", True
            return True
        case LibraryValue("tenacity.retry"):
            function.is_retried = True
            return True
        case LibraryValue(name) if name in TRANSPARENT:
            return True
    return False


def _import(run: "Interpreter", statement: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    where = scope.module.span(statement)
    if isinstance(statement, ast.Import):
        for item in statement.names:
            _note_import(run, item.name)
            found = run.imported(item.name, where)
            if item.asname is not None:
                bind_name(run, item.asname, found, scope)
            else:
                first = item.name.split(".")[0]
                bind_name(run, first, run.imported(first, where), scope)
        return
    base = absolute_import(statement, scope)
    if base is None:
        why = unknown("the relative import leaves the program", statement, scope)
        for item in statement.names:
            bind_name(run, item.asname or item.name, why, scope)
        return
    if base == "__future__":
        return
    _note_import(run, base)
    for item in statement.names:
        if item.name == "*":
            _import_star(run, base, statement, scope)
        else:
            found = run.attribute_of_import(base, item.name, where)
            bind_name(run, item.asname or item.name, found, scope)


def _note_import(run: "Interpreter", dotted: str) -> None:
    first = dotted.split(".")[0]
    certain = first in CERTAIN_PACKAGES or first in sys.stdlib_module_names
    if not certain and run.project.find(first) is None and not run.project.is_folder(first):
        run.raised += 1


def _import_star(run: "Interpreter", base: str, statement: ast.AST, scope: Scope) -> None:
    found = run.imported(base, scope.module.span(statement))
    if not isinstance(found, ModuleValue):
        run.broken = run.broken or unknown(
            f"which names `from {base} import *` binds is not known", statement, scope
        )
        return
    exported = found.scope.names.get("__all__")
    if exported is not None and is_plain(exported):
        listed = [str(name) for name in plain(exported)]
    else:
        listed = [name for name in found.scope.names if not name.startswith("_")]
    for name in listed:
        value = found.scope.names.get(name)
        if value is not None:
            bind_name(run, name, value, scope)


def absolute_import(statement: ast.ImportFrom, scope: Scope) -> str | None:
    """The dotted name a `from` import means; None when it leads out of the program."""
    if not statement.level:
        return statement.module or ""
    parts = scope.module.name.split(".")
    drop = statement.level - (1 if scope.module.is_package else 0)
    if drop >= len(parts) + (1 if scope.module.is_package else 0) or len(parts) - drop < 1:
        return None
    base = parts[: len(parts) - drop]
    return ".".join([*base, statement.module] if statement.module else base)


def _unpack(
    run: "Interpreter", targets: list[ast.expr], value: Value, node: ast.AST, scope: Scope
) -> None:
    items = iterate(value)
    starred = [i for i, target in enumerate(targets) if isinstance(target, ast.Starred)]
    if items is not None:
        items = list(items)
        if starred and len(items) >= len(targets) - 1:
            at, after = starred[0], len(targets) - starred[0] - 1
            middle: Value = ListValue(items[at : len(items) - after])
            items = [*items[:at], middle, *items[len(items) - after :]]
        if len(items) == len(targets):
            for target, item in zip(targets, items, strict=True):
                assign(run, target, item, scope)
            return
    why = unknown("it cannot be unpacked", node, scope)
    for target in targets:
        assign(run, target, value.other() if isinstance(value, Unknown) else why, scope)


def set_attribute(
    run: "Interpreter", owner: Value, name: str, value: Value, node: ast.AST, scope: Scope
) -> None:
    """`owner.name = value`."""
    why = unknown(f"its attribute {name!r} is set", node, scope)
    if isinstance(owner, ModuleValue):
        bind_name(run, name, value, owner.scope)
    elif isinstance(owner, LibraryValue):
        if owner.name.split(".")[0] in _MEANT:
            run.broken = run.broken or unknown(
                f"the library's {owner.name}.{name} is replaced", node, scope
            )
    elif isinstance(owner, InstanceValue):
        owner.names[name] = Unknown(run.doubt.reason, run.doubt.span) if run.doubt else value
    elif isinstance(owner, Builder) and name not in INSIDES:
        # LangGraph itself reads no attribute that the program makes up
        pass
    elif isinstance(owner, Compiled):
        # a graph that is compiled keeps its shape; its name is all of it that is carried over
        if name == "name" and isinstance(value, Const) and isinstance(value.value, str):
            owner.name = value.value
    elif isinstance(owner, FunctionValue | ClassValue | PartialValue):
        owner.unknown = owner.unknown or why
    else:
        if isinstance(owner, Unknown):
            # it is no longer what an expression of the program gave
            owner.written = owner.steps = owner.made = None
        taint(owner, why)


def _set_item(
    run: "Interpreter", container: Value, index: Value, value: Value, node: ast.AST, scope: Scope
) -> None:
    why = run.doubt or unknown("an item that is not known is set", node, scope)
    if run.doubt is not None and isinstance(container, DictValue) and isinstance(index, Const):
        known = frozenset[object]() if container.unknown is None else container.perhaps
        taint(container, why)
        container.perhaps = None if known is None else known | {index.value}
        return
    if run.doubt is not None or not is_plain(index):
        taint(container, why)
        return
    match container:
        case DictValue(pairs, None):
            try:
                pairs[plain(index)] = value
            except TypeError:
                taint(container, why)
        case ListValue(items, None) if isinstance(plain(index), int):
            if -len(items) <= plain(index) < len(items):
                items[plain(index)] = value
            else:
                taint(container, why)
        case _:
            taint(container, why)


def _augment(run: "Interpreter", statement: ast.AugAssign, scope: Scope) -> None:
    target = statement.target
    reading = ast.copy_location(_loaded(target), target)
    current = evaluate(run, reading, scope)
    value = evaluate(run, statement.value, scope)
    if isinstance(current, ListValue) and isinstance(statement.op, ast.Add):
        items = iterate(value)
        if items is None or run.doubt is not None or current.unknown is not None:
            taint(current, run.doubt or unknown("what is added is not known", statement, scope))
        else:
            current.items.extend(items)
        return
    if not isinstance(current, Const | TupleValue | Unknown):
        taint(current, unknown("it is changed in place", statement, scope))
    assign(run, target, binary(type(statement.op), current, value, statement, scope), scope)


def _loaded(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=inner, attr=name):
            return ast.Attribute(inner, name, ast.Load())
        case ast.Subscript(value=inner, slice=index):
            return ast.Subscript(inner, index, ast.Load())


def _delete(run: "Interpreter", target: ast.expr, scope: Scope) -> None:
    match target:
        case ast.Name(id=name):
            why = Unknown(f"name {name!r} is deleted", scope.module.span(target), name)
            scope.names[name] = why
        case ast.Subscript(value=inner, slice=index):
            container = evaluate(run, inner, scope)
            found = evaluate(run, index, scope)
            if run.doubt is None and is_plain(found):
                try:
                    if isinstance(container, DictValue) and container.unknown is None:
                        del container.items[plain(found)]
                        return
                    if isinstance(container, ListValue) and container.unknown is None:
                        del container.items[plain(found)]
                        return
                except (KeyError, IndexError, TypeError):
                    pass
            taint(container, unknown("an item of it is deleted", target, scope))
        case ast.Attribute(value=inner, attr=name):
            taint(evaluate(run, inner, scope), unknown(f"its {name!r} is deleted", target, scope))
