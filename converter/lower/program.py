"""Lowers the functions a graph calls, with the helpers and globals they reach."""

import ast
import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

import msgspec

from langferry.converter.constants import encode
from langferry.converter.lower import convert as fit
from langferry.converter.lower import library, module_state
from langferry.converter.lower.after_making import OBJECT, giving_object, object_of
from langferry.converter.lower.bare_states import bare_kind, reading_value
from langferry.converter.lower.bound_names import bound_at
from langferry.converter.lower.chains import ASKED
from langferry.converter.lower.class_lines import Place, classes_in, lineage
from langferry.converter.lower.constants import literal
from langferry.converter.lower.decorators import is_static, is_undecorated, keeps_result
from langferry.converter.lower.empty_rest import empty_rest
from langferry.converter.lower.form_schema import form_of
from langferry.converter.lower.held_channels import held_channels
from langferry.converter.lower.log_setup import LogSetup, LogSetups
from langferry.converter.lower.model_options import sets_options
from langferry.converter.lower.models import CHAT_MODEL, MODEL_KINDS, TOLD
from langferry.converter.lower.refusal import Refusal, failed
from langferry.converter.lower.requests import (
    Captured,
    Closure,
    Enumeration,
    Filled,
    Given,
    GraphAt,
    HeldTools,
    Helper,
    Lowered,
    LoweredProgram,
    Receiver,
    Request,
    Settings,
    StayingTool,
    StoreAt,
    ToldTools,
    ToolAt,
    Written,
)
from langferry.converter.lower.retries import Retries, Retry, called_again
from langferry.converter.lower.run_modules import RunModules
from langferry.converter.lower.signatures import FORM, STORE
from langferry.converter.lower.state_changes import state_changes
from langferry.converter.lower.statements import Statements
from langferry.converter.lower.text_constants import wraps_output
from langferry.converter.lower.tools import Said, ToolForm, Tools, said_of
from langferry.converter.lower.web_clients import TAVILY
from langferry.converter.lower.written_floats import are_written_floats
from langferry.converter.memo_tables import mentions
from langferry.converter.module_files import folders_made
from langferry.converter.module_scope import (
    Definition,
    Function,
    ModuleScope,
    given_parameters,
    leaves,
    own_nodes,
    parameters,
)
from langferry.converter.types import TypeTable
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.program import Reason, Record
from langferry.model.runs import held_tools, uses
from langferry.model.walk import Node, walk

Parameters = tuple[tuple[str, t.Type, ast.expr | None], ...]

_Lowered = TypeVar("_Lowered", ir.Expr, ir.FunctionBody)

_Signature = Sequence[tuple[str, t.Type, ast.expr | None]]

_Around = tuple[tuple[str, t.Type], ...]
"""Locals of functions around a helper, which it is given when it is called."""

_Key = tuple[Definition, Closure | None, Receiver | None, ToolForm | None, Filled, _Around, _Around]
"""A helper: its definition, what it takes from functions around it, whose method it is, as what tool it runs,
which of its parameters are parts of the run, what locals it reads of functions around it, and the types of
arguments that are not what its parameters are declared as."""


