"""Cuts the Python that a bridged function needs out of the program, as a module of its own."""

import ast
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import takewhile

from langferry.converter.constants import source as constant_source
from langferry.converter.functions import Reached, capturing_scope, rebound_names
from langferry.converter.project import SourceModule
from langferry.converter.wiring import names
from langferry.converter.wiring.graphs import Builder, Compiled
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.statements import absolute_import
from langferry.converter.wiring.values import (
    ClassValue,
    FunctionValue,
    LibraryValue,
    ModuleValue,
    PartialValue,
    Scope,
    Unknown,
    Value,
    is_plain,
    plain,
)
from langferry.diagnostics import Span
from langferry.model.program import BridgeSource, Reason

_RUNTIME = frozenset(
    {
        "interrupt",
        "langgraph.config.get_config",
        "langgraph.config.get_store",
        "langgraph.config.get_stream_writer",
        "langgraph.func.task",
        "langgraph.func.entrypoint",
        "langgraph.runtime.get_runtime",
        "langgraph.types.StreamWriter",
    }
)
"""What only works inside LangGraph's own runtime."""

_PLACE_NAMES = frozenset({"__file__", "__spec__", "__package__", "__path__", "__loader__"})


class CannotSlice(Exception):
    """The function cannot be cut out exactly."""

    def __init__(self, message: str, span: Span) -> None:
        self.reason = Reason("LF232", message, span)
        super().__init__(message)


@dataclass(eq=False, slots=True)
class Slice:
    """A bridged function's source, and the module-level data it shares with the program."""

    bridge: BridgeSource
    data: frozenset[tuple[str, str]] = frozenset()


@dataclass(eq=False, slots=True)
class _Part:
    """Statements of one module or function body, in order of their lines."""

    module: SourceModule
    statements: dict[ast.stmt, None] = field(default_factory=dict)


def slice_function(run: Interpreter, reached: Reached) -> Slice:
    """The slice of a reached function.

    Raises:
        CannotSlice: it cannot be cut out so that it behaves the same.
    """
    return _Slicer(run).slice(reached)


