"""Defaults of fields that only Python makes, and whether anybody can tell that they are made.

LangGraph makes an object of a state for each call. A function that looks at none of these fields need not
have them, where making them does nothing else.
"""

import ast

from langferry.converter.wiring.calls import FIELD_WORDS
from langferry.converter.wiring.expressions import evaluate
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.schemas import Hint, class_hints
from langferry.converter.wiring.values import (
    ClassValue,
    FieldInfoValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    Scope,
    Unknown,
    Value,
    is_plain,
)

_QUIET = frozenset(
    [
        *("builtins.str", "builtins.list", "builtins.dict", "builtins.set", "builtins.tuple"),
        *("time.time", "time.monotonic", "time.perf_counter"),
        *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.date.today"),
        "uuid.uuid4",
    ]
)
"""What gives something new and does nothing else. What draws from `random` would not be alone in that."""

_NOW = ("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today")

_OWN_MAKING = (
    *("__init__", "__new__", "__post_init__", "model_post_init", "model_config", "Config"),
    *("__copy__", "__deepcopy__", "__hash__", "__eq__", "__setattr__", "__getattr__"),
)


def is_own_instance(owner: ClassValue, name: str) -> bool:
    """Whether a field of this class has an object of the very class it is annotated with, made once."""
    if not isinstance(owner.scope.names.get(name), Unknown):
        return False
    for node in owner.module.scope.nodes:
        match node:
            case ast.AnnAssign(
                target=ast.Name(id=target), annotation=kind, value=ast.Call(func=made)
            ) if target == name and any(
                field.name == name and field.span.line == node.lineno for field in owner.own_fields
            ):
                return ast.dump(kind) == ast.dump(made)
    return False


def is_made_quietly(run: Interpreter, hint: Hint) -> bool:
    """Whether nobody can tell if the default of a field is made."""
    given = hint.field.default
    if isinstance(given, FieldInfoValue):
        factory = given.options.get("default_factory")
        return _is_member(given.default) or _is_quiet(run, factory)
    if _is_member(given):
        return True
    return is_own_instance(hint.owner, hint.name) or is_made_once(run, hint.owner, hint.name)


def _is_member(given: Value | None) -> bool:
    """Whether it is a member of an enum, which is there before the field is."""
    return isinstance(given, InstanceValue) and given.cls.kind == "enum"


def is_made_once(run: Interpreter, owner: ClassValue, name: str) -> bool:
    """Whether a field of this class has a default that is made with the class, without anybody being able to tell."""
    definition = owner.module.scope.class_at(owner.span.line)
    body = [] if definition is None else definition.body
    given = [x for x in body if isinstance(x, ast.AnnAssign) and ast.unparse(x.target) == name]
    if len(given) != 1 or not isinstance(given[0].value, ast.Call):
        return False
    return _is_quiet_expression(run, given[0].value, owner.scope)


def _is_quiet(run: Interpreter, factory: Value | None) -> bool:
    match factory:
        case LibraryValue(name):
            return name in _QUIET
        case FunctionValue(node=ast.Lambda(args=arguments, body=body)):
            return not ast.unparse(arguments) and _is_quiet_expression(run, body, factory.scope)
        case ClassValue(kind="pydantic" | "dataclass"):
            return _has_quiet_fields(run, factory)
    return False


def _is_quiet_expression(run: Interpreter, node: ast.expr, scope: Scope) -> bool:
    plain = (ast.Call, ast.Name, ast.Attribute, ast.Constant, ast.expr_context)
    return all(
        isinstance(part, plain)
        and (not isinstance(part, ast.Call) or _is_quiet_call(run, part, scope))
        for part in ast.walk(node)
    )


def _is_quiet_call(run: Interpreter, node: ast.Call, scope: Scope) -> bool:
    match node.func:
        case ast.Attribute(value=ast.Call(func=of) as made, attr=("timestamp" | "isoformat")):
            now = evaluate(run, of, scope)
            is_now = isinstance(now, LibraryValue) and now.name in _NOW
            return is_now and not (node.args or node.keywords or made.args or made.keywords)
    called = evaluate(run, node.func, scope)
    return isinstance(called, LibraryValue) and called.name in _QUIET and not node.keywords


_NOT_ASKED_OF_DEFAULTS = FIELD_WORDS | {
    *("default", "default_factory", "ge", "gt", "le", "lt", "min_length", "max_length", "pattern"),
}
"""What `Field(...)` says that matters only to values that are given."""


def _is_rule(member: Value) -> bool:
    """Whether a decorator made it, such as those of pydantic's validators."""
    return isinstance(member, Unknown) or (
        isinstance(member, FunctionValue) and member.unknown is not None
    )


def _has_quiet_fields(run: Interpreter, cls: ClassValue) -> bool:
    """Whether objects of a class are made of its fields alone, each quietly."""
    for owner in lineage(cls):
        if owner.has_rules or any(name in owner.scope.names for name in _OWN_MAKING):
            return False
        if any(
            _is_rule(member) and not is_own_instance(owner, name)
            for name, member in owner.scope.names.items()
        ):
            return False
    hints = class_hints(run, cls)
    if isinstance(hints, Unknown):
        return False
    for hint in hints:
        given = hint.field.default
        if isinstance(given, FieldInfoValue):
            if given.checks and not given.options.keys() <= _NOT_ASKED_OF_DEFAULTS:
                return False
            given = given.default
        if (given is None or not is_plain(given)) and not is_made_quietly(run, hint):
            return False
    return True