class ProgramLowering:
    """One program; remembers the helpers and globals it has met."""

    def __init__(
        self,
        modules: Sequence[ModuleScope],
        types: TypeTable,
        records: Sequence[Record],
        values: Mapping[str, Mapping[str, Captured]] = MappingProxyType({}),
        unsure: Collection[str] | None = (),
        made_graph: Callable[[str, ast.Call], GraphAt | None] = lambda path, call: None,
        stays: Reason | None = None,
        entry: ModuleScope | None = None,
        names_stay: Reason | None = None,
        made_by: Sequence[str] = (),
    ) -> None:
        self._made_by = made_by
        self.names_stay = names_stay
        self.unsure = unsure
        self.stays = stays
        self.has_store = False
        """Whether the program has a store, be it native or Python's."""
        self._entry = entry
        self.made_graph = made_graph
        self.types = types
        self.records = {record.id: record for record in records}
        self._values = values
        self.scopes = {item.name: item for item in modules}
        self.by_path = {scope.path: scope for scope in self.scopes.values()}
        self.members = frozenset(name for scope in self.by_path.values() for name in scope.members)
        self.attributes_set = frozenset(
            name for scope in self.by_path.values() for name in scope.attributes_set
        )
        self.helpers: dict[str, Helper] = {}
        self.helper_needs: dict[str, tuple[set[str], set[str]]] = {}
        self.helper_uses: dict[str, frozenset[str]] = {}
        self.globals: dict[str, ir.GlobalValue] = {}
        self._signatures: dict[_Key, tuple[str, Parameters, t.Type]] = {}
        self._refused: dict[_Key, Refusal] = {}
        self._after_making: dict[tuple[str, int, int], str | Refusal] = {}
        self._open: set[_Key] = set()
        self._identifiers: dict[tuple[object, ...], str] = {}
        self.global_needs: dict[str, tuple[set[str], set[str]]] = {}
        self.tools: dict[str, StayingTool] = {}
        self.told: dict[str, ToldTools] = {}
        self.held: dict[str, HeldTools] = {}
        self._tools = Tools(self)
        self.is_called_alone = self._tools.is_called_alone
        self.makes_tool = self._tools.makes_tool
        self._hand_offs: dict[tuple[object, ...], Closure] = {}
        self.asked_at: dict[Closure | None, Span] = {}
        """Where the program asks for what the library's own code does."""
        self.asking: Request | None = None
        """The request that is being answered."""
        self.states: frozenset[str] = frozenset()
        """The records that LangGraph makes of channels, which may lack what they declare."""
        self._needs: list[tuple[set[str], set[str]]] = []
        self._lines: list[tuple[Place, list[Place] | None]] | None = None
        self._preparing = False

    def function(self, request: Request) -> Lowered:
        """Lower one function."""
        self._needs.append((set(), set()))
        self.asking = request
        changes = tuple(self._state_changes(request))
        try:
            body = self._widening(lambda widened: self._request(request, widened))
        except Refusal as refusal:
            others = tuple(reason for reason in changes if reason != refusal.reason)
            return Lowered(None, (*others, refusal.reason))
        except Exception as error:
            # a fault of ours in one function is no reason to convert nothing of the program
            at = Span(request.path, request.line, request.column, request.line, request.column)
            return Lowered(None, (*changes, failed(error, request.span or at)))
        finally:
            needs = self._needs.pop()
        helpers, globals_ = self._closure(needs)
        return Lowered(body, (), tuple(sorted(helpers)), tuple(sorted(globals_)))

    def _state_changes(self, request: Request) -> Iterator[Reason]:
        """Where a function, or one it calls, may change the state in place."""
        if request.library is not None or request.form == "reducer":
            return
        scope = self.by_path[request.path]
        function = scope.function_at(request.line, request.column)
        if function is None:
            return
        pending: list[tuple[ModuleScope, Function, Mapping[str, Captured]]] = [
            (scope, function, request.captured)
        ]
        seen: set[ast.AST] = set()
        while pending:
            scope, function, captured = pending.pop()
            if function in seen:
                continue
            seen.add(function)
            lowering = Statements(scope, function, self.types, self.records, _Known(self), None)
            lowering.captured = captured
            given = None if len(seen) > 1 else set(request.parameters)
            kinds = request.parameters.values()
            is_bare = len(seen) == 1 and any(bare_kind(self.records, x) is not None for x in kinds)
            asked = (lowering.resolve, lowering.is_immutable, given)
            for node in state_changes(function, *asked, is_own_dict=not is_bare):
                text = ast.get_source_segment(scope.text, node) or "this"
                message = f"`{text.splitlines()[0]}` may change the state in place"
                yield Reason("LF306", message, lowering.span(node))
            for part in own_nodes(function):
                defined = lowering.definition(part.func) if isinstance(part, ast.Call) else None
                if defined is not None and isinstance(defined[1], Function):
                    assert isinstance(part, ast.Call)
                    closure = lowering.closure(part.func)
                    around = {} if closure is None else closure.names
                    pending.append((defined[0], defined[1], around))

    def _closure(self, needs: tuple[set[str], set[str]]) -> tuple[set[str], set[str]]:
        helpers, globals_ = set(needs[0]), set(needs[1])
        pending = [*helpers, *globals_]
        while pending:
            name = pending.pop()
            known = self.global_needs if name in self.globals else self.helper_needs
            more, used = known.get(name, (set(), set()))
            pending.extend((more - helpers) | (used - globals_))
            helpers |= more
            globals_ |= used
        return helpers, globals_

    def _widening(
        self, lower: Callable[[Mapping[str, t.Type]], ir.FunctionBody]
    ) -> ir.FunctionBody:
        """What `lower` gives once the locals are of types that hold all they are given."""
        widened: dict[str, t.Type] = {}
        while True:
            try:
                return self.attempt(functools.partial(lower, dict(widened)))
            except Refusal as refusal:
                wider = refusal.wider
                if wider is None or widened.get(wider.name) == wider.type:
                    raise
                widened[wider.name] = wider.type

    def _request(self, request: Request, widened: Mapping[str, t.Type]) -> ir.FunctionBody:
        lowering, function = self._requested(request)
        lowering.widened = widened
        # what its decorators made of it was that very function, or it would not be asked for
        self._check_shape(lowering, function, is_known=True)
        span = _header(lowering, function)
        if keeps_result(function, lowering.resolve):
            raise Refusal("LF309", "decorated functions are not native", span)
        if function in lowering.scope.kept_in:
            raise Refusal("LF304", "names of outer scopes are assigned to", span)
        if request.is_retried and self._retry_of(lowering, function) is None:
            raise Refusal("LF309", "this way to call a function again is not native", span)
        for name, constant in request.constants.items():
            lowering.constants[name] = literal(constant, name, span)
        if request.form != "reducer":
            rest = empty_rest(function) or frozenset()
            lowering.passed_on = rest & request.parameters.keys()
            lowering.rest = rest - lowering.passed_on
        names = [x.arg for x in parameters(function) if x.arg not in lowering.rest]
        names = names[request.receiver is not None :]
        given_config = request.has_config and "config" not in request.constants
        free = [
            name
            for name in names
            if name not in request.constants
            and name not in request.captured
            and not (given_config and name == "config")
            and name not in request.filled
        ]
        if set(free) != set(request.parameters):
            raise Refusal("LF309", "its parameters are not those LangGraph passes", span)
        for name in free:
            kind = fit.plain(request.parameters[name])
            if request.form != "reducer" and not isinstance(kind, t.RecordType):
                raise Refusal("LF309", f"parameter `{name}` is not a state", span)
            bare = bare_kind(self.records, kind)
            lowering.locals[name] = kind if bare is None else fit.plain(bare)
            lowering.assigned.add(name)
        if request.form != "reducer" and len(free) != 1:
            raise Refusal("LF309", "it takes more than the state", span)
        lowering.form = request.form
        if request.form == "reducer":
            lowering.returns = fit.plain(next(iter(request.parameters.values())))
        body = self._body(lowering, function, request.form)
        bare = bare_kind(self.records, kind)
        if bare is not None:
            taken = {*lowering.bound, *lowering.locals}
            return reading_value(body, free[0], kind, fit.plain(bare), taken, span)
        made = tuple(item for name in free for item in lowering.making(name, span))
        return msgspec.structs.replace(body, statements=(*made, *body.statements))

    def _requested(self, request: Request) -> tuple[Statements, Function]:
        if request.library is not None:
            function: Function | None = library.library_function(request.library)
            scope, types = library.SCOPE, library.TYPES
        else:
            scope, types = self.by_path[request.path], self.types
            function = scope.function_at(request.line, request.column)
        if function is None:
            at = Span(request.path, request.line, request.column, request.line, request.column)
            raise Refusal("LF304", "there is no function here", at)
        return Statements(scope, function, types, self.records, _Known(self), request), function

    def _body(self, lowering: Statements, function: Function, form: str) -> ir.FunctionBody:
        lowering.comments = _comments(lowering.scope, function)
        if isinstance(function, ast.Lambda):
            lowering.comments = {}
            statements = tuple(lowering._return(function.body, function.body))  # type: ignore[arg-type]
        else:
            statements = lowering.body(function.body)
            if not leaves(function.body):
                statements = (*statements, *self._fall_through(lowering, function))
            retry = self._retry_of(lowering, function)
            if retry is not None:
                statements = self._called_again(lowering, function, statements, retry)
        rest = [text for line in sorted(lowering.comments) for text in lowering.comments[line]]
        constants = tuple(
            (name, value)
            for name, value in lowering.constants.items()
            if name in lowering.used_constants
        )
        return ir.FunctionBody(form, constants, statements, tuple(rest))  # type: ignore[arg-type]

    def _retry_of(self, lowering: Statements, function: Function) -> Retry | None:
        return Retries(self.names_at(lowering.scope, function)).retry_of(function)

    def _called_again(
        self,
        lowering: Statements,
        function: Function,
        statements: tuple[ir.Stmt, ...],
        retry: Retry,
    ) -> tuple[ir.Stmt, ...]:
        span = _header(lowering, function)
        if keeps_result(function, lowering.resolve):
            raise Refusal("LF309", "decorated functions are not native", span)
        given = {item.arg for item in parameters(function)}
        for node in own_nodes(function):
            if (
                isinstance(node, ast.Name)
                and node.id in given
                and not isinstance(node.ctx, ast.Load)
            ):
                # the next attempt begins with what the function was given
                message = f"`{node.id}` is bound again by what is called again"
                raise lowering.refuse("LF309", message, node)
        if not isinstance(function, ast.Lambda) and not leaves(function.body):
            statements = (*statements, ir.Return(None, span))
        taken = {*lowering.locals, *(item.arg for item in parameters(function))}
        return called_again(statements, retry, taken, span)

    def _fall_through(self, lowering: Statements, function: Function) -> tuple[ir.Stmt, ...]:
        span = _header(lowering, function)
        if lowering.form == "node":
            return ()
        if lowering.form == "router":
            return (ir.Return(ir.NoneLit(t.AnyType(), span), span),)
        returns = lowering.returns
        if isinstance(returns, t.OptionalType | t.AnyType):
            return (ir.Return(ir.NoneLit(returns, span), span),)
        if returns is None or isinstance(returns, t.NoneType):
            return ()
        raise Refusal("LF307", "it may end without a result", span)

    def _check_shape(
        self,
        lowering: Statements,
        function: Function,
        is_known: bool = False,
        is_itself: bool = False,
    ) -> None:
        span = _header(lowering, function)
        around = self.names_at(lowering.scope, function)
        is_retried = Retries(around).is_retried

        def is_seen_to(decorator: ast.expr) -> bool:
            return is_retried(decorator) or (is_itself and around.is_of_program(decorator))

        if not is_known and not is_undecorated(function, lowering.resolve, is_seen_to):
            raise Refusal("LF309", "decorated functions are not native", span)
        is_passed_on = is_known and empty_rest(function) is not None
        if (function.args.vararg or (is_known and function.args.kwarg)) and not is_passed_on:
            raise Refusal("LF309", "`*` and `**` parameters are not native", span)
        for node in own_nodes(function):
            if isinstance(node, ast.Yield | ast.YieldFrom):
                raise lowering.refuse("LF302", "`yield` is not native", node)
            if isinstance(node, ast.Nonlocal):
                raise lowering.refuse("LF304", "names of outer scopes are assigned to", node)

    # --- what a function being lowered may ask

    def helper(
        self,
        scope: ModuleScope,
        definition: Definition,
        at: Span,
        closure: Closure | None = None,
        receiver: Receiver | None = None,
        tool: ToolForm | None = None,
        filled: Filled = frozenset(),
        around: _Around = (),
        given: _Around = (),
    ) -> tuple[str, Parameters, t.Type]:
        """The signature of a helper, lowering it when it is met first."""
        if tool is not None and tool.config is not None:
            filled |= {(tool.config, "config")}
        key = (definition, closure, receiver, tool, filled, around, given)
        if key in self._open or (given and any(item[0] is definition for item in self._open)):
            raise Refusal("LF302", "Python's limit on recursion has no native counterpart", at)
        if key not in self._signatures and key not in self._refused:
            try:
                self._lower_helper(scope, key)
            except Refusal as refusal:
                self._signatures.pop(key, None)
                self._refused[key] = refusal
        if key in self._refused:
            reason = self._refused[key].reason
            raise Refusal(
                reason.code, f"`{definition.name}` is not native: {reason.message}", reason.span
            )
        signature = self._signatures[key]
        if self._needs:
            self._needs[-1][0].add(signature[0])
        return signature

    def place(self, path: str, line: int, column: int) -> tuple[ModuleScope, ast.AST | None]:
        """The function that starts there, and its module."""
        scope = self.by_path[path]
        return scope, scope.function_at(line, column)

    def class_at(self, path: str, line: int) -> tuple[ModuleScope, ast.AST] | None:
        """The class that is defined on that line, and its module."""
        scope = self.by_path.get(path)
        found = None if scope is None else scope.class_at(line)
        return None if scope is None or found is None else (scope, found)

    def _lower_helper(self, scope: ModuleScope, key: _Key) -> None:
        definition, closure, _, tool, filled, around, given = key
        lowering = self._of_helper(scope, key)
        is_itself = closure is not None and closure.called is not None
        self._check_shape(lowering, definition, tool is not None, is_itself)
        span = _header(lowering, definition)
        place = (scope.path, definition.lineno, definition.col_offset)
        if definition.args.posonlyargs:
            raise Refusal("LF309", "positional-only parameters", span)
        signature: list[tuple[str, t.Type, ast.expr | None]] = []
        for item, default in given_parameters(definition, lowering.receiver is not None):
            if any(name == item.arg for name, _ in filled):
                continue
            found = lowering.types.name(*place, item.arg)
            kind = t.AnyType() if found is None else fit.plain(found)
            signature.append((item.arg, dict(given).get(item.arg, kind), default))
        declared = lowering.types.name(*place, "return")
        returns = None if declared is None else fit.plain(declared)
        identifier = self.identifier(scope, scope.qualified_name(definition), "helper", key[1:])
        unknown = returns is None or isinstance(returns, t.AnyType)
        if not unknown and returns is not None:
            self._signatures[key] = (identifier, tuple(signature), returns)
        self._open.add(key)
        self._needs.append((set(), set()))
        try:
            if unknown or returns is None:
                body, returns = self._with_own_result(scope, key, signature)
            else:
                body, returns = self._with_declared_result(scope, key, signature, returns)
        finally:
            self._open.discard(key)
            needs = self._needs.pop()
        self._check_kept(lowering, definition, signature, body, returns)
        self._signatures[key] = (identifier, tuple(signature), returns)
        self.helper_needs[identifier] = needs
        self.helper_uses[identifier] = uses([body], self.helper_uses)
        self.helpers[identifier] = Helper(
            identifier,
            definition.name,
            scope.qualified_name(definition),
            (*around, *((name, kind) for name, kind, _ in signature)),
            returns,
            ast.get_docstring(definition),
            lowering.span(definition),
            body,
        )

    def _with_declared_result(
        self, scope: ModuleScope, key: _Key, signature: _Signature, declared: t.Type
    ) -> tuple[ir.FunctionBody, t.Type]:
        """The body of a helper that gives what it says it gives, or something else, as Python does not mind."""
        try:
            return self._try_body(scope, key, signature, declared), declared
        except Refusal as refusal:
            if refusal.reason.code != "LF307":
                raise
            self._signatures.pop(key, None)
            for needed in self._needs[-1]:
                needed.clear()
            try:
                return self._with_own_result(scope, key, signature)
            except Refusal:
                raise refusal from None

    def _with_own_result(
        self, scope: ModuleScope, key: _Key, signature: _Signature
    ) -> tuple[ir.FunctionBody, t.Type]:
        """The body of a helper, and the type of what it gives."""
        body = self._try_body(scope, key, signature, None)
        returns = _result_type(body, is_left=leaves(key[0].body))
        return self._try_body(scope, key, signature, returns), returns

    def _check_kept(
        self,
        lowering: Statements,
        definition: ast.FunctionDef | ast.AsyncFunctionDef,
        given: Sequence[tuple[str, t.Type, ast.expr | None]],
        body: ir.FunctionBody,
        returns: t.Type,
    ) -> None:
        """Refuse a function whose result is kept when it matters whether it is called once.

        What it is given must be what Python finds a kept result by, and never refuses to.
        """
        decorated = keeps_result(definition, lowering.resolve)
        kept_in = lowering.scope.kept_in.get(definition)
        if not decorated and kept_in is None:
            return
        span = _header(lowering, definition)
        others = [x for x in self.scopes.values() if x is not lowering.scope]
        if kept_in is not None and any(mentions(x.tree, kept_in) for x in others):
            raise Refusal("LF304", f"`{kept_in}` is changed while the program runs", span)
        unchangeable = t.StrType | t.IntType | t.FloatType | t.BoolType | t.ClassType
        hashable = t.StrType | t.IntType | t.BoolType
        by_name = {item.arg: item for item in parameters(definition)}
        trees = [x.tree for x in self.scopes.values()]
        if (
            (decorated and isinstance(definition, ast.AsyncFunctionDef))
            or len(given) + (lowering.receiver is not None) < len(parameters(definition))
            or not all(
                isinstance(kind, hashable)
                or (
                    isinstance(kind, t.FloatType)
                    and are_written_floats(trees, definition, by_name[name], default)
                )
                for name, kind, default in given
            )
            or not isinstance(returns, unchangeable)
            or self._prints(body)
            or self._is_of_the_moment(body, definition.name, span)
            or self._asks_what_may_change(body)
        ):
            message = "decorated functions are not native"
            if kept_in is not None:
                message = f"what it keeps in `{kept_in}` is not native"
            raise Refusal("LF309", message, span)

    def _asks_what_may_change(self, body: ir.FunctionBody) -> bool:
        """Whether a function asks its run, a store or the environment, which need not answer the same again."""
        if self.has_store or uses([body], self.helper_uses):
            return True
        is_unsure = self.unsure is None or bool(self.unsure)
        return is_unsure and any(
            isinstance(node, ir.Call) and node.function.startswith("os.")
            for node in self.reached(body)
        )

    def after_making(self, place: tuple[str, int, int], fields: Collection[str], at: Span) -> str:
        """The id of the helper that a new object of a dataclass with these fields is given to."""
        if place not in self._after_making:
            self._after_making[place] = Refusal("LF302", "an object that makes another", at)
            self._needs.append((set(), set()))
            try:
                self._after_making[place] = self._lower_after(place, fields)
            except Refusal as refusal:
                self._after_making[place] = refusal
            finally:
                needs = self._needs.pop()
            found = self._after_making[place]
            if isinstance(found, str):
                self.helper_needs[found] = needs
        found = self._after_making[place]
        if isinstance(found, Refusal):
            raise found
        if self._needs:
            self._needs[-1][0].add(found)
        return found

    def _lower_after(self, place: tuple[str, int, int], fields: Collection[str]) -> str:
        scope, definition = self.place(*place)
        assert isinstance(definition, ast.FunctionDef)
        names = self.names_at(scope, definition)
        own = object_of(definition, fields)
        if not isinstance(own, str):
            assert isinstance(own, ast.expr | ast.stmt)
            raise names.refuse("LF303", f"this in `{definition.name}` is not native", own)

        def lower(widened: Mapping[str, t.Type]) -> ir.FunctionBody:
            known = _Known(self)
            lowering = Statements(
                scope, definition, self.types_of(scope), self.records, known, None
            )
            lowering.widened, lowering.being_made = widened, own
            lowering.locals[own] = t.AnyType()
            lowering.assigned.add(own)
            return self._body(lowering, definition, "helper")

        span = names.span(definition)
        body = giving_object(self._widening(lower), own, span)
        name = scope.qualified_name(definition)
        identifier = self.identifier(scope, name, "helper", place)
        doc = ast.get_docstring(definition)
        given = ((OBJECT, t.AnyType()),)
        kept = Helper(identifier, definition.name, name, given, t.AnyType(), doc, span, body)
        self.helper_uses[identifier] = uses([body], self.helper_uses)
        self.helpers[identifier] = kept
        return identifier

    def _of_helper(self, scope: ModuleScope, key: _Key) -> Statements:
        definition, closure, receiver, _, filled, around, given = key
        lowering = Statements(
            scope, definition, self.types_of(scope), self.records, _Known(self), None
        )
        lowering.stands_for = self.asked_at.get(closure)
        lowering.captured = {} if closure is None else closure.names
        lowering.receiver = None if is_static(definition) else receiver
        lowering.config_parameters = frozenset(name for name, part in filled if part == "config")
        lowering.part_parameters = {name: part for name, part in filled if part != "config"}
        lowering.around = dict(around)
        lowering.doubtful = {name for name, kind in given if isinstance(kind, t.OptionalType)}
        return lowering

    def _try_body(
        self, scope: ModuleScope, key: _Key, signature: _Signature, returns: t.Type | None
    ) -> ir.FunctionBody:
        def lower(widened: Mapping[str, t.Type]) -> ir.FunctionBody:
            lowering = self._of_helper(scope, key)
            lowering.widened = widened
            for name, kind, _ in signature:
                lowering.locals[name] = kind
                lowering.assigned.add(name)
            lowering.returns = returns
            return self._body(lowering, key[0], "helper")

        return self._widening(lower)

    def global_value(self, scope: ModuleScope, name: str, at: Span) -> ir.Global:
        """A module-level constant, if nothing ever changes it."""
        bound = bound_at(scope, name, at)
        identifier = self.identifier(scope, f"{scope.name}.{name}", "global", bound)
        if identifier not in self.globals:
            self._needs.append((set(), set()))
            try:
                self._lower_global(scope, name, identifier, bound, at)
            finally:
                self.global_needs[identifier] = self._needs.pop()
        return self._needed(identifier, at)

    def _needed(self, identifier: str, at: Span) -> ir.Global:
        """The global of this id, which what is being lowered needs from now on."""
        if self.globals[identifier].type in MODEL_KINDS and self._sets_models:
            raise Refusal("LF304", "options of models are set after they are made", at)
        if self._needs:
            self._needs[-1][1].add(identifier)
        return ir.Global(identifier, self.globals[identifier].type, at)

    def module_value(self, scope: ModuleScope, name: str) -> Captured | None:
        """What a name of a module stands for when the graph runs, as far as that is known."""
        given = self._values.get(scope.name, {}).get(name)
        if given is None or name in scope.global_names:
            return None
        is_object = isinstance(given, Receiver | Closure)
        return given if is_object or not self.is_changed(name) else None

    @functools.cached_property
    def _sets_models(self) -> bool:
        return sets_options(self.scopes.values())

    @functools.cached_property
    def held_channels(self) -> frozenset[str]:
        """The keys under which the program writes what something else may hold as well."""
        return held_channels(self.scopes.values())

    def kept_from(self, scope: ModuleScope, name: str, at: Span) -> ast.Constant:
        """What a name that functions of its module assign to holds at first.

        Raises:
            Refusal: it is not certain who looks at it, or something that stays Python may.
        """
        if self.names_stay is not None:
            raise Refusal(self.names_stay.code, self.names_stay.message, at)
        found = module_state.initial(self.by_path.values(), scope, name)
        if found is None:
            raise Refusal("LF304", f"`{name}` is not a module-level constant", at)
        return found

    def is_changed(self, name: str) -> bool:
        """Whether something may change what a module calls `name` in place."""
        return any(name in scope.changed for scope in self.scopes.values())

    def written(self, given: Written, name: str, at: Span) -> ir.Global:
        """The value of an expression that was evaluated while the graph was built."""
        scope = self.by_path[given.path]
        identifier = self.identifier(scope, f"{scope.name}.{name}", "global", given)
        if identifier not in self.globals:
            self._needs.append((set(), set()))
            try:
                self._lower_written(scope, given, name, identifier, at)
            finally:
                self.global_needs[identifier] = self._needs.pop()
        return self._needed(identifier, at)

    def members_of(self, enumeration: Enumeration, at: Span) -> ir.Global:
        """The members of an enum of the program, known from the start: values from elsewhere are asked what they are."""
        short = enumeration.name.rpartition(".")[2]
        identifier = f"enum_{enumeration.name}"
        if identifier not in self.globals:
            kind, text = t.ListType(t.AnyType()), t.StrType()
            names = tuple(ir.StrLit(name, text, at) for name, _ in enumeration.members)
            values = tuple(
                ir.Convert(
                    ir.StrLit(value, text, at)
                    if isinstance(value, str)
                    else ir.IntLit(str(value), t.IntType(), at),
                    t.AnyType(),
                    at,
                )
                for _, value in enumeration.members
            )
            args = (
                ir.StrLit(enumeration.name, text, at),
                ir.ListLit(names, t.ListType(text), at),
                ir.ListLit(values, kind, at),
            )
            made = ir.Call(f"enums.define_{enumeration.kind}", args, (), kind, at)
            self.globals[identifier] = ir.GlobalValue(
                identifier, short, kind, made, (), at, at_start=True
            )
        return self._needed(identifier, at)

    def enumerations(self) -> Iterator[Enumeration]:
        """The enums that modules of the program define, and what is known of them."""
        for scope in self.by_path.values():
            known = self._values.get(scope.name, {})
            for node in scope.tree.body:
                found = known.get(node.name) if isinstance(node, ast.ClassDef) else None
                if isinstance(found, Receiver) and found.enumeration is not None:
                    yield found.enumeration

    def enumeration(self, name: str) -> Enumeration | None:
        """The enum of the program that has this qualified name, where it is known."""
        return next((x for x in self.enumerations() if x.name == name), None)

    def argument(self, given: Given, at: Span) -> ir.Global:
        """An argument of the entry, which whoever runs the program gives."""
        identifier, kind = f"argument_{given.name}_{given.kind}", _GIVEN[given.kind]
        if identifier not in self.globals:
            name = ir.StrLit(given.name, t.StrType(), at)
            made = "langchain.argument" if kind == CHAT_MODEL else "arguments.given"
            value = ir.Call(made, (name,), (), kind, at)
            self.globals[identifier] = ir.GlobalValue(identifier, given.name, kind, value, (), at)
        return self._needed(identifier, at)

    def store(self, given: StoreAt, at: Span) -> ir.Global:
        """A store that the program makes, as it is when the graph is made.

        Raises:
            Refusal: it stays Python.
        """
        stays = self.stays or given.stays
        if stays is not None:
            raise Refusal(stays.code, stays.message, at)
        identifier = self.identifier(self.by_path[given.span.file], given.name, "store", given)
        if identifier not in self.globals:
            parts: list[ir.Expr] = []
            for item in given.items:
                namespace, key, data = (literal(x, given.name, given.span) for x in item)
                parts += [namespace, key, ir.Convert(data, t.AnyType(), given.span)]
            value = ir.Call("stores.made", tuple(parts), (), STORE, given.span)
            self.globals[identifier] = ir.GlobalValue(
                identifier, given.name, STORE, value, (), given.span
            )
        return self._needed(identifier, at)

    def settings(self, given: Settings, at: Span) -> ir.Global:
        """An object of settings, which is made when the program starts."""
        scope = self.by_path[given.path]
        identifier = self.identifier(scope, f"{scope.name}.{given.class_name}", "global", given)
        if identifier not in self.globals:
            spec = ir.StrLit(given.spec, t.StrType(), given.span)
            value = ir.Call("settings.made", (spec,), (), SETTINGS, given.span)
            self.globals[identifier] = ir.GlobalValue(
                identifier, given.class_name, SETTINGS, value, (), given.span, at_start=True
            )
        return self._needed(identifier, at)

    def _lower_written(
        self, scope: ModuleScope, given: Written, name: str, identifier: str, at: Span
    ) -> None:
        place = (given.line, given.column, given.end_line, given.end_column)
        found = scope.expression_at(place)
        if found is None:
            # an argument that is given when the program runs stands nowhere in it
            raise Refusal("LF304", f"`{name}` has no known value", at)
        node, outer = found
        lowering = self.lowering(scope)
        lowering.captured, lowering.outer = given.names, outer
        value = lowering.expr(node)
        self.globals[identifier] = ir.GlobalValue(
            identifier,
            name,
            value.type,
            self._made_quietly(value),
            (),
            lowering.span(node),
            self._is_of_the_moment(value, name, at),
        )

    def _is_of_the_moment(self, value: ir.Expr | ir.FunctionBody, name: str, at: Span) -> bool:
        """Whether it is another value when it is made later.

        Raises:
            Refusal: that it is made would show, or changes what is made elsewhere.
        """
        found = False
        for item in self.reached(value):
            match item:
                case ir.Call(function=called) if called in _PRINTING:
                    # which modules do for themselves when they run, if they do
                    pass
                case ir.Call(function=called) if called.startswith(_SHOWING):
                    raise Refusal("LF304", f"making `{name}` does more than that", at)
                case ir.Call(function=called) if called.startswith(_OF_THE_MOMENT):
                    found = True
                case ir.MethodCall(receiver=of, method=asking) if (
                    asking == "invoke" and of.type in ASKED
                ) or of.type == TAVILY:
                    raise Refusal("LF304", f"making `{name}` does more than that", at)
        return found

    @functools.cached_property
    def _folders_made(self) -> list[tuple[ModuleScope, ast.Call]] | None:
        return folders_made(self.scopes.values())

    def prepare_files(self, at: Span) -> None:
        """See to it that files are as the modules of the program leave them when the graph is built.

        Raises:
            Refusal: it is not certain what they do to them.
        """
        made = self._folders_made
        if made is None:
            raise Refusal("LF303", "the program's modules change files when they run", at)
        if self._preparing:
            return
        self._preparing = True
        try:
            for scope, call in made:
                self._needed(self._folder(scope, call), at)
        finally:
            self._preparing = False

    def _folder(self, scope: ModuleScope, call: ast.Call) -> str:
        """What makes a folder that a module makes when it runs."""
        identifier = self.identifier(scope, f"{scope.name}.folder", "global", call)
        if identifier not in self.globals:
            self._needs.append((set(), set()))
            try:
                value = self.lowering(scope).expr(call)
            finally:
                self.global_needs[identifier] = self._needs.pop()
            self.globals[identifier] = ir.GlobalValue(
                identifier, "folder", value.type, value, (), value.span, at_start=True
            )
        return identifier

    def _prints(self, value: Node) -> bool:
        return any(isinstance(x, ir.Call) and x.function in _PRINTING for x in self.reached(value))

    def _made_quietly(self, value: ir.Expr) -> ir.Expr:
        """A module's value, made without what its module prints meanwhile."""
        if not self._prints(value):
            return value
        return ir.Call("builtins.quietly", (value,), (), value.type, value.span)

    def reached(self, value: Node) -> Iterator[Node]:
        """The nodes of an expression or body, and of the functions that it calls."""
        pending, seen = [value], set[str]()
        while pending:
            for node in walk([pending.pop()]):
                yield node
                if isinstance(node, ir.FunctionCall) and node.function not in seen:
                    seen.add(node.function)
                    pending.append(self.helpers[node.function].body)

    def _lower_global(
        self, scope: ModuleScope, name: str, identifier: str, bound: ast.AST | None, at: Span
    ) -> None:
        statement = next(
            (
                item
                for item in scope.tree.body
                if isinstance(item, ast.Assign | ast.AnnAssign)
                and item.value is not None
                and bound in (item.targets if isinstance(item, ast.Assign) else [item.target])
            ),
            None,
        )
        if statement is None or name in scope.global_names:
            raise Refusal("LF304", f"`{name}` is not a module-level constant", at)
        if isinstance(statement, ast.Assign) and len(statement.targets) != 1:
            raise Refusal("LF304", f"`{name}` is not a module-level constant", at)
        if self.is_changed(name):
            raise Refusal("LF304", f"`{name}` is changed while the program runs", at)
        lowering = Statements(scope, None, self.types, self.records, _Known(self), None)
        declared = self.types.global_name(scope.path, name)
        kind = None if declared is None else fit.plain(declared)
        assert statement.value is not None
        known = kind is not None and not isinstance(kind, t.AnyType)
        value = lowering.expr(statement.value, kind if known else None)
        if known and kind is not None and not fit.is_of_langchain(value.type):
            value = lowering.fitted(value, kind, statement.value)
        self.globals[identifier] = ir.GlobalValue(
            identifier,
            name,
            value.type,
            self._made_quietly(value),
            (),
            lowering.span(statement),
            self._is_of_the_moment(value, name, at),
        )

    def types_of(self, scope: ModuleScope) -> TypeTable:
        """What the type checker says of a module."""
        return library.TYPES if scope is library.SCOPE else self.types

    def lowering(self, scope: ModuleScope) -> Statements:
        """What lowers expressions of a module."""
        return Statements(scope, None, self.types_of(scope), self.records, _Known(self), None)

    def push(self) -> None:
        """Begin to note what helpers and globals are needed."""
        self._needs.append((set(), set()))

    def pop(self) -> tuple[set[str], set[str]]:
        """The helpers and globals needed since `push`."""
        return self._needs.pop()

    def tool(
        self,
        scope: ModuleScope,
        definition: ast.AST,
        at: Span,
        closure: Closure | None = None,
        said: Said | None = None,
    ) -> ir.Global:
        """The tool that the decorated function `definition` is, or that is made of it by what is `said`.

        Raises:
            Refusal: it is no tool, or none whose arguments can be described.
        """
        made = self._tools.of(scope, definition, at, closure, said)
        return self._needed(made.id, at)

    def tool_of_object(self, given: Receiver, at: Span) -> ir.Global:
        """The tool that an object of the program is."""
        return self._needed(self._tools.of_object(given, at).id, at)

    def hand_off(
        self,
        agent: str,
        name: str,
        description: str,
        at: Span,
        tells: bool | None = None,
        keys: tuple[str, ...] = (),
    ) -> ir.Global:
        """The tool that hands a run over to the agent; a supervisor's `tells` of it or not, and hands `keys` over.

        Raises:
            Refusal: it is none that native code knows.
        """
        key = (agent, name, description, tells, keys)
        definition = library.hand_off("hand_off" if tells is None else "supervised_hand_off")
        if key not in self._hand_offs:
            told: dict[str, object] = {"AGENT": agent, "NAME": name, "DESCRIPTION": description}
            told |= {} if tells is None else {"TELLS": tells, "KEYS": list(keys)}
            names = {key: encode(value) for key, value in told.items()}
            place = (library.SCOPE.path, definition.lineno, definition.col_offset)
            self._hand_offs[key] = Closure(*place, names)
            self.asked_at[self._hand_offs[key]] = at
        return self.tool(library.SCOPE, definition, at, self._hand_offs[key])

    def tool_made(
        self,
        scope: ModuleScope,
        node: ast.Call,
        definition: tuple[ModuleScope, ast.AST],
        at: Span,
        closure: Closure | None = None,
    ) -> ir.Global | None:
        """The tool that a call makes of a function by the rest of its arguments; None where those are not known."""
        said = said_of(self.lowering(scope), [x for x in node.keywords if x.arg != "func"])
        return None if said is None else self.tool(*definition, at, closure, said)

    def form(
        self,
        scope: ModuleScope,
        definition: ast.ClassDef,
        at: Span,
        is_tool: bool = False,
        is_told: bool = False,
    ) -> ir.Global:
        """The form that a pydantic class is; one that `is_tool` makes the answers of a tool.

        Of one that `is_told` models are only told, and nothing is made of it.

        Raises:
            Refusal: it has parts whose schema is not known.
        """
        kind = "form_of_tool" if is_tool else "told_form" if is_told else "form"
        # a notebook may define a class once more
        name = scope.qualified_name(definition)
        identifier = self.identifier(scope, name, kind, definition)
        if identifier not in self.globals:
            where = self.lowering(scope).span(definition)
            form = form_of(self.lowering(scope), scope, definition, is_tool, is_told)
            made = ir.FormLit(form.name, form.schema, form.inner, form.factories, FORM, where)
            self.globals[identifier] = ir.GlobalValue(
                identifier, definition.name, FORM, made, (), where
            )
        return self._needed(identifier, at)

    def derived(self, place: Place) -> list[Place]:
        """The classes that are, or may be, derived from one of the program's."""
        if self._lines is None:
            names = self.lowering(place[0])
            self._lines = [(item, lineage(names, item)) for item in self.classes()]
        return [
            item for item, line in self._lines if item != place and (line is None or place in line)
        ]

    def classes(self) -> list[Place]:
        """All classes of the program."""
        return [(scope, node) for scope in self.by_path.values() for node in classes_in(scope)]

    def names_at(self, scope: ModuleScope, definition: ast.AST | None) -> Statements:
        """What names mean where a class or function is defined; without one, in the module itself."""
        around = [] if definition is None else scope.enclosing_functions(definition)
        function = around[0] if around else None
        return Statements(scope, function, self.types, self.records, _Known(self), None)

    def tool_at(self, place: ToolAt, at: Span, said: Said | None = None) -> ir.Global:
        """The tool that the function defined there is, is taken for, or is made of by what is `said`."""
        scope = self.by_path[place.path]
        definition = scope.function_at(place.line, place.column)
        if definition is None:
            raise Refusal("LF304", "there is no function here", at)
        return self.tool(scope, definition, at, place.closure, said)

    def held_tools(self, request: Request, count: int | None, reason: Reason) -> str:
        """The id of what runs the tools that only Python knows, of the node that `request` is."""
        id_ = f"tools_held_for_{request.id}"
        self.held[id_] = HeldTools(id_, request.id, count, reason)
        return id_

    def told_tools(self, request: Request, ending: tuple[str, ...], reason: Reason) -> ir.Global:
        """What Python tells a model of the tools of the agent in which `request` is a part."""
        assert request.span is not None
        id_, name = f"tools_of_{request.id}", f"told_to_{request.id}"
        if name not in self.globals:
            told = ir.StrLit(id_, t.StrType(), request.span)
            value = ir.Call("langchain.told_tools", (told,), (), TOLD, request.span)
            self.globals[name] = ir.GlobalValue(name, name, TOLD, value, (), request.span)
            self.told[id_] = ToldTools(id_, name, request.id, ending, reason)
        return self._needed(name, request.span)

    def attempt(self, lower: Callable[[], _Lowered]) -> _Lowered:
        """What `lower` gives; nothing is needed of what it has asked for where it is refused.

        Raises:
            Refusal: it was refused.
        """
        self.push()
        helpers, globals_ = set[str](), set[str]()
        try:
            value = lower()
            helpers, globals_ = self._needs[-1]
            return value
        finally:
            self.pop()
            if self._needs:
                self._needs[-1][0].update(helpers)
                self._needs[-1][1].update(globals_)

    def told_here(
        self, scope: ModuleScope, node: ast.expr, name: str, at: Span, reason: Reason
    ) -> ir.Global:
        """What Python tells a model of the tools that an expression of a module gives."""
        id_ = self.identifier(scope, f"{scope.name}.{name}", "tools")
        told = f"told_of_{id_}"
        if told not in self.globals:
            made = ir.Call("langchain.told_tools", (ir.StrLit(id_, t.StrType(), at),), (), TOLD, at)
            self.globals[told] = ir.GlobalValue(told, name, TOLD, made, (), at)
            self.told[id_] = ToldTools(id_, told, (scope.path, ast.unparse(node)), (), reason)
        return self._needed(told, at)

    def in_order(self, globals_: Iterable[str]) -> list[str]:
        """The ids of globals by name, those that others are made of before them."""
        found: dict[str, None] = {}

        def visit(names: Iterable[str]) -> None:
            for name in sorted(names):
                if name not in found:
                    visit(self.global_needs.get(name, (set(), set()))[1])
                    found[name] = None

        visit(globals_)
        return list(found)

    def module_member(self, qualified: str) -> tuple[ModuleScope, str] | None:
        """The module and name of the program that `qualified` stands for."""
        module, _, name = qualified.rpartition(".")
        scope = self.scopes.get(module)
        if scope is None:
            return None
        if name not in scope.bindings:
            return None
        again = [scope.imported(node, name) for node in scope.bindings[name]]
        if len(again) == 1 and again[0] is not None and again[0] != qualified:
            return self.module_member(again[0])
        return scope, name

    @functools.cached_property
    def wraps_output(self) -> bool:
        """Whether the program has colorama take its colours out of what is printed to no terminal."""
        return wraps_output(self.scopes.values())

    def log_setup(self, scope: ModuleScope) -> LogSetup | None:
        """How logging is set up when functions of a module run, if that is certain."""
        return self._log_setups.of(scope)

    def surely_imports(
        self, scope: ModuleScope, node: ast.Import | ast.ImportFrom, read: Collection[str]
    ) -> bool:
        """Whether an import in a function of a module, which reads these names, cannot fail."""
        return self._run_modules.surely_gives(scope, node, read)

    @functools.cached_property
    def _run_modules(self) -> RunModules:
        return RunModules(self.scopes, self._entry)

    @functools.cached_property
    def _log_setups(self) -> LogSetups:
        return LogSetups(list(self.scopes.values()), self._entry, self._made_by)

    def identifier(
        self, scope: ModuleScope, qualified: str, kind: str, instance: object = None
    ) -> str:
        key = (kind, qualified, instance)
        if key not in self._identifiers:
            short = qualified.removeprefix(f"{scope.name}.")
            base = f"{kind}_" + re.sub(r"\W+", "_", short)
            taken = set(self._identifiers.values())
            name, number = base, 2
            while name in taken:
                name, number = f"{base}_{number}", number + 1
            self._identifiers[key] = name
        return self._identifiers[key]