class _Slicer:
    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self._parts: dict[str, _Part] = {}
        self._imports: dict[str, set[str]] = {}
        self._done: set[tuple[str, str]] = set()
        self._local: dict[str, tuple[Scope, Value]] = {}
        self._local_order: list[str] = []
        self._owners: dict[str, str] = {}
        self._data: set[tuple[str, str]] = set()
        self._lines: list[str] = []
        self._map: list[tuple[int, str, int]] = []

    def slice(self, reached: Reached) -> Slice:
        """Collect, then write."""
        function = reached.function
        self._collect_function(function)
        bound = self._bound_arguments(reached)
        self._write_head()
        for name in self._module_order(function.span):
            self._write_module(self._parts[name])
        for name in self._local_order:
            self._write_local(name)
        entry = function.name
        if isinstance(function.node, ast.Lambda):
            entry = "_lambda"
            self._write_lambda(entry, function)
        elif function.scope.kind != "module":
            self._write_statement(function.node, function.module)
        if bound:
            self._emit("import functools as _functools", None)
            node = function.node.args
            positional = [item.arg for item in (*node.posonlyargs, *node.args)]
            # those fixed by position stand in front; see `unbound`
            first = list(takewhile(lambda name: name in bound, positional))
            arguments = "".join(
                f", {text}" if name in first else f", {name}={text}" for name, text in bound.items()
            )
            self._emit(f"_bound = _functools.partial({entry}{arguments})", None)
            entry = "_bound"
        text = "\n".join(self._lines) + "\n"
        return Slice(BridgeSource(text, entry, tuple(self._map)), frozenset(self._data))

    def _bound_arguments(self, reached: Reached) -> dict[str, str]:
        found = {}
        for name, value in reached.bound.items():
            try:
                found[name] = constant_source(plain(value))
            except ValueError as error:
                raise CannotSlice(
                    f"the argument {name!r} that `partial` fixes is not a constant",
                    reached.function.span,
                ) from error
        return found

    # --- what is needed

    def _collect_function(self, function: FunctionValue) -> None:
        if getattr(function.node, "decorator_list", []) and function.scope.kind != "module":
            raise CannotSlice(f"{function.name!r} is decorated in a function", function.span)
        if isinstance(function.node, ast.Lambda) or function.scope.kind != "module":
            self._need_all(function.node, function.scope, function.module)
        else:
            self._need(function.module, function.name, function.span)

    def _need_all(self, node: ast.AST, scope: Scope, module: SourceModule) -> None:
        """Need every name that `node` reads."""
        for name in sorted(names.free(node)):
            if name in _PLACE_NAMES:
                raise CannotSlice(f"it reads {name}", module.span(node))
            holder = capturing_scope(scope, name)
            if holder is None:
                self._need(module, name, module.span(node))
            else:
                self._need_local(holder, name, module.span(node))

    def _need_local(self, holder: Scope, name: str, span: Span) -> None:
        value = holder.names[name]
        if name in self._local:
            if self._local[name][0] is not holder:
                raise CannotSlice(f"the name {name!r} stands for two things", span)
            return
        self._own(name, "<local>", span)
        self._check(value, name, span)
        self._local[name] = (holder, value)
        match value:
            case FunctionValue() if value.name == name:
                if name in rebound_names(value):
                    raise CannotSlice(f"{name!r} is bound anew while the graph runs", span)
                if getattr(value.node, "decorator_list", []):
                    raise CannotSlice(f"{name!r} is decorated in a function", span)
                self._need_all(value.node, value.scope, value.module)
            case ClassValue():
                node = _definition(holder, name, value)
                if node is None:
                    raise CannotSlice(f"the class {name!r} cannot be cut out", span)
                self._need_all(node, holder, value.module)
            case _ if is_plain(value) and not isinstance(value, FunctionValue):
                self._check_rebound(holder, name, span)
                try:
                    constant_source(plain(value))
                except ValueError as error:
                    raise CannotSlice(f"{name!r} is not a constant", span) from error
            case _:
                statement = _only_binding(holder, name)
                if statement is None:
                    raise CannotSlice(f"what {name!r} holds is not known", span)
                self._check_rebound(holder, name, span)
                self._need_all(statement, holder, holder.module)
        self._local_order.append(name)

    def _check_rebound(self, holder: Scope, name: str, span: Span) -> None:
        for item in ast.walk(holder.module.tree):
            if isinstance(item, ast.Nonlocal) and name in item.names:
                raise CannotSlice(f"{name!r} is bound anew while the graph runs", span)

    def _own(self, name: str, owner: str, span: Span) -> None:
        if self._owners.setdefault(name, owner) != owner:
            raise CannotSlice(f"the name {name!r} stands for two things", span)

    def _need(self, module: SourceModule, name: str, span: Span) -> None:
        """Need a module-level name: all statements there that bind or change it."""
        if (module.name, name) in self._done:
            return
        self._done.add((module.name, name))
        scope = self._run.module(module)
        value = scope.names.get(name)
        if value is not None:
            self._check(value, name, span)
            self._own(name, module.name, span)
        if isinstance(value, ModuleValue):
            raise CannotSlice(f"it uses the module {name!r} of the program", span)
        is_data = not isinstance(value, FunctionValue | ClassValue | LibraryValue | None)
        if is_data:
            self._data.add((module.name, name))
        for statement in module.tree.body:
            changed = is_data and _hands_over(statement, name)
            if _star_of(statement) or _touches(statement, name) or changed:
                self._take(statement, module, name)

    def _take(self, statement: ast.stmt, module: SourceModule, name: str) -> None:
        part = self._part(module)
        if statement in part.statements:
            return
        inlined = self._inlined(statement, module)
        if inlined is not None:
            self._take_import(inlined, statement, module, name)
            return
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            return
        part.statements[statement] = None
        self._need_all(statement, self._run.module(module), module)
        for other in names.bound([statement]):
            self._need(module, other, module.span(statement))

    def _inlined(self, statement: ast.stmt, module: SourceModule) -> str | None:
        """The module of the program that a statement imports from."""
        if not isinstance(statement, ast.ImportFrom):
            return None
        base = absolute_import(statement, self._run.module(module))
        if base is None or (self._run.project.find(base) is None and statement.level == 0):
            return None
        return base

    def _take_import(self, base: str, statement: ast.stmt, module: SourceModule, name: str) -> None:
        span = module.span(statement)
        assert isinstance(statement, ast.ImportFrom)
        found = self._run.project.find(base)
        item = next((x for x in statement.names if (x.asname or x.name) == name), None)
        if found is None or item is None:
            if item is None and not _star_of(statement):
                return
            raise CannotSlice(f"the import from {base!r} cannot be cut out", span)
        if item.asname is not None and item.asname != item.name:
            raise CannotSlice(f"{item.name!r} is imported under another name", span)
        # the definition itself takes the place of the import
        self._owners[name] = found.name
        self._imports.setdefault(module.name, set()).add(found.name)
        self._need(found, name, span)

    def _part(self, module: SourceModule) -> _Part:
        if module.name not in self._parts:
            self._parts[module.name] = _Part(module)
        return self._parts[module.name]

    def _check(self, value: Value, name: str, span: Span) -> None:
        match value:
            case Builder() | Compiled():
                raise CannotSlice(f"it uses the graph {name!r}", span)
            case LibraryValue(library) if library in _RUNTIME:
                raise CannotSlice(f"it uses {library}, which the bridge does not carry", span)
            case LibraryValue("langgraph"):
                raise CannotSlice("it uses the package langgraph as a whole", span)
            case PartialValue() | FunctionValue() | Unknown():
                pass

    # --- how it is written

    def _module_order(self, span: Span) -> list[str]:
        """Modules whose code others import come first, as they would have run first."""
        try:
            order = list(TopologicalSorter(self._imports).static_order())
        except CycleError as error:
            raise CannotSlice("its modules import each other", span) from error
        rest = [name for name in self._parts if name not in order]
        return [name for name in [*rest, *order] if name in self._parts]

    def _write_head(self) -> None:
        futures = {
            item.name
            for name in self._parts
            for statement in self._parts[name].module.tree.body
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            for item in statement.names
        }
        if futures:
            self._emit(f"from __future__ import {', '.join(sorted(futures))}", None)
        if futures and len(self._parts) > 1:
            module = self._run.project.entry
            raise CannotSlice("its modules differ in their __future__ imports", module.start())

    def _write_module(self, part: _Part) -> None:
        if any("__name__" in names.free(statement) for statement in part.statements):
            self._emit(f"__name__ = {part.module.name!r}", None)
        for statement in sorted(part.statements, key=lambda item: item.lineno):
            self._write_statement(statement, part.module)

    def _write_local(self, name: str) -> None:
        holder, value = self._local[name]
        match value:
            case FunctionValue() if value.name == name:
                self._write_statement(_statement(value.node), value.module)
            case ClassValue():
                node = _definition(holder, name, value)
                if node is not None:
                    self._write_statement(node, value.module)
            case _ if is_plain(value):
                self._emit(f"{name} = {constant_source(plain(value))}", None)
            case _:
                statement = _only_binding(holder, name)
                if statement is not None:
                    self._write_statement(statement, holder.module)

    def _write_statement(self, statement: ast.AST, module: SourceModule) -> None:
        assert isinstance(statement, ast.stmt)
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(item.lineno for item in decorators)])
        last = statement.end_lineno or statement.lineno
        lines = module.lines[first - 1 : last]
        indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
        start = len(module.lines[statement.lineno - 1].encode()[: statement.col_offset].decode())
        alone = not lines[0][:start].strip() or bool(decorators)
        tail = module.lines[last - 1].encode()[statement.end_col_offset or 0 :].decode().strip()
        if not alone or (tail and not tail.startswith("#")):
            segment = ast.get_source_segment(module.text, statement)
            if segment is None or isinstance(statement, _COMPOUND):
                raise CannotSlice("it shares a line with another statement", module.span(statement))
            for offset, line in enumerate(segment.split("\n")):
                self._emit(line, (module.file, statement.lineno + offset))
            return
        if indent:
            # indented code stays as it is, so that texts over several lines do too
            self._emit("if True:", None)
        for offset, line in enumerate(lines):
            self._emit(line, (module.file, first + offset))

    def _write_lambda(self, entry: str, function: FunctionValue) -> None:
        segment = ast.get_source_segment(function.module.text, function.node)
        if segment is None:
            raise CannotSlice("the lambda's source is not found", function.span)
        self._emit(f"{entry} = (", None)
        for offset, line in enumerate(segment.split("\n")):
            self._emit(line, (function.module.file, function.node.lineno + offset))
        self._emit(")", None)

    def _emit(self, line: str, place: tuple[str, int] | None) -> None:
        self._lines.append(line)
        if place is not None:
            self._map.append((len(self._lines), *place))


