"""The abstract interpreter's state: modules, budget, what is certain, and calls of functions."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from langferry.converter.project import Project, SourceModule
from langferry.converter.wiring import arguments, names
from langferry.converter.wiring.environment import Change
from langferry.converter.wiring.graphs import Builder, Compiled, Place
from langferry.converter.wiring.library import resolve
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    ListValue,
    ModuleValue,
    Scope,
    SetValue,
    StoreValue,
    TupleValue,
    Unknown,
    Value,
)
from langferry.diagnostics import Failure, Span

MAX_STEPS = 2_000_000
MAX_CALLS = 60

_NEVER = object()


class Interpreter:
    """Evaluates modules of one project. `doubt` is set while it is not certain that what is
    evaluated would run; then nothing may change for certain."""

    def __init__(self, project: Project, max_steps: int = MAX_STEPS) -> None:
        self.project = project
        self.doubt: Unknown | None = None
        self.broken: Unknown | None = None
        """Set once the program did something after which nothing is certain any more."""
        self.raised = 0
        """How many evaluated expressions might have raised an exception."""
        self.may_return = False
        """Whether `doubt` is there because the function being called may have returned."""
        self.library_states: dict[str, ClassValue] = {}
        """The libraries' own states that the program uses, by name."""
        self.classes: list[ClassValue] = []
        """The program's classes."""
        self._methods: dict[str, list[FunctionValue]] = {}
        self.environment: list[Change] = []
        """The places that change the process's environment, in the order of their evaluation."""
        self.called: set[int] = set()
        """The definitions that were called so far."""
        self.graphs: list[Compiled] = []
        """Every graph compiled so far, in order."""
        self.place: Place | None = None
        """Which top-level code is being evaluated."""
        self.guessing = False
        """Whether what is evaluated is a function that a library was given, which may call it."""
        self._doubted: dict[tuple[int, bool], Place | None] = {}
        """In which top-level code a function was last evaluated because it may be called, by a library or not."""
        self._scopes: dict[str, Scope] = {}
        self._steps = max_steps
        self._calls = 0
        self._time = 0
        self._running: list[ast.AST] = []
        """The definitions being called, outermost first."""

    def module(self, source: SourceModule) -> Scope:
        """The scope of a module, evaluated on first use."""
        from langferry.converter.wiring.statements import run_block

        if source.name in self._scopes:
            return self._scopes[source.name]
        scope = self._scopes[source.name] = Scope(source, "module", "", None)
        scope.names["__name__"] = Const(source.name)
        before, self.doubt = self.doubt, None
        outer = self.place
        for statement in source.tree.body:
            self.place = Place(source, statement)
            if run_block(self, [statement], scope) is not None:
                break
        self.doubt, self.place = before, outer
        return scope

    def modules(self) -> list[Scope]:
        """The scopes of all modules evaluated so far."""
        return list(self._scopes.values())

    def imported(self, dotted: str, where: Span) -> Value:
        """What `import dotted` finds: a module of the program, or a library's name."""
        source = self.project.find(dotted)
        if dotted in self.project.unreadable:
            return Unknown(f"the module {dotted!r} cannot be read", where)
        if source is not None:
            parent = dotted.rpartition(".")[0]
            if parent:
                self.imported(parent, where)
            scope = self.module(source)
            if parent and parent in self._scopes:
                self._scopes[parent].names.setdefault(dotted.rpartition(".")[2], ModuleValue(scope))
            return ModuleValue(scope)
        if self.project.is_folder(dotted):
            return Unknown(f"{dotted!r} is a folder without code", where)
        return LibraryValue(dotted)

    def attribute_of_import(self, dotted: str, name: str, where: Span) -> Value:
        """What `from dotted import name` binds."""
        found = self.imported(dotted, where)
        if isinstance(found, ModuleValue):
            if name in found.scope.names:
                return found.scope.names[name]
            submodule = self.project.find(f"{dotted}.{name}")
            if submodule is not None:
                return self.imported(f"{dotted}.{name}", where)
            return Unknown(f"{dotted!r} has no {name!r}", where)
        if isinstance(found, Unknown):
            submodule = self.project.find(f"{dotted}.{name}")
            return found if submodule is None else self.imported(f"{dotted}.{name}", where)
        return resolve(f"{dotted}.{name}")

    def step(self, node: ast.AST, module: SourceModule, cost: int = 1) -> None:
        """Pay for evaluating `node`.

        Raises:
            Failure: LF107 when the budget is used up.
        """
        self._steps -= cost
        if self._steps < 0:
            raise Failure(
                "LF107", "evaluating the program's wiring takes too many steps", module.span(node)
            )

    def now(self) -> int:
        """A number that is larger each time."""
        self._time += 1
        return self._time

    def doubts(self, made_at: int) -> Unknown | None:
        """Why it is in doubt what happens now to something that was made then; None where it is not."""
        passed = None if self.doubt is None else self.doubt.passed
        return None if passed is not None and made_at > passed else self.doubt

    def may_have_left(self, why: Unknown) -> None:
        """What follows only runs if the function that is being called has not returned before."""
        self.may_return = True
        if self.doubt is None or self.doubt.passed is not None:
            self.doubt = Unknown(why.reason, why.span, passed=self.now())

    @contextmanager
    def doubting(self, why: Unknown) -> Iterator[None]:
        """Evaluate what may or may not run."""
        before = self.doubt
        self.doubt = why if before is None or before.passed is not None else before
        try:
            yield
        finally:
            self.doubt = before

    def maybe_called_by_library(self, function: FunctionValue, why: Unknown) -> None:
        """A library that was given `function` may call it.

        Raises:
            Failure: LF107 when the budget is used up.
        """
        outer, self.guessing = self.guessing, True
        try:
            self.maybe_called(function, why)
        finally:
            self.guessing = outer

    def maybe_called(self, function: FunctionValue, why: Unknown) -> None:
        """Something that is not evaluated may call `function`, once or often.

        Raises:
            Failure: LF107 when the budget is used up.
        """
        from langferry.converter.wiring.statements import run_block

        if isinstance(function.node, ast.Lambda):
            return
        # what it may change it has changed by then, however often it is called
        key = id(function), self.guessing
        if self._doubted.get(key, _NEVER) is self.place:
            return
        self._doubted[key] = self.place
        parameters: dict[str, Value] = {
            item.arg: Unknown(why.reason, why.span) for item in names.parameters(function.node)
        }
        qualified = f"{function.qualified}.<locals>"
        scope = Scope(function.module, "function", qualified, function.scope, parameters)
        scope.global_names, scope.nonlocal_names = names.declared(function.node)
        outer = self.may_return
        with self.doubting(why):
            run_block(self, function.node.body, scope)
        self.may_return = outer

    def add_class(self, found: ClassValue) -> None:
        """A class of the program, whose methods might be called from now on."""
        self.classes.append(found)
        for name, member in found.scope.names.items():
            if isinstance(member, FunctionValue):
                self._methods.setdefault(name, []).append(member)

    def method_maybe_called(self, name: str, why: Unknown) -> None:
        """A method of this name is called on something that is not known."""
        if name.startswith("__"):
            return
        for member in list(self._methods.get(name, ())):
            self.maybe_called(member, why)

    def call(
        self,
        function: FunctionValue,
        args: list[Value],
        keywords: dict[str, Value],
        where: Span,
    ) -> Value:
        """The result of calling a function of the program.

        Raises:
            Failure: LF107 when calls nest too deeply.
        """
        from langferry.converter.wiring.expressions import evaluate
        from langferry.converter.wiring.statements import Left, run_block

        bound = bind(function, args, keywords, where)
        if isinstance(bound, Unknown):
            return bound
        arguments.note(function, bound)
        if self.doubt is None:
            self.called.add(id(function.node))
        elif function.node in self._running:
            return Unknown(f"how often {function.name!r} calls itself is not known", where)
        if names.yields(function.node):
            why = Unknown(f"when {function.name!r} runs is not known", where)
            for value in bound.values():
                taint(value, why)
            self.maybe_called(function, why)
            return why
        if self._calls >= MAX_CALLS:
            raise Failure("LF107", f"calls of {function.name!r} nest too deeply", where)
        qualified = f"{function.qualified}.<locals>"
        around = function.scope
        scope = Scope(function.module, "function", qualified, around, bound, made_at=self.now())
        self._calls += 1
        self._running.append(function.node)
        try:
            if isinstance(function.node, ast.Lambda):
                return evaluate(self, function.node.body, scope)
            scope.global_names, scope.nonlocal_names = names.declared(function.node)
            before, self.may_return, outer = self.doubt, False, self.may_return
            left = run_block(self, function.node.body, scope)
            doubted, self.doubt = self.doubt, before
            self.may_return = outer
        finally:
            self._calls -= 1
            self._running.pop()
        if isinstance(left, Left) and left.kind == "return" and doubted is before:
            return left.value
        if doubted is not before and doubted is not None:
            return Unknown(doubted.reason, doubted.span)
        if isinstance(left, Left) and left.kind == "raise":
            at = left.value.span if isinstance(left.value, Unknown) else where
            return Unknown(f"{function.name!r} raises an exception", at)
        return Const(None)


