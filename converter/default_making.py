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
    LibraryValue,
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
        return _is_quiet(run, given.options.get("default_factory"))
    return is_own_instance(hint.owner, hint.name)


def _is_quiet(run: Interpreter, factory: Value | None) -> bool:
    match factory:
        case LibraryValue(name):
            return name in _QUIET
        case FunctionValue(node=ast.Lambda(args=arguments, body=body)):
            plain = (ast.Call, ast.Name, ast.Attribute, ast.Constant, ast.expr_context)
            return not ast.unparse(arguments) and all(
                isinstance(part, plain)
                and (not isinstance(part, ast.Call) or _is_quiet_call(run, part, factory))
                for part in ast.walk(body)
            )
        case ClassValue(kind="pydantic" | "dataclass"):
            return _has_quiet_fields(run, factory)
    return False


def _is_quiet_call(run: Interpreter, node: ast.Call, function: FunctionValue) -> bool:
    match node.func:
        case ast.Attribute(value=ast.Call(func=of) as made, attr=("timestamp" | "isoformat")):
            now = evaluate(run, of, function.scope)
            is_now = isinstance(now, LibraryValue) and now.name in _NOW
            return is_now and not (node.args or node.keywords or made.args or made.keywords)
    called = evaluate(run, node.func, function.scope)
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
