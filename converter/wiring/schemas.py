"""Classes as schemas: their fields in Python's order, and what their annotations mean."""

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langferry.converter.project import SourceModule
from langferry.converter.wiring.expressions import evaluate, unknown
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    Deferred,
    DictValue,
    FieldInfoValue,
    FieldValue,
    FunctionValue,
    LibraryValue,
    ListValue,
    Scope,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
)
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

_HARMLESS_OPTIONS = frozenset({"repr", "eq", "order", "unsafe_hash", "slots", "kw_only"})
"""What a dataclass's decorator may say without a difference for what LangGraph makes, and for changes."""

_QUALIFIERS = ("Required", "NotRequired", "ReadOnly")


@dataclass(slots=True)
class Hint:
    """A field with its annotation resolved; `owner` is the class whose body holds it."""

    name: str
    value: Value
    field: FieldValue
    owner: ClassValue


def annotation(run: "Interpreter", node: ast.expr, scope: Scope) -> Value | Deferred:
    """What an annotation leaves behind: a value now, or text for later."""
    if _future_annotations(scope.module.tree):
        return Deferred(node)
    found = evaluate(run, node, scope)
    if isinstance(found, Const) and isinstance(found.value, str):
        return _parsed(found.value, node)
    return found


def class_value(run: "Interpreter", node: ast.ClassDef, scope: Scope) -> ClassValue:
    """The class a `class` statement makes."""
    from langferry.converter.wiring.statements import run_block

    qualified = f"{scope.qualified}.{node.name}" if scope.qualified else node.name
    body = Scope(scope.module, "class", qualified, scope, made_at=run.now())
    bases = [
        as_class(run, evaluate(run, base, scope), scope.module, scope.module.span(base))
        for base in node.bases
    ]
    found = ClassValue(
        node.name,
        qualified,
        scope.module,
        "plain",
        bases,
        [],
        body,
        ast.get_docstring(node),
        scope.module.span(node),
    )
    run_block(run, node.body, body)
    run.add_class(found)
    for keyword in node.keywords:
        value = evaluate(run, keyword.value, scope)
        if keyword.arg == "total" and isinstance(value, Const) and isinstance(value.value, bool):
            found.total = value.value
        else:
            found.unknown = unknown("the class has a metaclass or options", keyword.value, scope)
    is_enum = any(is_library(base, "enum.Enum") for base in bases)
    for base, base_node in zip(bases, node.bases, strict=False):
        # beside `Enum` these say what its members are, too
        if not (is_enum and is_library(base, "builtins.str", "builtins.int")):
            _inherit(found, base, base_node, scope)
    for i, statement in enumerate(node.body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found.own_fields.append(_field(run, node.body, i, statement, body))
        elif _conditional_fields(statement):
            found.unknown = unknown("its fields stand under a condition", statement, scope)
    return found


def typed_dict(args: list[Value], keywords: dict[str, Value], node: ast.AST, scope: Scope) -> Value:
    """The class of `TypedDict("Name", {"key": type})`."""
    name, fields = args
    total = keywords.get("total", Const(True))
    if not (isinstance(name, Const) and isinstance(name.value, str) and isinstance(total, Const)):
        return unknown("which TypedDict it is is not known", node, scope)
    if not isinstance(fields, DictValue) or fields.unknown is not None:
        return unknown("the fields of the TypedDict are not known", node, scope)
    where = scope.module.span(node)
    return ClassValue(
        name.value,
        name.value,
        scope.module,
        "typed_dict",
        [LibraryValue("TypedDict")],
        [FieldValue(str(key), value, None, None, where) for key, value in fields.items.items()],
        Scope(scope.module, "class", name.value, scope),
        None,
        where,
        bool(total.value),
    )


def decorated_class(value: Value, decorator: Value, node: ast.AST, scope: Scope) -> Value:
    """What a decorator makes of a class."""
    if isinstance(value, ClassValue):
        if is_library(decorator, "dataclass", "pydantic_dataclass"):
            value.kind = "dataclass"
            options = node.keywords if isinstance(node, ast.Call) else []
            value.has_rules = is_library(decorator, "pydantic_dataclass") or any(
                option.arg not in _HARMLESS_OPTIONS for option in options
            )
            value.options = {
                option.arg: option.value.value
                for option in options
                if option.arg is not None and isinstance(option.value, ast.Constant)
            }
            return value
        value.unknown = value.unknown or unknown(
            "what its decorator does is not known", node, scope
        )
    return value


def function_hints(run: "Interpreter", function: FunctionValue) -> dict[str, Value] | Unknown:
    """`get_type_hints` of a function; an `Unknown` with `undefined` where it raises NameError."""
    function, resolved = function.signature, dict[str, Value]()
    for name, hint in function.hints.items():
        found = _resolve(run, hint, function.scope.top)
        if isinstance(found, Unknown) and found.undefined is not None:
            return found
        resolved[name] = found
    return resolved


def class_hints(run: "Interpreter", schema: ClassValue) -> list[Hint] | Unknown:
    """`get_type_hints` of a class: its fields, inherited ones included, in Python's order."""
    order = _linear(schema)
    return order if isinstance(order, Unknown) else _hints_of(run, order)


def setting_hints(run: "Interpreter", settings: ClassValue) -> list[Hint] | Unknown:
    """The fields of a class of settings."""
    order = _mro(settings)
    if order is None:
        return Unknown("the order of its base classes is not consistent", settings.span)
    return _hints_of(run, list(reversed(order)))


def _hints_of(run: "Interpreter", order: list[ClassValue]) -> list[Hint] | Unknown:
    found: dict[str, Hint] = {}
    for owner in order:
        for field in owner.own_fields:
            # text is looked up in the class's own names first, then in the module's
            place = Scope(
                owner.module, "class", owner.qualified, owner.scope.top, owner.scope.names
            )
            value = _resolve(run, field.annotation, place)
            if isinstance(value, Unknown) and value.undefined is not None:
                return value
            found[field.name] = Hint(field.name, value, field, owner)
    return list(found.values())


def is_schema(run: "Interpreter", hint: Value) -> "bool | Unknown":
    """Whether LangGraph would take a parameter's annotation for a schema."""
    match hint:
        case ClassValue():
            fields = class_hints(run, hint)
            return fields if isinstance(fields, Unknown) else bool(fields)
        case Unknown():
            return hint
        case LibraryValue(name):
            if name.startswith("builtins.") or "." not in name:
                return False
            return Unknown(f"whether {name} is a schema is not known", _NOWHERE)
    return False


_NOWHERE = Span("", 1, 0, 1, 0)


def required(hint: Hint) -> bool:
    """Whether a TypedDict's key must be there, or a class's field has no default."""
    if hint.owner.kind != "typed_dict":
        given = hint.field.default
        return not given.has_default if isinstance(given, FieldInfoValue) else given is None
    value = hint.value
    while isinstance(value, Subscripted) and value.arguments:
        if is_library(value.base, "NotRequired"):
            return False
        if is_library(value.base, "Required"):
            return True
        if not is_library(value.base, "Annotated", "ReadOnly"):
            break
        value = value.arguments[0]
    return hint.owner.total


def metadata(value: Value) -> list[Value]:
    """The metadata of an annotation, as LangGraph looks for it: `Annotated` outermost."""
    if isinstance(value, Subscripted) and is_library(value.base, "Required", "NotRequired"):
        value = value.arguments[0]
    found: list[Value] = []
    # Python flattens nested Annotated
    while isinstance(value, Subscripted) and is_library(value.base, "Annotated"):
        found = [*value.arguments[1:], *found]
        value = value.arguments[0]
    return found


def stripped(value: Value) -> Value:
    """The annotation without `Annotated`, `Required` and their like around it."""
    while isinstance(value, Subscripted) and is_library(value.base, "Annotated", *_QUALIFIERS):
        value = value.arguments[0]
    return value


def as_class(run: "Interpreter", value: Value, module: SourceModule, where: Span) -> Value:
    """`value`, with a state of LangGraph's own as the class it is."""
    from langferry.converter.wiring.prebuilt import library_state

    if not isinstance(value, LibraryValue):
        return value
    if value.name not in run.library_states:
        place = Scope(module, "module", "", None)
        found = library_state(value.name, run, place, where)
        if found is None:
            return value
        run.library_states[value.name] = found
    return run.library_states[value.name]


def _future_annotations(tree: ast.Module) -> bool:
    return any(
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(item.name == "annotations" for item in statement.names)
        for statement in tree.body
    )


def _parsed(text: str, place: ast.expr) -> Deferred | Unknown | Const:
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Const(text)
    for inner in ast.walk(node):
        ast.copy_location(inner, place)
    return Deferred(node)


def _resolve(run: "Interpreter", hint: Value | Deferred, scope: Scope) -> Value:
    """`hint` with text inside it evaluated, as `get_type_hints` does."""
    if isinstance(hint, Deferred):
        found = evaluate(run, hint.node, scope)
        if isinstance(found, Const) and isinstance(found.value, str):
            found = Unknown("the annotation is text in text", scope.module.span(hint.node))
        return _resolve(run, found, scope)
    hint = as_class(run, hint, scope.module, scope.module.start())
    match hint:
        case Subscripted(base, arguments):
            if is_library(base, "Literal"):
                return hint
            if is_library(base, "Annotated"):
                inner = _resolve(run, _forward(arguments[0]), scope)
                return _or_undefined(inner, Subscripted(base, [inner, *arguments[1:]]))
            items = [_resolve(run, _forward(item), scope) for item in arguments]
            return _first_undefined(items) or Subscripted(base, items)
        case UnionValue(members, typing):
            items = [_resolve(run, _forward(item), scope) for item in members]
            return _first_undefined(items) or UnionValue(items, typing)
        case ListValue(items):
            resolved = [_resolve(run, _forward(item), scope) for item in items]
            return _first_undefined(resolved) or ListValue(resolved)
    return hint


def _forward(value: Value) -> Value | Deferred:
    if isinstance(value, Const) and isinstance(value.value, str):
        return _parsed(value.value, ast.Constant(value.value, lineno=1, col_offset=0))
    return value


def _or_undefined(inner: Value, outer: Value) -> Value:
    return inner if isinstance(inner, Unknown) and inner.undefined is not None else outer


def _first_undefined(items: list[Value]) -> Unknown | None:
    return next((x for x in items if isinstance(x, Unknown) and x.undefined is not None), None)


def _inherit(found: ClassValue, base: Value, node: ast.AST, scope: Scope) -> None:
    match base:
        case LibraryValue("TypedDict"):
            found.kind = "typed_dict"
        case LibraryValue("BaseModel"):
            found.kind = "pydantic"
        case LibraryValue("enum.Enum" | "enum.IntEnum" | "enum.StrEnum"):
            found.kind = "enum"
        case LibraryValue("pydantic_settings.BaseSettings" | "pydantic_settings.main.BaseSettings"):
            found.kind = "settings"
            # what a graph would make of it, were it a state, is not known
            found.unknown = found.unknown or unknown("it is a class of settings", node, scope)
        case ClassValue():
            if base.kind != "plain":
                found.kind = base.kind if base.kind != "dataclass" else "plain"
            found.unknown = found.unknown or base.unknown
        case LibraryValue("builtins.object" | "Generic" | "Protocol" | "AgentMiddleware"):
            pass
        case Subscripted(LibraryValue("Generic" | "Protocol" | "AgentMiddleware")):
            pass
        case _:
            found.unknown = found.unknown or unknown(
                "what one of its base classes holds is not known", node, scope
            )


def _conditional_fields(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If | ast.For | ast.While | ast.Try | ast.With) and any(
        isinstance(item, ast.AnnAssign) for item in ast.walk(statement)
    )


def _field(
    run: "Interpreter", body: list[ast.stmt], i: int, statement: ast.AnnAssign, scope: Scope
) -> FieldValue:
    target = statement.target
    following = body[i + 1] if i + 1 < len(body) else None
    doc = None
    if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
        doc = following.value.value if isinstance(following.value.value, str) else None
    name = target.id if isinstance(target, ast.Name) else ""
    default = scope.names.get(name) if statement.value is not None else None
    # an annotation sees the enclosing scope's names where the class has none of its own
    return FieldValue(
        name,
        annotation(run, statement.annotation, scope),
        default,
        doc,
        scope.module.span(statement),
    )


def _linear(schema: ClassValue) -> list[ClassValue] | Unknown:
    """The classes whose annotations count, those that override last."""
    if schema.unknown is not None:
        return schema.unknown
    if schema.kind == "typed_dict":
        # a TypedDict copies its bases' annotations in the order it names them
        order: list[ClassValue] = []
        for base in schema.bases:
            if isinstance(base, ClassValue):
                inherited = _linear(base)
                if isinstance(inherited, Unknown):
                    return inherited
                order.extend(inherited)
        return [*order, schema]
    merged = _mro(schema)
    if merged is None:
        return Unknown("the order of its base classes is not consistent", schema.span)
    return list(reversed(merged))


def _mro(schema: ClassValue) -> list[ClassValue] | None:
    bases = [base for base in schema.bases if isinstance(base, ClassValue)]
    lines = [_mro(base) for base in bases]
    if None in lines:
        return None
    pending = [list(line) for line in lines if line] + [list(bases)]
    result = [schema]
    while any(pending):
        pending = [line for line in pending if line]
        head = next(
            (line[0] for line in pending if not any(line[0] in other[1:] for other in pending)),
            None,
        )
        if head is None:
            return None
        result.append(head)
        pending = [[item for item in line if item is not head] for line in pending]
    return result
