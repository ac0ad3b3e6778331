"""What names mean in a function, and where its nodes stand."""

import ast
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from langferry.converter.lower import convert as fit
from langferry.converter.lower.local_functions import read_from_around
from langferry.converter.lower.log_setup import LogSetup
from langferry.converter.lower.message_classes import message_class, message_constant
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import (
    Captured,
    Closure,
    Enumeration,
    Filled,
    Given,
    GraphAt,
    Items,
    Receiver,
    Request,
    Settings,
    StoreAt,
    ToolAt,
    Written,
)
from langferry.converter.lower.signatures import ANY, CONSTANTS, EXCEPTION, STR
from langferry.converter.lower.text_constants import TEXTS
from langferry.converter.module_scope import Definition, Function, ModuleScope, is_builtin
from langferry.converter.types import TypeTable
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.constants import Constant
from langferry.model.program import Reason, Record
from langferry.model.walk import Node

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Meaning(Protocol):
    """What the program around a function knows: names outside of it."""

    @property
    def globals(self) -> Mapping[str, ir.GlobalValue]:
        """The module-level constants met so far, by id."""

    @property
    def members(self) -> Collection[str]:
        """The names of all methods and properties that classes of the program define."""

    def global_value(self, scope: ModuleScope, name: str, at: Span) -> ir.Global:
        """The module-level constant `name`."""

    def helper(
        self,
        scope: ModuleScope,
        definition: ast.FunctionDef | ast.AsyncFunctionDef,
        at: Span,
        closure: Closure | None,
        receiver: Receiver | None = None,
        *,
        filled: Filled = frozenset(),
        around: tuple[tuple[str, t.Type], ...] = (),
        given: tuple[tuple[str, t.Type], ...] = (),
    ) -> tuple[str, tuple[tuple[str, t.Type, ast.expr | None], ...], t.Type]:
        """A helper's id, its parameters with defaults, and what it returns.

        `filled` names the parameters that are given parts of the run. It is given what it reads of
        functions `around` it before its own parameters. What is `given` for a parameter may be of another
        type than that declares, as Python does not mind.
        """

    def place(self, path: str, line: int, column: int) -> tuple[ModuleScope, ast.AST | None]:
        """The function that starts there, and its module."""

    def class_at(self, path: str, line: int) -> tuple[ModuleScope, ast.AST] | None:
        """The class that is defined on that line, and its module."""

    def log_setup(self, scope: ModuleScope) -> LogSetup | None:
        """How logging is set up when functions of a module run, if that is certain."""

    @property
    def wraps_output(self) -> bool:
        """Whether the program has colorama take its colours out of what is printed to no terminal."""

    @property
    def states(self) -> Collection[str]:
        """The records that LangGraph makes of channels, which may lack what they declare."""

    @property
    def unsure(self) -> Collection[str] | None:
        """The environment's variables of which it is not known what they hold; None stands for all."""

    @property
    def has_store(self) -> bool:
        """Whether the program has a store, which holds the very objects that are put into it."""

    def is_held_elsewhere(self, channel: str) -> bool:
        """Whether something else may hold the object that is a channel's value."""

    @property
    def helper_uses(self) -> Mapping[str, Collection[str]]:
        """What helpers ask of the run that they are called in, by id; see `langferry.model.runs.uses`."""

    def tool(self, scope: ModuleScope, definition: ast.AST, at: Span) -> ir.Global:
        """The tool that the decorated function `definition` is."""

    def hand_off(
        self,
        agent: str,
        name: str,
        description: str,
        at: Span,
        tells: bool | None = None,
        keys: tuple[str, ...] = (),
    ) -> ir.Global:
        """The tool that hands a run over to the agent; a supervisor's `tells` of it or not, and hands `keys` over."""

    def form(
        self, scope: ModuleScope, definition: ast.ClassDef, at: Span, *, is_told: bool = False
    ) -> ir.Global:
        """The form that a pydantic class of the program is, of one that `is_told` for telling models only."""

    def after_making(self, place: tuple[str, int, int], fields: Collection[str], at: Span) -> str:
        """The id of the helper that a new object of a dataclass with these fields is given to."""

    def derived(
        self, place: tuple[ModuleScope, ast.ClassDef]
    ) -> list[tuple[ModuleScope, ast.ClassDef]]:
        """The classes of the program that are, or may be, derived from one of them."""

    def classes(self) -> Iterable[tuple[ModuleScope, ast.ClassDef]]:
        """All classes of the program."""

    def names_at(self, scope: ModuleScope, definition: ast.AST | None) -> "Names":
        """What names mean where a class or function of the program is defined, or in the module itself."""

    def made_graph(self, path: str, call: ast.Call) -> GraphAt | None:
        """The graph that a call in a file makes, of names of its module alone, if that is all it does."""

    def attempt(self, lower: Callable[[], ir.Expr]) -> ir.Expr:
        """What `lower` gives; nothing is needed of what it has asked for where it is refused."""

    def surely_imports(
        self, scope: ModuleScope, node: ast.Import | ast.ImportFrom, read: Collection[str]
    ) -> bool:
        """Whether an import in a function of a module, which reads these names, cannot fail."""

    def prepare_files(self, at: Span) -> None:
        """See to it that files are as the modules of the program leave them when the graph is built."""

    def reached(self, value: Node) -> Iterator[Node]:
        """The nodes of an expression, and of the functions that it calls."""

    def told_here(
        self, scope: ModuleScope, node: ast.expr, name: str, at: Span, reason: Reason
    ) -> ir.Global:
        """What Python tells a model of the tools that an expression of a module gives."""

    def store(self, given: StoreAt, at: Span) -> ir.Global:
        """A store that the program makes."""

    @property
    def stays(self) -> Reason | None:
        """Why the stores of the program are Python's, if they are."""

    def told_tools(self, request: Request, ending: tuple[str, ...], reason: Reason) -> ir.Global:
        """What Python tells a model of the tools of the agent in which `request` is a part."""

    def types_of(self, scope: ModuleScope) -> TypeTable:
        """What the type checker says of a module."""

    def held_tools(self, request: Request, count: int | None, reason: Reason) -> str:
        """The id of what runs the tools that only Python knows, of the node that `request` is."""

    def is_called_alone(self, tool: Captured) -> bool:
        """Whether whoever runs a tool gives it nothing but its arguments, as far as the program says."""

    def tool_at(
        self, place: ToolAt, at: Span, said: tuple[tuple[str, Any], ...] | None = None
    ) -> ir.Global:
        """The tool that the function defined there is, is taken for, or is made of by what is `said`."""

    def tool_of_object(self, given: Receiver, at: Span) -> ir.Global:
        """The tool that an object of the program is."""

    def makes_tool(self, scope: ModuleScope, definition: Definition) -> bool:
        """Whether a function's only decorator makes a tool of it that is no longer a function."""

    def tool_made(
        self,
        scope: ModuleScope,
        node: ast.Call,
        definition: tuple[ModuleScope, ast.AST],
        at: Span,
        closure: Closure | None = None,
    ) -> ir.Global | None:
        """The tool that a call makes of a function by the rest of its arguments; None where those are not known."""

    def written(self, given: Written, name: str, at: Span) -> ir.Global:
        """The value of an expression that was evaluated while the graph was built."""

    @property
    def attributes_set(self) -> Collection[str]:
        """The names of attributes that the program sets of anything."""

    def enumeration(self, name: str) -> Enumeration | None:
        """The enum of the program that has this qualified name, where it is known."""

    def members_of(self, enumeration: Enumeration, at: Span) -> ir.Global:
        """The members of an enum of the program."""

    def argument(self, given: Given, at: Span) -> ir.Global:
        """An argument that is given when the program runs."""

    def settings(self, given: Settings, at: Span) -> ir.Global:
        """An object of settings."""

    def kept_from(self, scope: ModuleScope, name: str, at: Span) -> ast.Constant:
        """What a name that functions of its module assign to holds at first."""

    def is_changed(self, name: str) -> bool:
        """Whether something may change in place what a module calls `name`."""

    def module_value(self, scope: ModuleScope, name: str) -> Captured | None:
        """What a name of a module stands for when the graph runs, as far as that is known."""

    def module_member(self, qualified: str) -> tuple[ModuleScope, str] | None:
        """The module of the program and the name in it that `qualified` stands for."""


