"""What nodes, routers, reducers and helpers give back."""

import ast
import json
from collections.abc import Iterator
from typing import Any

from langferry.converter.lower import convert as fit
from langferry.converter.lower.bare_states import bare_kind
from langferry.converter.lower.command_values import is_certain
from langferry.converter.lower.constants import literal
from langferry.converter.lower.empty_rest import without_rest
from langferry.converter.lower.expressions import type_name
from langferry.converter.lower.object_members import ObjectMembers
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import FieldCheck
from langferry.converter.lower.signatures import ANY, BOOL, NONE, STR
from langferry.converter.module_scope import given_parameters, own_nodes
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.program import Field


class Outputs(ObjectMembers):
    """Lowers results."""

    returns: t.Type | None = None

    form: str = "helper"

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.completed: set[str] = set()
        """The objects that must hold the defaults of what was not given."""

    def _return(self, value: ast.expr | None, node: ast.stmt) -> list[ir.Stmt]:
        if isinstance(value, ast.IfExp) and self.form == "node":
            test = self.condition(value.test)
            start = set(self.assigned)
            then, otherwise = self._return(value.body, node), self._return(value.orelse, node)
            self.assigned = start
            return [ir.If(test, tuple(then), tuple(otherwise), self.span(node))]
        return [ir.Return(self._returned(value, node), self.span(node))]

    def _returned(
        self, value: ast.expr | None, node: ast.stmt
    ) -> ir.Expr | ir.Update | ir.DynamicUpdate | ir.Command | None:
        if self.form == "node":
            return self._node_output(value, node)
        if self.form == "router":
            return self._route(value, node)
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            if self.returns is None or isinstance(self.returns, t.NoneType):
                return None
            return self.fitted(ir.NoneLit(NONE, self.span(node)), self.returns, node)
        if self.returns is None:
            return self.expr(value)
        want = self.returns.item if isinstance(self.returns, t.OptionalType) else self.returns
        return self.fitted(self.expr(value, want), self.returns, node)

    def _node_output(
        self, value: ast.expr | None, node: ast.stmt
    ) -> ir.Update | ir.DynamicUpdate | ir.Command | None:
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            return None
        if isinstance(value, ast.Call):
            value = without_rest(value, self.rest)
            qualified = self.resolve(value.func)
            if qualified == "langgraph.types.Command" and not any(
                x.arg == "graph" for x in value.keywords
            ):
                return self._command(value)
            coroutine = self._unawaited(value)
            if coroutine is not None:
                return ir.DynamicUpdate(self.fitted(coroutine, ANY, value), coroutine.span)
            if qualified == "langferry.library.outputs":
                return self._tool_outputs(value)
        bare = self._bare_output(value)
        return self.update(value, whole=True) if bare is None else bare

    def _bare_output(self, value: ast.expr) -> ir.Update | None:
        """What replaces a state that is a bare value; None where it has channels."""
        state = None if self.request is None else self.request.state
        kind = None if state is None else bare_kind(self.records, t.RecordType(state))
        if state is None or kind is None:
            return None
        span, kind = self.span(value), fit.plain(kind)
        (field,) = self.records[state].fields
        given = self.expr(value, kind)
        fitted = fit.convert(given, kind)
        # a list may have commands in it, and of what is not known nothing is certain
        is_dict = isinstance(kind, t.DictType) and isinstance(given.type, t.DictType)
        if not is_dict or fitted is None or isinstance(fitted, ir.Narrow) or field.reducer:
            raise self.refuse("LF310", f"a state of {type_name(given.type)}", value)
        return ir.Update(state, ((field.name, fitted, span),), span)

    def _unawaited(self, node: ast.Call) -> ir.Expr | None:
        """The coroutine that a call makes, which LangGraph refuses as an update, for nobody waits for it."""
        found = self.definition(node.func)
        scope, definition = found or (None, None)
        if scope is None or not isinstance(definition, ast.AsyncFunctionDef):
            return None
        given = self._given(node, definition, bound=False)
        asked = {item.arg for item, default in given_parameters(definition, False) if not default}
        if (
            definition.decorator_list
            or definition.args.vararg
            or definition.args.kwarg
            or not asked <= given.keys()
            or not all(self._has_value(argument) for argument in given.values())
            or any(isinstance(item, ast.Yield | ast.YieldFrom) for item in own_nodes(definition))
        ):
            return None
        span = self.span(node)
        name = scope.qualified_name(definition).removeprefix(f"{scope.name}.")
        return ir.Call(
            "langgraph.coroutine", (ir.StrLit(name, STR, self.span(node.func)),), (), STR, span
        )

    def _has_value(self, node: ast.expr) -> bool:
        """Whether reading it can neither fail nor do anything."""
        if not isinstance(node, ast.Name) or node.id not in self.bound:
            return isinstance(node, ast.Constant | ast.Name)
        return node.id in self.assigned or node.id in self.constants or node.id in self.captured

    def update(self, value: ast.expr, whole: bool = False) -> ir.Update | ir.DynamicUpdate:
        """What a node writes; `whole` if that is all it returns, which may turn out to be None."""
        if isinstance(value, ast.Dict):
            rest = value = self._with_written_keys(value)
            base = self._spread_state(value)
            if base is not None:
                rest = ast.copy_location(ast.Dict(value.keys[1:], value.values[1:]), value)
            if all(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in rest.keys):
                return self._literal_update(rest, base)
        if isinstance(value, ast.Name) and self.is_own_object(value):
            self.completed.add(value.id)
            empty = ast.copy_location(ast.Dict([], []), value)
            return self._literal_update(empty, self.expr(value))
        if isinstance(value, ast.Call):
            made = self._made_object(value)
            if made is not None:
                return self._literal_update(made)
        lowered = self.expr(value)
        if self._is_state(lowered):
            return self._literal_update(ast.copy_location(ast.Dict([], []), value), lowered)
        match lowered.type:
            case t.DictType(key=t.StrType()):
                return ir.DynamicUpdate(lowered, self.span(value))
            case t.AnyType() if whole:
                return ir.DynamicUpdate(lowered, self.span(value))
            case (
                t.StrType()
                | t.IntType()
                | t.FloatType()
                | t.BoolType()
                | t.DictType(key=t.AnyType())
            ) if whole and fit.fits_any(lowered.type):
                # LangGraph refuses what is no dict when the node has returned it
                return ir.DynamicUpdate(self.fitted(lowered, ANY, value), self.span(value))
        raise self.refuse("LF310", f"an update of {type_name(lowered.type)}", value)

    def _with_written_keys(self, value: ast.Dict) -> ast.Dict:
        """The same dict, with the keys that are names of texts written out."""
        keys = list(value.keys)
        for place, key in enumerate(keys):
            known = self.known_texts(key) if isinstance(key, ast.Name) else None
            if known is not None and len(known) == 1 and key is not None:
                keys[place] = ast.copy_location(ast.Constant(known[0]), key)
        return ast.copy_location(ast.Dict(keys, value.values), value)

    def _made_object(self, node: ast.Call) -> ast.Dict | None:
        """What LangGraph writes of `State(key=value)`, which is given back as soon as it is made."""
        defined = self.definition(node.func)
        kind = self.checked_type(node)
        if defined is None or not isinstance(kind, t.RecordType):
            return None
        record = self.records[kind.record]
        if record.kind == "typed_dict" or self.request is None:
            return None
        if node.args and _may_want_names(defined[1]):
            raise self.refuse("LF303", f"making a `{record.name}` like this is not native", node)
        known = kind == self.locals.get(next(iter(self.request.parameters)))
        names = [field.name for field in record.fields]
        given = dict(zip(names, node.args, strict=False))
        given |= {keyword.arg or "": keyword.value for keyword in node.keywords}
        in_order = sorted(given, key=lambda name: names.index(name) if name in names else -1)
        shaped = {name for name, _ in self.request.shapes} | {x.field for x in self.request.checks}
        is_simple = all(isinstance(x, ast.Name | ast.Constant) for x in given.values())
        if not known or (list(given) != in_order and not is_simple) or shaped & given.keys():
            raise self.refuse("LF303", f"making a `{record.name}` like this is not native", node)
        if not all(field.name in given or not field.required for field in record.fields):
            raise self.refuse("LF303", f"a `{record.name}` that lacks a field", node)
        if record.kind == "pydantic" and (node.args or any(_is_float(x) for x in record.fields)):
            raise self.refuse("LF303", f"making a `{record.name}` like this is not native", node)
        values: dict[str, ast.expr] = {}
        for field in record.fields:
            if field.name in given:
                values[field.name] = given[field.name]
                continue
            if field.default is None:
                raise self.refuse("LF304", f"the default of `{field.name}` is not known", node)
            default = json.loads(field.default.data)
            if default is None and record.kind == "pydantic":
                # what is None by default and was not given is not written
                continue
            if isinstance(default, list | dict) and default:
                raise self.refuse("LF304", f"the default of `{field.name}` here", node)
            made: ast.expr = ast.Constant(default)
            if isinstance(default, list | dict):
                made = ast.List([], ast.Load()) if default == [] else ast.Dict([], [])
            values[field.name] = ast.copy_location(made, node)
        keys: list[ast.expr | None] = [
            ast.copy_location(ast.Constant(name), node) for name in values
        ]
        return ast.copy_location(ast.Dict(keys, list(values.values())), node)

    def _spread_state(self, value: ast.Dict) -> ir.Expr | None:
        """The state that a dict begins with: `{**state, ...}`."""
        if not value.keys or value.keys[0] is not None:
            return None
        base = self.expr(value.values[0])
        return base if self._is_state(base) else None

    def _is_state(self, value: ir.Expr) -> bool:
        kind = value.type
        return (
            isinstance(kind, t.RecordType)
            and self.records[kind.record].kind == "typed_dict"
            and isinstance(value, ir.Name)
            and self.is_given(value.name)
        )

    def is_given(self, name: str) -> bool:
        """Whether this is the dict or object that LangGraph gives to a node, still under its first name."""
        return (
            self.form == "node"
            and self.request is not None
            and name in self.request.parameters
            and all(isinstance(item, ast.arg) for item in self.bound.get(name, []))
        )

    def _checked(self, held: ir.Name, check: FieldCheck, span: Span) -> ir.Stmt:
        """What a validator says of a field of the object `held`, which is being made."""
        assert isinstance(held.type, t.RecordType)
        record = self.records[held.type.record]
        kind = fit.plain(next(x.type for x in record.fields if x.name == check.field))
        scope, definition = self.meaning.place(check.path, check.line, check.column)
        assert isinstance(definition, ast.FunctionDef)
        own, value = (item.arg for item in definition.args.args)
        kinds = ((own, ANY), (value, kind))
        helper, _, returns = self.meaning.helper(scope, definition, span, None, given=kinds)
        if self.meaning.helper_uses.get(helper):
            raise Refusal("LF302", f"`{definition.name}` asks its run", span)
        read: ir.Expr = ir.Field(held, check.field, kind, span)
        if isinstance(kind, t.FloatType):
            read = ir.Call("builtins.float", (read,), (), kind, span)
        called = ir.FunctionCall(helper, (ir.NoneLit(ANY, span), read), returns, span)
        names = (ir.StrLit(record.name, STR, span), ir.StrLit(check.field, STR, span))
        valid = ir.Call("objects.valid", (*names, called), (), returns, span)
        has = ir.HasField(held, check.field, BOOL, span)
        return ir.If(has, (ir.Evaluate(valid, span),), (), span)

    def making(self, name: str, span: Span) -> Iterator[ir.Stmt]:
        """What LangGraph does to make the object `name` that a function is given."""
        kind = self.locals[name]
        record = self.records[kind.record] if isinstance(kind, t.RecordType) else None
        if record is None or record.kind == "typed_dict":
            return
        held = ir.Name(name, kind, span)
        required = tuple(field.name for field in record.fields if field.required)
        shapes = () if self.request is None else self.request.shapes
        if required or shapes:
            yield ir.Require(held, required, span, (), shapes)
        for check in () if self.request is None else self.request.checks:
            yield self._checked(held, check, span)
        if name not in self.completed:
            return
        for field in record.fields:
            has: ir.Expr = ir.HasField(held, field.name, BOOL, span)
            if record.kind == "pydantic" and isinstance(field.type, t.FloatType):
                read = ir.Field(held, field.name, field.type, span)
                number = ir.Call("builtins.float", (read,), (), field.type, span)
                yield ir.If(has, (ir.SetField(held, field.name, number, span),), (), span)
            if field.required:
                continue
            if field.default is None:
                raise Refusal("LF304", f"the default of `{field.name}` is not known", span)
            default = literal(field.default, field.name, span)
            if record.kind == "pydantic" and isinstance(default, ir.NoneLit):
                # what is None by default and was not given is not written
                continue
            value = fit.convert(default, fit.plain(field.type))
            if value is None:
                raise Refusal("LF307", f"the default of `{field.name}` has another type", span)
            lacks = ir.Unary("not", has, BOOL, span)
            given = ir.SetField(held, field.name, value, span)
            yield ir.If(lacks, (given,), (), span)

    def _own_kind(self, node: ast.expr) -> str | None:
        """The kind of the record that LangGraph has made for this node, if `node` names it."""
        if not isinstance(node, ast.Name) or any(node.id in names for names in self.inner):
            return None
        kind = self.locals.get(node.id)
        if not isinstance(kind, t.RecordType) or not self.is_given(node.id):
            return None
        return self.records[kind.record].kind

    def is_own_state(self, node: ast.expr) -> bool:
        """Whether this names the dict made for this node, whose keys it may set."""
        return self._own_kind(node) == "typed_dict"

    def is_own_object(self, node: ast.expr) -> bool:
        """Whether this names the object made for this node, whose attributes it may set."""
        return self._own_kind(node) in ("dataclass", "pydantic")

    def _literal_update(self, value: ast.Dict, base: ir.Expr | None = None) -> ir.Update:
        state = self.request.state if self.request is not None else None
        if state is None:
            raise self.refuse("LF310", "the graph's state is not known", value)
        fields = self.records[state].fields
        known = {field.name: fit.plain(field.type) for field in fields}
        coerced = {
            field.name
            for field in fields
            if field.reducer is not None and field.reducer.kind == "add_messages"
        }
        writes: list[tuple[str, ir.Expr, Span]] = []
        for key, item in zip(value.keys, value.values, strict=True):
            assert isinstance(key, ast.Constant)
            assert isinstance(key.value, str)
            kind = known.get(key.value)
            if any(key.value == written[0] for written in writes):
                raise self.refuse("LF310", f"key {key.value!r} stands twice", key)
            if kind is None:
                # evaluated and then left out, as LangGraph does with what is no channel
                writes.append((key.value, self.expect(item, ANY), self.span(key)))
                continue
            want = kind.item if isinstance(kind, t.OptionalType) else kind
            given = self.expr(item, want)
            if key.value in coerced and not isinstance(given.type, t.ListType | t.OptionalType):
                # the reducer makes messages of whatever it is given
                kind = ANY
            lowered = self.written_as(given, kind, item)
            writes.append((key.value, lowered, self.span(key)))
        added = () if base is None else self.added_keys(base)
        return ir.Update(state, tuple(writes), self.span(value), base, added)

    def _command(self, node: ast.Call) -> ir.Command:
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if node.args or options.keys() - {"update", "goto"}:
            raise self.refuse("LF302", "this form of `Command` is not native", node)
        if list(options) == ["goto", "update"] and not is_certain(options["goto"]):
            raise self.refuse("LF302", "`goto` computed before `update` is not native", node)
        kind = None if self.request is None or self.request.state is None else self.request.state
        if "update" in options and kind and bare_kind(self.records, t.RecordType(kind)) is not None:
            raise self.refuse("LF302", "`Command` with an update of a bare value", node)
        update = self.update(options["update"]) if "update" in options else None
        goto: list[ir.Expr] = []
        if "goto" in options:
            given = options["goto"]
            parts = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
            for part in parts:
                target = self.expr(part)
                named = target.type
                if part is given and isinstance(named, t.ListType):
                    named = named.item
                if not _is_target(named) and not isinstance(target.type, t.AnyType):
                    raise self.refuse("LF307", f"going to {type_name(target.type)}", part)
                goto.append(target)
        return ir.Command(update, tuple(goto), self.span(node))

    def _tool_outputs(self, node: ast.Call) -> ir.Update | ir.DynamicUpdate:
        """`outputs(key, answers)` of the library: an update, or a list of what else tools return."""
        key, answers = node.args
        update = self.update(ast.copy_location(ast.Dict([key], [answers]), node))
        assert isinstance(update, ir.Update)
        ((name, written, _),) = update.writes
        if not self.may_command(written):
            return update
        given = self.expect(answers, t.ListType(ANY))
        called = (ir.StrLit(name, STR, given.span), given)
        made = ir.Call("langchain.outputs", called, (), ANY, self.span(node))
        return ir.DynamicUpdate(made, self.span(node))

    def _route(self, value: ast.expr | None, node: ast.stmt) -> ir.Expr:
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            # LangGraph itself refuses it, unless a path map leads somewhere from it
            return ir.NoneLit(ANY, self.span(node))
        if isinstance(value, ast.List) and value.elts:
            items = [self.expr(item) for item in value.elts]
            if len({item.type for item in items}) > 1:
                raise self.refuse("LF302", "a list of names and Sends is not native", node)
        lowered = self.expr(value)
        kind = lowered.type
        if isinstance(kind, t.ListType | t.OptionalType):
            kind = kind.item
        if not _is_target(kind) and not isinstance(kind, t.BoolType | t.IntType | t.AnyType):
            raise self.refuse("LF307", f"a router's result of {type_name(lowered.type)}", node)
        return lowered


def _may_want_names(definition: ast.AST) -> bool:
    """Whether a dataclass, or one that it is made of, may take its fields by their names only."""
    return isinstance(definition, ast.ClassDef) and (
        bool(definition.bases) or any(isinstance(x, ast.Call) for x in definition.decorator_list)
    )


def _is_float(field: Field) -> bool:
    return isinstance(field.type, t.FloatType)


def _is_target(kind: t.Type) -> bool:
    return isinstance(kind, t.StrType) or kind == t.ClassType("langgraph.types.Send")