class _Known:
    """What a function being lowered may ask of the program."""

    def __init__(self, program: ProgramLowering) -> None:
        self.helper = program.helper
        self.after_making = program.after_making
        self.global_value = program.global_value
        self.written = program.written
        self.argument = program.argument
        self.members_of = program.members_of
        self.enumeration = program.enumeration
        self.settings = program.settings
        self.store = program.store
        self.stays = program.stays
        self.module_value = program.module_value
        self.module_member = program.module_member
        self.made_graph = program.made_graph
        self.place = program.place
        self.class_at = program.class_at
        self.unsure = program.unsure
        self.log_setup = program.log_setup
        self.surely_imports = program.surely_imports
        self.tool = program.tool
        self.tool_at = program.tool_at
        self.tool_of_object = program.tool_of_object
        self.hand_off = program.hand_off
        self.tool_made = program.tool_made
        self.form = program.form
        self.names_at = program.names_at
        self.derived = program.derived
        self.classes = program.classes
        self.told_tools = program.told_tools
        self.held_tools = program.held_tools
        self.types_of = program.types_of
        self.is_called_alone = program.is_called_alone
        self.makes_tool = program.makes_tool
        self.helper_uses: Mapping[str, Collection[str]] = program.helper_uses
        self.told_here = program.told_here
        self.reached = program.reached
        self.prepare_files = program.prepare_files
        self.attempt = program.attempt
        self.is_changed = program.is_changed
        self.kept_from = program.kept_from
        self.globals: Mapping[str, ir.GlobalValue] = program.globals
        self.members = program.members
        self.attributes_set = program.attributes_set
        self._program = program

    @property
    def has_store(self) -> bool:
        """Whether the program has a store, which holds the very objects that are put into it."""
        return self._program.has_store

    def is_held_elsewhere(self, channel: str) -> bool:
        """Whether something else may hold the object that is a channel's value."""
        return self._program.has_store or channel in self._program.held_channels

    @property
    def wraps_output(self) -> bool:
        """Whether the program has colorama take its colours out of what is printed to no terminal."""
        return self._program.wraps_output

    @property
    def states(self) -> Collection[str]:
        """The records that LangGraph makes of channels, which may lack what they declare."""
        return self._program.states


