"""Calls: who is called, and the program's own functions."""

import ast
from collections.abc import Callable

from langferry.converter.lower import convert as fit
from langferry.converter.lower.builtin_calls import is_none, typeless
from langferry.converter.lower.decorators import is_static
from langferry.converter.lower.empty_rest import without_rest
from langferry.converter.lower.expressions import type_name
from langferry.converter.lower.hand_off import HANDING_OFF, HandOff
from langferry.converter.lower.local_functions import read_from_around
from langferry.converter.lower.message_classes import message_class
from langferry.converter.lower.method_calls import is_simple
from langferry.converter.lower.models import ASKING, MODELS
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import Closure, Receiver
from langferry.converter.lower.signatures import (
    ANY,
    FUNCTIONS,
    INT,
    SEND,
    STR,
)
from langferry.converter.module_scope import Definition, ModuleScope, given_parameters
from langferry.model import ir
from langferry.model import types as t

_DEFINED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Calls(HandOff):
    """Lowers the calls of one function."""

    _gives_dicts: bool = False
    """Whether a function that is called gets TypedDicts as dicts of anything."""

    rest: frozenset[str] = frozenset()
    """Parameters for the rest of the arguments, which are given nothing."""

    passed_on: frozenset[str] = frozenset()
    """Those that are given one argument, which they only pass on."""

    def call(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        given = without_rest(node, self.rest, self.passed_on)
        if self._awaited is node:
            self._awaited = given
        node = given
        made = self.made_object(node) or self.found_member(node)
        if made is not None:
            return made
        gathered = self.gather(node) or self.filled_with_all(node) or self.invoked_function(node)
        if gathered is not None:
            return gathered
        if any(isinstance(item, ast.Starred) for item in node.args) or (
            any(keyword.arg is None for keyword in node.keywords)
            and self.resolve(node.func) not in MODELS
            and not self._passes_rest_on(node)
        ):
            raise self.refuse("LF302", "`*` and `**` in calls are not native", node)
        method = self._own_method(node.func)
        if method is not None:
            return method(node)
        written = self.write(node)
        if written is not None:
            return written
        store = self.store_of_run(node)
        if store is not None:
            return store
        run = self.run_graph(node)
        if run is not None:
            return run
        logged = self.log_call(node)
        if logged is not None:
            return logged
        parallel = self.ask_parallel(node)
        if parallel is not None:
            return parallel
        printed = self.console_print(node)
        if printed is not None:
            return printed
        defined = self.definition(node.func)
        if defined is not None:
            return self._called_with_object(node, *defined) or self._program_call(
                node, *defined, self.closure(node.func)
            )
        qualified = self.resolve(node.func)
        if qualified is None:
            if isinstance(node.func, ast.Attribute):
                return self._method(node, node.func, want)
            raise self.refuse("LF303", f"calling `{ast.unparse(node.func)}` is not native", node)
        if qualified.startswith("builtins."):
            builtin = getattr(self, f"_builtin_{qualified.removeprefix('builtins.')}", None)
            if builtin is not None:
                result: ir.Expr = builtin(node, want)
                return result
        if qualified in ("langgraph.types.interrupt",):
            self.check_use("interrupt", node)
            if len(node.args) != 1 or node.keywords:
                raise self.refuse("LF302", "this form of `interrupt` is not native", node)
            question = self.expr(node.args[0])
            if not fit.fits_any(question.type):
                raise self.refuse("LF302", f"interrupting with {type_name(question.type)}", node)
            return ir.Interrupt(question, ANY, self.span(node))
        if qualified in ("langgraph.types.Send", "langgraph.constants.Send"):
            return self._send(node)
        if qualified == "langgraph.types.Command":
            return self.command_value(node)
        if qualified in HANDING_OFF:
            return self.hand_off(node)
        special = self.library_call(node, qualified)
        if special is not None:
            return special
        message = message_class(qualified)
        if message is not None:
            return self.make_message(node, message)
        if qualified == "langgraph.prebuilt.tools_condition":
            return self.tools_condition(node)
        of_messages = self.message_function(node, qualified)
        if of_messages is not None:
            return of_messages
        own = qualified.removeprefix("langferry.library.")
        if own != qualified:
            return self._of_library(node, own)
        tool = self.make_tool(node, qualified)
        if tool is not None:
            return tool
        asked = self.web_call(node, qualified)
        if asked is not None:
            return asked
        document = self.make_document(node, qualified)
        if document is not None:
            return document
        link = self.make_link(node, qualified)
        if link is not None:
            return link
        if qualified in MODELS:
            return self.make_model(node, qualified)
        signature = FUNCTIONS.get(qualified)
        if signature is None:
            raise self.refuse("LF303", f"`{qualified}` is not native", node)
        args = self._arguments(node, signature, {}, qualified)
        return ir.Call(qualified, args, (), signature.types({})[1], self.span(node))

    def _of_library(self, node: ast.Call, name: str) -> ir.Expr:
        """What only the library's own functions call."""
        match name:
            case "named":
                return self.named(node)
            case "read_state":
                return ir.Call("langgraph.state", (), (), ANY, self.span(node))
            case "sent":
                args = tuple(self.expect(item, ANY) for item in node.args)
                return ir.Call("commands.sent", args, (), ANY, self.span(node))
            case "remaining_steps":
                return ir.Call("langgraph.remaining_steps", (), (), INT, self.span(node))
            case "with_remaining_steps":
                state = self.fitted(self.expr(node.args[0]), ANY, node)
                name = "langgraph.with_remaining_steps"
                return ir.Call(name, (state,), (), ANY, self.span(node))
        return self.answered(node, name)

    def _called_with_object(
        self, node: ast.Call, scope: ModuleScope, definition: ast.AST | None
    ) -> ir.Expr | None:
        """`func(self, state)`, where a method's own object is given on; None for any other call."""
        receiver = self.received(node.args[0]) if node.args else None
        if receiver is None or receiver is not self.receiver:
            return None
        if (
            not isinstance(definition, Definition)
            or not definition.args.args
            or is_static(definition)
        ):
            return None
        method = ast.copy_location(ast.Call(node.func, node.args[1:], node.keywords), node)
        if self._awaited is node:
            self._awaited = method
        return self._program_call(method, scope, definition, self.closure(node.func), receiver)

    def _own_method(self, func: ast.expr) -> Callable[[ast.Call], ir.Expr] | None:
        """How to call a method of the object that this function is a method of."""
        receiver = self.received(func.value) if isinstance(func, ast.Attribute) else None
        if receiver is None or not isinstance(func, ast.Attribute):
            return None
        if receiver.tool is not None and func.attr in ASKING:
            return lambda node: self._asked_tool(node, func)
        method = receiver.methods.get(func.attr)
        # a function that an object holds is not given the object
        held = receiver.attributes.get(func.attr) if method is None else method
        if not isinstance(held, Closure):
            message = f"`{func.attr}` of a `{receiver.class_name}` is not native"
            raise self.refuse("LF303", message, func)
        scope, definition = self.meaning.place(held.path, held.line, held.column)
        closure, given = self.told_apart(held), None if method is None else receiver
        return lambda node: self._program_call(node, scope, definition, closure, given)

    def _asked_tool(self, node: ast.Call, func: ast.Attribute) -> ir.Expr:
        """`tool.invoke(input)` of an object of the program."""
        receiver = self.received(func.value)
        assert receiver is not None
        tool = self.meaning.tool_of_object(receiver, self.span(node))
        asked = self.method(tool, func.attr, node, None)
        if asked is None:
            raise self.refuse("LF303", f"this form of `{func.attr}` is not native", node)
        return asked

    def property_of(self, receiver: Receiver, node: ast.Attribute) -> ir.Expr:
        """What a property of an object of the program gives."""
        found = receiver.properties[node.attr]
        scope, definition = self.meaning.place(found.path, found.line, found.column)
        called = ast.copy_location(ast.Call(node, [], []), node)
        closure = self.told_apart(found)
        return self._program_call(called, scope, definition, closure, receiver)

    def _program_call(
        self,
        node: ast.Call,
        scope: ModuleScope,
        definition: ast.AST | None,
        closure: Closure | None,
        receiver: Receiver | None = None,
    ) -> ir.Expr:
        if isinstance(definition, ast.ClassDef):
            return self._construct(node, definition)
        if isinstance(definition, ast.Lambda):
            definition = scope.as_definition(definition)
        if isinstance(definition, Definition) and self.meaning.makes_tool(scope, definition):
            return self._tool_called(node, definition)
        if isinstance(definition, ast.AsyncFunctionDef) and not self.is_awaited(node):
            raise self.refuse("LF302", "a coroutine that is not waited for right there", node)
        if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
            raise self.refuse("LF303", "this call is not native", node)
        called = (scope, definition, closure, receiver)
        try:
            return self.meaning.attempt(lambda: self._called(node, *called, {}))
        except Refusal as refusal:
            try:
                others = self._other_types(node, *called)
            except Refusal:
                raise refusal from None
            if refusal.reason.code != "LF307":
                # of a model that is given for anything, it has to be known that it is one
                others = {k: v for k, v in others.items() if fit.is_of_langchain(v)}
            if not others:
                raise
            try:
                return self.meaning.attempt(lambda: self._called(node, *called, others))
            except Refusal:
                if not any(isinstance(kind, t.RecordType) for kind in others.values()):
                    raise refusal from None
            outer, self._gives_dicts = self._gives_dicts, True
            try:
                return self._called(node, *called, {})
            except Refusal:
                raise refusal from None
            finally:
                self._gives_dicts = outer

    def _tool_called(self, node: ast.Call, definition: Definition) -> ir.Expr:
        """`search(query)` of what a decorator has made a tool, which cannot be called so any more."""
        given = [*node.args, *(item.value for item in node.keywords)]
        args = tuple(self.expect(item, ANY) for item in given)
        # which fails before there is anything to wait for
        self.is_awaited(node)
        span = self.span(node)
        name = ir.StrLit("StructuredTool", STR, span)
        whole = ir.ListLit(args, t.ListType(ANY), span)
        return ir.Call("objects.not_callable", (name, whole), (), ANY, span)

    def _other_types(
        self,
        node: ast.Call,
        scope: ModuleScope,
        definition: Definition,
        closure: Closure | None,
        receiver: Receiver | None,
    ) -> dict[str, t.Type]:
        """The types of arguments that are not what the parameters are declared as."""
        bound = receiver is not None and not is_static(definition)
        given, found = self._given(node, definition, bound), dict[str, t.Type]()
        place = (scope.path, definition.lineno, definition.col_offset)
        for item, default in given_parameters(definition, bound):
            declared = self.meaning.types_of(scope).name(*place, item.arg)
            kind = ANY if declared is None else fit.plain(declared)
            argument = given.get(item.arg)
            is_open = isinstance(kind, t.OptionalType | t.AnyType | t.NoneType)
            if default is not None and is_none(default) and not is_open:
                # `x: str = None`, which the type checker takes at its word
                kind = found[item.arg] = t.OptionalType(kind)
            if argument is None or self.run_part(argument) is not None:
                continue
            value = self.expr(argument, kind)
            if self._fits(value, kind, argument):
                continue
            is_nothing = isinstance(value.type, t.NoneType)
            found[item.arg] = t.OptionalType(kind) if is_nothing else value.type
        return found

    def _fits(self, value: ir.Expr, kind: t.Type, node: ast.expr) -> bool:
        try:
            self.fitted(value, kind, node)
        except Refusal:
            return False
        return True

    def _called(
        self,
        node: ast.Call,
        scope: ModuleScope,
        definition: Definition,
        closure: Closure | None,
        receiver: Receiver | None,
        others: dict[str, t.Type],
    ) -> ir.Expr:
        """The call of a function of the program, which is given `others` than it declares."""
        span = self.span(node)
        given = self._given(node, definition, receiver is not None and not is_static(definition))
        parts = {name: self.run_part(value) for name, value in given.items()}
        filled = frozenset((name, part) for name, part in parts.items() if part is not None)
        around = self._around(scope, definition, node)
        identifier, parameters, returns = self.meaning.helper(
            scope,
            definition,
            span,
            closure,
            receiver,
            filled=filled,
            around=tuple((item.name, item.type) for item in around),
            given=tuple(others.items()),
        )
        for use in sorted(self.meaning.helper_uses.get(identifier, ())):
            self.check_use(use, node)
        in_order = [name for name, _, _ in parameters if name in given]
        if [name for name in given if parts[name] is None] != in_order and not all(
            map(_is_simple_argument, given.values())
        ):
            raise self.refuse("LF309", f"arguments of `{definition.name}` out of order", node)
        args: list[ir.Expr] = [*around]
        for name, kind, default in parameters:
            value = given.get(name, default)
            if value is None:
                raise self.refuse("LF309", f"`{definition.name}` is called without `{name}`", node)
            if name not in given and not isinstance(value, ast.Constant):
                raise self.refuse("LF309", f"the default of `{name}` is not a constant", node)
            if name in given:
                args.append(self._argument(value, kind))
            else:
                args.append(self.default(value, kind, node))
        return ir.FunctionCall(identifier, tuple(args), returns, span)

    def _argument(self, node: ast.expr, kind: t.Type) -> ir.Expr:
        value = self.expr(node, kind)
        whole = self.as_dict(value, node) if self._gives_dicts else None
        return self.fitted(value if whole is None else whole, kind, node)

    def _around(self, scope: ModuleScope, definition: Definition, node: ast.Call) -> list[ir.Name]:
        """The locals that a function defined here, or in a function around this one, looks at."""
        if scope is not self.scope or self.function is None:
            return []
        here = (self.function, *self.outer)
        if not any(item in here for item in scope.enclosing_functions(definition)):
            return []
        found: list[ir.Name] = []
        for name in (definition.name, *read_from_around(scope, definition)):
            if name in self.around:
                found.append(ir.Name(name, self.around[name], self.span(node)))
            elif name in self.bound and not self._is_receiver(name):
                found += self._local_of(name, node)
        return found

    def _local_of(self, name: str, node: ast.Call) -> list[ir.Name]:
        """A local as it is when a function that looks at it is called; none of it is a value by itself."""
        if all(isinstance(item, ast.Import | ast.ImportFrom) for item in self.bound[name]):
            return []
        if name not in self.assigned and name not in self.constants:
            raise self.refuse("LF308", f"`{name}` may have no value here", node)
        if all(isinstance(item, _DEFINED) for item in self.bound[name]):
            return []
        if name in self.constants:
            self.used_constants.add(name)
            return [ir.Name(name, self.constants[name].type, self.span(node))]
        if name not in self.locals or name in self.configs:
            raise self.refuse("LF304", f"`{name}` is not a plain local here", node)
        return [ir.Name(name, self.locals[name], self.span(node))]

    def _passes_rest_on(self, node: ast.Call) -> bool:
        """Whether a call gives a function that takes any named arguments, and no other, all of a dict."""
        found = self.definition(node.func)
        match node:
            case ast.Call(args=[], keywords=[ast.keyword(arg=None, value=ast.Name() as given)]):
                if found is None or not isinstance(found[1], Definition):
                    return False
                arguments = found[1].args
                others = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
                takes_rest = arguments.kwarg is not None and not others and not arguments.vararg
                kind = self.expr(given).type
                return takes_rest and isinstance(kind, t.DictType) and kind.key == STR
        return False

    def _given(self, node: ast.Call, definition: Definition, bound: bool) -> dict[str, ast.expr]:
        """The arguments of a call of a function of the program, by the names of its parameters."""
        rest = definition.args.kwarg
        named = [item.arg for item, _ in given_parameters(definition, bound) if item is not rest]
        positional = named[: len(definition.args.args) - bound]
        if len(node.args) > len(positional):
            raise self.refuse("LF309", f"too many arguments for `{definition.name}`", node)
        given = dict(zip(positional, node.args, strict=False))
        others, others_named = typeless(ast.Dict([], []), node), set[str]()
        for keyword in node.keywords:
            name = keyword.arg
            if name is None and rest is not None and self._passes_rest_on(node):
                return {rest.arg: keyword.value}
            if name is None or name in given or name in others_named:
                raise self.refuse("LF309", f"an argument of `{definition.name}` stands twice", node)
            if name in named:
                given[name] = keyword.value
            elif rest is not None:
                others.keys.append(ast.copy_location(ast.Constant(name), keyword))
                others.values.append(keyword.value)
                others_named.add(name)
                # its place among the others is that of what it takes first
                given[rest.arg] = others
            else:
                message = f"`{definition.name}` has no parameter `{name}`"
                raise self.refuse("LF309", message, node)
        if rest is not None:
            given.setdefault(rest.arg, others)
        return given

    def default(self, value: ast.expr, kind: t.Type, node: ast.expr) -> ir.Expr:
        """A parameter's constant default, as if it stood at the call."""
        assert isinstance(value, ast.Constant)
        return self.fitted(
            self.expr(ast.copy_location(ast.Constant(value.value), node)), kind, node
        )

    def _construct(self, node: ast.Call, definition: ast.ClassDef) -> ir.Expr:
        kind = self.checked_type(node)
        if not isinstance(kind, t.RecordType) or node.args:
            raise self.refuse("LF303", f"making a `{definition.name}` is not native", node)
        record = self.records[kind.record]
        if record.kind != "typed_dict":
            raise self.refuse("LF303", f"making a `{definition.name}` is not native", node)
        pairs = [(ast.Constant(k.arg), k.value) for k in node.keywords]
        literal = ast.Dict(
            keys=[ast.copy_location(key, node) for key, _ in pairs],
            values=[value for _, value in pairs],
        )
        return self.record(ast.copy_location(literal, node), kind)

    def _send(self, node: ast.Call) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `Send` is not native", node)
        target = self.expect(node.args[0], STR)
        record = None
        if isinstance(target, ir.StrLit) and self.request is not None:
            record = self.request.inputs.get(target.value)
        want = t.RecordType(record) if record is not None else None
        fields = (
            {field.name for field in self.records[record].fields} if record is not None else set()
        )
        shaped = isinstance(node.args[1], ast.Dict) and all(
            isinstance(key, ast.Constant) and key.value in fields for key in node.args[1].keys
        )
        argument = self.expr(node.args[1], want if shaped else None)
        if not isinstance(argument.type, t.RecordType):
            argument = self.fitted(argument, ANY, node.args[1])
        return ir.Send(target, argument, SEND, self.span(node))


def _is_simple_argument(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return all(isinstance(x, ast.Constant) for x in node.keys) and all(
            map(is_simple, node.values)
        )
    return is_simple(node)