def bind(
    function: FunctionValue, args: list[Value], keywords: dict[str, Value], where: Span
) -> dict[str, Value] | Unknown:
    """The parameters' values in a call, or why Python would raise TypeError."""
    arguments = function.node.args
    positional = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
    bound: dict[str, Value] = dict(zip(positional, args, strict=False))
    rest = args[len(positional) :]
    if arguments.vararg is not None:
        bound[arguments.vararg.arg] = TupleValue(rest)
    elif rest:
        return Unknown(f"{function.name!r} takes fewer arguments", where)
    by_keyword = {item.arg for item in (*arguments.args, *arguments.kwonlyargs)}
    extra: dict[object, Value] = {}
    for name, value in keywords.items():
        if name in by_keyword and name not in bound:
            bound[name] = value
        elif arguments.kwarg is not None and name not in by_keyword:
            extra[name] = value
        else:
            return Unknown(f"{function.name!r} cannot take the argument {name!r}", where)
    if arguments.kwarg is not None:
        bound[arguments.kwarg.arg] = DictValue(extra)
    for name in (*positional, *(item.arg for item in arguments.kwonlyargs)):
        if name not in bound:
            if name not in function.defaults:
                return Unknown(f"{function.name!r} needs the argument {name!r}", where)
            bound[name] = function.defaults[name]
    return bound


def taint(value: Value, why: Unknown) -> None:
    """Note that something unknowable may have changed `value`, or what it holds."""
    pending: list[Value] = [value]
    seen: set[int] = set()
    while pending:
        item = pending.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        match item:
            case ListValue():
                item.unknown = item.unknown or why
                pending.extend(item.items)
            case DictValue():
                item.unknown, item.perhaps = item.unknown or why, None
                pending.extend(item.items.values())
            case TupleValue():
                pending.extend(item.items)
            case Builder():
                item.unknown = item.unknown or why
            case BoundMethod(receiver):
                pending.append(receiver)
            case SetValue():
                item.unknown = item.unknown or why
            case StoreValue():
                item.unknown = item.unknown or why
                pending.extend(x for x in item.items.values() if x is not None)
            case InstanceValue():
                # its methods may be called, but what builds a graph is not called back
                pending.extend(x for x in item.names.values() if not isinstance(x, Builder))