def lower_program(
    requests: Sequence[Request],
    modules: Sequence[ModuleScope],
    types: TypeTable,
    records: Sequence[Record],
    values: Mapping[str, Mapping[str, Captured]] = MappingProxyType({}),
    unsure: Collection[str] | None = (),
    made_graph: Callable[[str, ast.Call], GraphAt | None] = lambda path, call: None,
    stores: Sequence[StoreAt] = (),
    stays: Reason | None = None,
    entry: ModuleScope | None = None,
    names_stay: Reason | None = None,
    made_by: Sequence[str] = (),
) -> LoweredProgram:
    """Lower every requested function; see the package's docstring.

    `values` says, by module, what its names stand for when the graph runs. `unsure` names the environment's
    variables of which it is not known what they hold then; None stands for all of them. `made_graph` tells the
    graph that a call in a file makes, of names of its module alone. `stores` are those that graphs lend their
    nodes; it is said why they stay Python, if they do. `entry` is the module that the graph is looked for in,
    which has run when anything of the graph does. `names_stay` says why names of modules that functions assign to
    are Python's, if they are. `made_by` are the expressions that give the graphs.
    """
    program = ProgramLowering(
        modules, types, records, values, unsure, made_graph, stays, entry, names_stay, made_by
    )
    program.has_store = bool(stores) or stays is not None
    program.states = frozenset(
        kind.record
        for request in requests
        for kind in request.parameters.values()
        if isinstance(kind, t.RecordType)
    )
    functions = {request.id: program.function(request) for request in requests}
    helpers = {name for item in functions.values() if item.body for name in item.helpers}
    globals_ = {name for item in functions.values() if item.body for name in item.globals}
    natives = [request for request in requests if functions[request.id].body]
    enums: set[str] = set()
    for enumeration in program.enumerations() if natives else ():
        first = natives[0]
        at = Span(first.path, first.line, first.column, first.line, first.column)
        enums.add(program.members_of(enumeration, at).id)
    kept = {x: program.store(x, x.span).id for x in stores} if stays is None else {}
    needed = globals_ | enums | set(kept.values())
    pending = [program.globals[name] for name in program.in_order(needed)]
    held = set(held_tools(item.body for item in functions.values() if item.body))
    return LoweredProgram(
        functions,
        tuple(program.helpers[name] for name in sorted(helpers)),
        tuple(pending),
        tuple(tool for tool in program.tools.values() if tool.tool in globals_),
        tuple(tools for tools in program.told.values() if tools.told in globals_),
        tuple(tools for tools in program.held.values() if tools.id in held),
        frozenset(enums),
        kept,
    )