_COMPOUND = (
    ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.If
    | ast.For
    | ast.While
    | ast.With
    | ast.Try
    | ast.Match
)


def _statement(node: ast.AST) -> ast.stmt:
    assert isinstance(node, ast.stmt)
    return node


def _definition(holder: Scope, name: str, value: ClassValue) -> ast.ClassDef | None:
    """The `class` statement of a class."""
    for node in ast.walk(value.module.tree):
        named = isinstance(node, ast.ClassDef) and node.name == value.name == name
        if named and isinstance(node, ast.ClassDef) and node.lineno == value.span.line:
            return None if node.decorator_list else node
    return None


def _only_binding(holder: Scope, name: str) -> ast.stmt | None:
    """The one statement of the enclosing function that binds `name`."""
    found: list[ast.stmt] = []
    for node in ast.walk(holder.module.tree):
        if isinstance(node, ast.FunctionDef) and holder.qualified.endswith(f"{node.name}.<locals>"):
            own = [item for item in node.body if name in names.bound([item])]
            every = [item for item in names.own_nodes(node.body) if _binds(item, name)]
            if len(every) == len(own) == 1 and not any(
                item.arg == name for item in names.parameters(node)
            ):
                found.extend(own)
            elif every:
                return None
    simple = ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom
    return found[0] if len(found) == 1 and isinstance(found[0], simple) else None


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=found, ctx=ast.Store() | ast.Del()):
            return found == name
        case ast.Import() | ast.ImportFrom():
            return any((item.asname or item.name.split(".")[0]) == name for item in node.names)
        case (
            ast.FunctionDef(name=found)
            | ast.AsyncFunctionDef(name=found)
            | ast.ClassDef(name=found)
        ):
            return found == name
    return False


def _star_of(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and any(x.name == "*" for x in statement.names)


def _touches(statement: ast.stmt, name: str) -> bool:
    """Whether a module-level statement binds `name` or changes what it holds."""
    if name in names.bound([statement]):
        return not _is_main_guard(statement)
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    if _is_main_guard(statement):
        return False
    for node in names.own_nodes([statement]):
        match node:
            case (
                ast.Subscript(ctx=ast.Store() | ast.Del())
                | ast.Attribute(ctx=ast.Store() | ast.Del())
            ):
                if _root(node) == name:
                    return True
            case ast.Expr(value=ast.Call(func=ast.Attribute() as function)):
                if _root(function) == name:
                    return True
    return False


def _hands_over(statement: ast.stmt, name: str) -> bool:
    """Whether a statement is a call, made for its effect, that is given `name`."""
    match statement:
        case ast.Expr(value=ast.Call(func=function, args=args, keywords=keywords)):
            if isinstance(function, ast.Name) and function.id == "print":
                return False
            given = [*args, *(item.value for item in keywords)]
            return any(name in names.free(item) for item in given)
    return False


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_main_guard(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Compare)
        and any(
            isinstance(item, ast.Name) and item.id == "__name__"
            for item in ast.walk(statement.test)
        )
    )