class Names:
    """Knows a function's places, types and names."""

    stands_for: Span | None = None
    """Where the program asks for what the library's own code stands for."""

    being_made: str | None = None
    """The name of the object that this function goes on with when it is made."""

    tried: int = 0
    """How many bodies of `try` with handlers stand around what is lowered."""

    def __init__(
        self,
        scope: ModuleScope,
        function: Function | None,
        types: TypeTable,
        records: Mapping[str, Record],
        meaning: Meaning,
        request: Request | None,
    ) -> None:
        self.scope = scope
        self.function = function
        self.types = types
        self.records = records
        self.meaning = meaning
        self.request = request
        self.bound = scope.bound_in(function) if function is not None else {}
        self.locals: dict[str, t.Type] = {}
        self.assigned: set[str] = set()
        self.inner: list[dict[str, t.Type]] = []
        self.constants: dict[str, ir.Expr] = {}
        self.used_constants: set[str] = set()
        self.caught: list[str | None] = []
        """The names of what the `except` clauses around what is lowered have caught, outermost first."""
        self.receiver: Receiver | None = None if request is None else request.receiver
        self.captured: Mapping[str, Captured] = {} if request is None else request.captured
        self.outer = [] if function is None else scope.enclosing_functions(function)
        self._own_closures: dict[str, Closure] = {}
        self.doubtful: set[str] = set()
        """Locals that may be None, though the type checker says that they never are."""
        self.widened: Mapping[str, t.Type] = {}
        """Locals that are given what the type checker does not expect, by the types that hold it, too."""
        self.around: Mapping[str, t.Type] = {}
        """The locals of functions around this one that it is given when it is called."""

    def exception_handled(self, node: ast.expr) -> ir.Name | None:
        """What `sys.exc_info` tells of there; None outside of `except`, where a caller may handle one."""
        if not self.caught:
            return None
        name = self.caught[-1]
        if name is None:
            known = {*self.bound, *self.caught, *self.captured, *self.around}
            name = next(x for n in itertools.count() if (x := f"error{n or ''}") not in known)
            self.caught[-1] = name
            self.locals[name] = EXCEPTION
        return ir.Name(name, EXCEPTION, self.span(node))

    def check_use(self, what: str, node: ast.expr) -> None:
        """Refuse what this function cannot ask of its run; see `langferry.model.runs.uses`."""
        if self.request is None and self.function is None:
            raise self.refuse("LF303", "what a module runs by itself is not native", node)
        form = "helper" if self.request is None else self.request.form
        if form == "reducer" or (what == "interrupt" and form == "router"):
            raise self.refuse("LF302", f"what a {form} may not ask of its run", node)
        if what == "interrupt" and self.tried:
            raise self.refuse("LF302", "`interrupt` within `try` is not native", node)

    def received(self, node: ast.expr) -> Receiver | None:
        """The object of the program that `node` is, if it was made while the graph was built."""
        found = self.standing_for(node)
        return found if isinstance(found, Receiver) else None

    def standing_for(self, node: ast.expr) -> Captured | None:
        """What `node`, a name or an attribute, stands for outside of this function, if that is known."""
        if isinstance(node, ast.Attribute):
            owner = self.received(node.value)
            if owner is not None:
                return owner.attributes.get(node.attr)
            qualified = self.resolve(node)
            member = self.meaning.module_member(qualified) if qualified else None
            return None if member is None else self.meaning.module_value(*member)
        if not isinstance(node, ast.Name) or any(node.id in names for names in self.inner):
            return None
        if self._is_receiver(node.id):
            return self.receiver
        if self._is_captured(node.id):
            return self.captured[node.id]
        if self.function is None and len(self.scope.bindings.get(node.id, ())) > 1:
            # a module's own statement may have run before the name meant what it does in the end
            return None
        qualified = self.resolve(node)
        if qualified is None and any(node.id in bound for bound in self._scopes()):
            return None
        member = self.meaning.module_member(qualified) if qualified else (self.scope, node.id)
        return None if member is None else self.meaning.module_value(*member)

    def _is_receiver(self, name: str) -> bool:
        """Whether a name stands for the object that this function is a method of."""
        if self.receiver is None or self.function is None:
            return False
        first = next(iter(self.function.args.args), None)
        return first is not None and first.arg == name and len(self.bound.get(name, ())) == 1

    def _is_captured(self, name: str) -> bool:
        """Whether a name that is no inner one means what it did when the function was made."""
        if name not in self.captured:
            return False
        if self.function is not None:
            return True
        # what a module binds once is the same later
        in_module = len(self.scope.bindings.get(name, ())) == 1
        return not in_module or any(name in bound for bound in self._scopes())

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.ExceptHandler) -> Span:
        """Where a node stands."""
        if self.stands_for is not None:
            return self.stands_for
        if self.request is not None and self.request.span is not None:
            return self.request.span
        line, end = node.lineno, node.end_lineno or node.lineno
        lines = self.scope.lines
        return Span(
            self.scope.path,
            line,
            len(lines[line - 1][: node.col_offset].decode()),
            end,
            len(lines[end - 1][: node.end_col_offset or 0].decode()),
        )

    def refuse(
        self, code: str, message: str, node: ast.expr | ast.stmt | ast.arg | ast.ExceptHandler
    ) -> Refusal:
        """What to raise when this place is not native."""
        return Refusal(code, message, self.span(node))

    def checked_type(self, node: ast.expr) -> t.Type:
        """What the type checker says an expression is; `Any` if nothing."""
        found = self.types.type_of(
            self.scope.path,
            node.lineno,
            node.col_offset,
            node.end_lineno or 0,
            node.end_col_offset or 0,
        )
        return ANY if found is None else fit.plain(found)

    def is_immutable(self, node: ast.expr) -> bool:
        """Whether an expression is known to be something nothing can change."""
        return t.is_immutable(self.checked_type(node))

    def fitted(self, value: ir.Expr, want: t.Type, node: ast.expr | ast.stmt) -> ir.Expr:
        """`value` as `want`, or a refusal."""
        if isinstance(want, t.AnyType) and self._may_lack_defaults(value.type):
            raise self.refuse("LF303", f"a {type_name(value.type)} as any object", node)
        fitted = fit.convert(value, want)
        if isinstance(fitted, ir.Narrow) and (is_member(value) or self._reads_widened(node)):
            fitted = None
        if fitted is None and self._is_doubtful(value) and value.type == t.OptionalType(want):
            fitted = ir.Narrow(value, want, value.span)
        if fitted is None and isinstance(value.type, t.AnyType) and self._is_dataclass(want):
            # checked when it runs, as are other types
            fitted = ir.Narrow(value, want, value.span)
        if fitted is None and isinstance(want, t.AnyType):
            fitted = _with_objects(value)
        if fitted is None:
            raise self.refuse(
                "LF307", f"{type_name(value.type)} where {type_name(want)} is expected", node
            )
        return fitted

    def written_as(self, value: ir.Expr, want: t.Type, node: ast.expr | ast.stmt) -> ir.Expr:
        """`value` as what a channel holds: dicts of any keys as typed ones, which is checked when it runs."""
        kind = value.type
        while isinstance(kind, t.ListType | t.DictType):
            kind = kind.value if isinstance(kind, t.DictType) else kind.item
        whole = fit.convert(value, ANY)
        if isinstance(kind, t.AnyType) and whole is not None and self.is_made_of_dicts(want):
            return ir.Narrow(whole, want, value.span)
        return self.fitted(value, want, node)

    def is_made_of_dicts(self, kind: t.Type) -> bool:
        """Whether it is a typed dict, or a list or dict of them."""
        match kind:
            case t.RecordType(record=record):
                return self.records[record].kind == "typed_dict"
            case t.OptionalType(item=item) | t.ListType(item=item) | t.DictType(t.StrType(), item):
                return self.is_made_of_dicts(item)
        return False

    def _reads_widened(self, node: ast.AST) -> bool:
        """Whether it looks at a local of which the type checker knows less than it holds."""
        return bool(self.widened) and any(
            isinstance(part, ast.Name)
            and isinstance(part.ctx, ast.Load)
            and part.id in self.widened
            for part in ast.walk(node)
        )

    def _is_doubtful(self, value: ir.Expr) -> bool:
        return isinstance(value, ir.Name) and (
            value.name in self.doubtful or value.name in self.widened
        )

    def _may_lack_defaults(self, kind: t.Type) -> bool:
        """Whether it is an object LangGraph makes, which has its defaults only where fields are asked for."""
        if isinstance(kind, t.OptionalType | t.ListType):
            return self._may_lack_defaults(kind.item)
        if not isinstance(kind, t.RecordType) or kind.record not in self.meaning.states:
            return False
        record = self.records[kind.record]
        return record.kind != "typed_dict" and not all(field.required for field in record.fields)

    def _is_dataclass(self, kind: t.Type) -> bool:
        return isinstance(kind, t.RecordType) and self.records[kind.record].kind == "dataclass"

    def expect(self, node: ast.expr, want: t.Type) -> ir.Expr:
        """Lower `node` for a place of type `want`."""
        return self.fitted(self.expr(node, want), want, node)

    def resolve(self, node: ast.expr) -> str | None:
        """The qualified name an expression stands for, if it is no value of this function."""
        if isinstance(node, ast.Attribute):
            base = self.resolve(node.value)
            is_value = base is None or self.meaning.module_member(base) is not None
            return None if is_value else f"{base}.{node.attr}"
        if not isinstance(node, ast.Name):
            return None
        name = node.id
        if any(name in names for names in self.inner):
            return None
        for bound in self._scopes():
            if name in bound:
                return self._imported(bound[name], name)
        if name in self.scope.bindings:
            return self._imported(self.scope.bindings[name], name)
        return f"builtins.{name}" if is_builtin(name) else None

    def is_local(self, name: str) -> bool:
        """Whether a name is one of this function, or of one around it."""
        return any(name in bound for bound in self._scopes())

    def _scopes(self) -> Iterator[dict[str, list[ast.AST]]]:
        yield self.bound
        for outer in self.outer:
            yield self.scope.bound_in(outer)

    def _imported(self, nodes: list[ast.AST], name: str) -> str | None:
        if name in self.scope.global_names:
            return None
        found = {self.scope.imported(node, name) for node in nodes}
        classes = {message_class(item) for item in found}
        if len(classes) == 1 and None not in classes:
            # which several of LangChain's modules have
            return min(item for item in found if item is not None)
        return found.pop() if len(found) == 1 else None

    def definition(self, node: ast.expr) -> tuple[ModuleScope, ast.AST] | None:
        """The function or class of the program that an expression names."""
        found = self.standing_for(node)
        if isinstance(found, Closure):
            scope, node_there = self.meaning.place(found.path, found.line, found.column)
            return None if node_there is None else (scope, node_there)
        if isinstance(found, Receiver) and found.defined is not None:
            return self.meaning.class_at(*found.defined)
        return self.defined_as(node)

    def defined_as(self, node: ast.expr) -> tuple[ModuleScope, ast.AST] | None:
        """The function or class that the program defines by this name, whatever its decorators make of it."""
        if isinstance(node, ast.Name) and not any(node.id in names for names in self.inner):
            for bound in (*self._scopes(), self.scope.bindings):
                if node.id in bound:
                    nodes = bound[node.id]
                    if len(nodes) == 1 and isinstance(nodes[0], _DEFINITIONS):
                        return self.scope, nodes[0]
                    break
        qualified = self.resolve(node)
        member = self.meaning.module_member(qualified) if qualified else None
        if member is None:
            return None
        scope, name = member
        nodes = scope.bindings.get(name, [])
        if len(nodes) == 1 and isinstance(nodes[0], _DEFINITIONS):
            return scope, nodes[0]
        return None

    def closure(self, node: ast.expr) -> Closure | None:
        """What the function that `node` names takes from functions around it."""
        found = self.standing_for(node)
        if isinstance(found, Closure):
            return self.told_apart(found)
        if not isinstance(node, ast.Name):
            return None
        bound = next((x[node.id] for x in self._scopes() if node.id in x), None)
        if bound is None or not isinstance(bound[0], ast.FunctionDef | ast.AsyncFunctionDef):
            return None
        if node.id not in self._own_closures:
            # what is defined here sees the same names, but for those it binds itself
            at, names = bound[0], dict(self.captured)
            if self.receiver is not None:
                read = read_from_around(self.scope, at)
                names |= {name: self.receiver for name in read if self._is_receiver(name)}
            seen = {k: v for k, v in names.items() if k not in self.scope.bound_in(at)}
            self._own_closures[node.id] = Closure(self.scope.path, at.lineno, at.col_offset, seen)
        made = self._own_closures[node.id]
        return made if made.names else None

    def told_apart(self, closure: Closure) -> Closure | None:
        """A function that is not what its name stands for, or takes something from around it; None for others."""
        scope, definition = self.meaning.place(closure.path, closure.line, closure.column)
        decorators = getattr(definition, "decorator_list", [])
        if closure.names or definition is None or not decorators:
            return closure if closure.names else None
        named = self.meaning.names_at(scope, definition)
        return closure if any(map(named.is_of_program, decorators)) else None

    def is_of_program(self, decorator: ast.expr) -> bool:
        """Whether a decorator is a function or an object of the program, so that the wiring has called it."""
        while isinstance(decorator, ast.Call):
            decorator = decorator.func
        if isinstance(decorator, ast.Name) and decorator.id in self.bound:
            # within the function the name means something else
            return False
        if self.definition(decorator) is not None or self.standing_for(decorator) is not None:
            return True
        return isinstance(decorator, ast.Attribute) and self.is_of_program(decorator.value)

    def _name(self, node: ast.Name) -> ir.Expr:
        name, span = node.id, self.span(node)
        for names in reversed(self.inner):
            if name in names:
                return self._narrowed(ir.Name(name, fit.plain(names[name]), span), node)
        if name in self.constants:
            self.used_constants.add(name)
            return ir.Name(name, self.constants[name].type, span)
        if name in self.around:
            return self._narrowed(ir.Name(name, self.around[name], span), node)
        if self._is_captured(name):
            value = self.object(self.captured[name], node, name)
            if self.function is None or isinstance(value, ir.Global | ir.StrLit):
                return value
            self.constants[name] = value
            return self._name(node)
        if name in self.bound:
            if name not in self.locals:
                raise self.refuse("LF304", f"`{name}` is not a plain local here", node)
            if name not in self.assigned:
                raise self.refuse("LF308", f"`{name}` may have no value here", node)
            read = ir.Name(name, self.locals[name], span)
            is_told = name in self.doubtful or name in self.widened
            return read if is_told else self._narrowed(read, node)
        for bound in list(self._scopes())[1:]:
            if name in bound:
                raise self.refuse(
                    "LF304", f"`{name}` of an enclosing function has no known value", node
                )
        defined = self.definition(node)
        if defined is not None and getattr(defined[1], "decorator_list", None):
            return self.meaning.tool(*defined, span)
        qualified = self.resolve(node)
        if qualified in ("langgraph.graph.END", "langgraph.constants.END"):
            return ir.StrLit("__end__", STR, span)
        if qualified in ("langgraph.graph.START", "langgraph.constants.START"):
            return ir.StrLit("__start__", STR, span)
        constant = message_constant(qualified)
        if constant is not None:
            return ir.StrLit(constant, STR, span)
        member = self.meaning.module_member(qualified) if qualified else None
        if member is not None:
            return self.of_module(*member, node)
        library = self.library_constant(qualified, node)
        if library is not None:
            return library
        if name in self.scope.bindings and qualified is None:
            return self.of_module(self.scope, name, node)
        if self.request is not None and self.request.library is not None:
            message = f"it is not known what its {name.lower()} is made of"
            raise self.refuse("LF312", message, node)
        raise self.refuse("LF304", f"`{name}` is not a value that native code knows", node)

    def library_constant(self, qualified: str | None, node: ast.expr) -> ir.Expr | None:
        """What a library calls `qualified`, if it is a constant that native code knows."""
        span = self.span(node)
        if qualified in CONSTANTS:
            return ir.Call(qualified, (), (), CONSTANTS[qualified], span)
        if qualified not in TEXTS:
            return None
        if qualified.startswith("colorama.") and self.meaning.wraps_output:
            raise self.refuse("LF303", "colours that colorama may take out are not native", node)
        return ir.StrLit(TEXTS[qualified], STR, span)

    def tuple_of_module(self, node: ast.expr) -> ast.List | None:
        """The texts and numbers of a tuple that a module names once, as a list that stands here."""
        qualified, known = self.resolve(node), None
        if qualified is not None:
            known = self.meaning.module_member(qualified)
        elif isinstance(node, ast.Name) and not self._is_own_name(node.id):
            known = (self.scope, node.id)
        if known is None or known[1] in known[0].global_names:
            return None
        scope, name = known
        bound = scope.bindings.get(name, [])
        for statement in scope.tree.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name() as target], value=ast.Tuple(elts=items))
                    | ast.AnnAssign(target=ast.Name() as target, value=ast.Tuple(elts=items))
                ) if (
                    [target] == bound and items and all(isinstance(x, ast.Constant) for x in items)
                ):
                    here = [ast.copy_location(ast.Constant(x.value), node) for x in items]  # type: ignore[attr-defined]
                    return ast.copy_location(ast.List(list(here), ast.Load()), node)
        return None

    def _is_own_name(self, name: str) -> bool:
        """Whether a name is bound in this function or one around it."""
        return any(name in x for x in self.inner) or any(name in x for x in self._scopes())

    def of_module(self, scope: ModuleScope, name: str, node: ast.expr) -> ir.Expr:
        """What a module calls `name`: from its text, or from what the wiring found where that says more."""
        try:
            return self.meaning.global_value(scope, name, self.span(node))
        except Refusal:
            given = self.captured.get(name) if self.function is None else None
            given = given or self.meaning.module_value(scope, name)
            if not isinstance(given, Given | Written | Items | StoreAt | Constant):
                raise
            return self.object(given, node, name)

    def _narrowed(self, value: ir.Expr, node: ast.expr) -> ir.Expr:
        checked = self.checked_type(node)
        if self._reads_widened(node):
            return value
        if checked == value.type or isinstance(checked, t.AnyType | t.NoneType):
            return value
        if isinstance(value.type, t.OptionalType) and value.type.item == checked:
            return ir.Narrow(value, checked, value.span)
        if isinstance(value.type, t.AnyType) and fit.fits_any(checked):
            return ir.Narrow(value, checked, value.span)
        return value

    def object(self, given: Captured, node: ast.expr | ast.stmt, name: str) -> ir.Expr:
        """The expression that makes what `name` stands for."""
        raise NotImplementedError

    def expr(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Lower an expression; `want` shapes literals, it need not be met."""
        raise NotImplementedError

    def passing(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Like `expr`, also for what is only there to be iterated over, now and once."""
        raise NotImplementedError

    def condition(self, node: ast.expr) -> ir.Expr:
        """Lower an expression of which only the truth matters."""
        raise NotImplementedError

    def iterated(self, node: ast.expr) -> tuple[ir.Expr, t.Type]:
        """An expression that is iterated over, and the type of its items."""
        raise NotImplementedError


def _with_objects(value: ir.Expr) -> ir.Expr | None:
    """A list of records, or one that may be None, as a dynamic value; None where it is no such thing."""
    span = value.span
    match value.type:
        case t.ListType(item=t.RecordType() as kind):
            item = ir.Convert(ir.Name("item", kind, span), ANY, span)
            clause = ir.Clause(ir.NameTarget("item", kind, span), value, kind, ())
            every = t.ListType(ANY)
            made = ir.Comprehension("list", None, item, (clause,), every, span)
            return ir.Convert(made, ANY, span)
        case t.OptionalType(item=t.RecordType() as kind) if isinstance(value, ir.Name):
            nothing = ir.NoneLit(t.NoneType(), span)
            lacks = ir.Compare("is none", value, nothing, t.BoolType(), span)
            there = ir.Narrow(ir.Name(value.name, value.type, span), kind, span)
            held = ir.Convert(there, ANY, span)
            return ir.Conditional(lacks, ir.NoneLit(ANY, span), held, ANY, span)
    return None


def is_member(value: ir.Expr) -> bool:
    """Whether it is a member of an enum, which stays one in a place for texts."""
    return isinstance(value, ir.Call) and value.function.startswith("enums.")


def type_name(kind: t.Type) -> str:
    """A type as the user would write it."""
    match kind:
        case t.ListType(item=item):
            return f"list[{type_name(item)}]"
        case t.SetType(item=item):
            return f"set[{type_name(item)}]"
        case t.DictType(key=key, value=value):
            return f"dict[{type_name(key)}, {type_name(value)}]"
        case t.TupleType(items=items):
            return f"tuple[{', '.join(map(type_name, items))}]"
        case t.OptionalType(item=item):
            return f"{type_name(item)} | None"
        case t.RecordType(record=record):
            return record
        case t.ClassType(name=name):
            return name
        case t.AnyType():
            return "Any"
        case t.NoneType():
            return "None"
    return type(kind).__name__.removesuffix("Type").lower()