_OF_THE_MOMENT = (
    "module_state.get",
    *("time.", "uuid.", "datetime.datetime.now", "datetime.datetime.utcnow"),
    *("datetime.datetime.today", "datetime.date.today", "files."),
    *("os.path.", "os.getcwd", "os.listdir", "os.program_file"),
)
"""Calls that give something else whenever they are made."""

_PRINTING = ("builtins.print", "builtins.print_error")

_SHOWING = (
    *("module_state.set", "os.system", "random.", "builtins.print", "builtins.input"),
    *("logging.", "rich.print", "time.sleep", "requests.request", "asyncio.gather"),
    *("files.write", "os.makedirs", "os.remove"),
)
"""Calls of which the order counts."""

_GIVEN: dict[str, t.Type] = {
    "model": CHAT_MODEL,
    "str": t.StrType(),
    "int": t.IntType(),
    "float": t.FloatType(),
    "bool": t.BoolType(),
}
"""The types of arguments of the entry."""

SETTINGS = t.ClassType("pydantic_settings.Settings")
"""An object of settings as it is read when the program starts."""


def _header(lowering: Statements, function: Function) -> Span:
    span = lowering.span(function)
    return Span(span.file, span.line, span.column, span.line, span.column)


def _result_type(body: ir.FunctionBody, is_left: bool) -> t.Type:
    """What the returns of a body give; one that is not `left` by them gives None at its end."""
    found: list[t.Type] = []

    def visit(statements: Sequence[ir.Stmt]) -> None:
        for item in statements:
            match item:
                case ir.Return(value=None):
                    found.append(t.NoneType())
                case ir.Return(value=value) if not isinstance(
                    value, ir.Update | ir.DynamicUpdate | ir.Command
                ):
                    assert value is not None
                    found.append(value.type)
                case ir.If(body=inner, orelse=other):
                    visit(inner)
                    visit(other)
                case ir.For(body=inner) | ir.While(body=inner):
                    visit(inner)
                case ir.Try(body=inner, handlers=handlers, orelse=other, final=final):
                    visit(inner)
                    visit(other)
                    visit(final)
                    for handler in handlers:
                        visit(handler.body)

    visit(body.statements)
    if not is_left or not found:
        found.append(t.NoneType())
    result = found[0]
    for kind in found[1:]:
        joined = fit.join(result, kind)
        result = t.AnyType() if joined is None else joined
    return result


def _comments(scope: ModuleScope, function: Function) -> dict[int, list[str]]:
    """The comments inside a function, by line; those of nested functions stay there."""
    if isinstance(function, ast.Lambda):
        return {}
    lines = range(function.lineno + 1, (function.end_lineno or 0) + 1)
    return {line: [text] for line, text in scope.comments.items() if line in lines}
