"""Instances of the program's classes: how they are made, and what their attributes are."""

import ast
from typing import TYPE_CHECKING

from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    Const,
    Deferred,
    DictValue,
    FieldInfoValue,
    FieldValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    ListValue,
    Scope,
    SetValue,
    SuperValue,
    Unknown,
    Value,
    is_plain,
    plain,
    wrap,
)
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter


def create(
    run: "Interpreter",
    cls: ClassValue,
    args: list[Value],
    keywords: dict[str, Value],
    where: Span,
) -> Value:
    """`cls(*args, **keywords)`."""
    if cls.kind == "enum":
        return Unknown(f"which member of {cls.name!r} it is is not known", where)
    if cls.kind == "typed_dict" and not args:
        return DictValue(dict[object, Value](keywords.items()))
    made = InstanceValue(cls)
    start = method(cls, "__init__")
    if start is not None:
        run.call(start, [made, *args], keywords, where)
    elif cls.kind in {"dataclass", "pydantic", "typed_dict"}:
        fields = [field for owner in reversed(lineage(cls)) for field in owner.own_fields]
        for field in fields:
            given = field.default
            if isinstance(given, FieldInfoValue):
                given = given.default
            if given is not None:
                made.names[field.name] = given
        made.names.update(zip((field.name for field in fields), args, strict=False))
        made.names.update(keywords)
        if cls.kind == "pydantic":
            for field in fields:
                if field.name in made.names and not _takes_anything(field):
                    made.names[field.name] = _copied(made.names[field.name])
    elif cls.kind == "settings" and not args and not keywords:
        _read_settings(made, made, "", where)
    else:
        made.is_given = bool(args or keywords)
    return made


def _takes_anything(field: FieldValue) -> bool:
    match field.annotation:
        case Deferred(node):
            return ast.unparse(node).rpartition(".")[2] in ("Any", "object")
        case LibraryValue(name):
            return name.rpartition(".")[2] in ("Any", "object")
    return False


def _copied(value: Value) -> Value:
    """What a model holds of a container that it is given."""
    if isinstance(value, ListValue | DictValue | SetValue) and is_plain(value):
        return wrap(plain(value))
    return value


def _read_settings(made: InstanceValue, outermost: InstanceValue, path: str, where: Span) -> None:
    """Gives an object of settings, or one within another, its fields, which only a run would tell."""
    for owner in reversed(lineage(made.cls)):
        for field in owner.own_fields:
            given = field.default
            inner = given.default if isinstance(given, FieldInfoValue) else given
            at = f"{path}{field.name}"
            if isinstance(inner, InstanceValue) and inner.cls.kind == "settings" and inner.names:
                within = made.names[field.name] = InstanceValue(inner.cls)
                _read_settings(within, outermost, f"{at}.", where)
            else:
                why = f"the setting {at!r} is read when the program runs"
                made.names[field.name] = Unknown(why, where, setting=(outermost, at))


def of_class(cls: ClassValue, name: str, node: ast.AST, scope: Scope) -> Value:
    """`cls.name`."""
    member = _member(cls, name)
    if cls.kind == "enum" and member is not None and is_plain(member):
        return InstanceValue(cls, {"value": member, "name": Const(name)})
    if isinstance(member, FunctionValue) and member.binding == "class":
        return BoundMethod(SuperValue(cls, cls), name)
    if isinstance(member, FunctionValue) or (member is not None and is_plain(member)):
        return member
    return Unknown(f"attribute {name!r} of a class is not evaluated", scope.module.span(node))


def of_instance(
    run: "Interpreter", owner: InstanceValue | SuperValue, name: str, node: ast.AST, scope: Scope
) -> Value:
    """`owner.name`."""
    if isinstance(owner, InstanceValue) and name in owner.names:
        return owner.names[name]
    found = bound(owner, name)
    if found is not None:
        function, first = found
        if function.binding == "property":
            given = run.call(function, list(first), {}, scope.module.span(node))
            if function.is_kept and isinstance(owner, InstanceValue):
                # whether it is asked for, and thereby kept, may not be known
                given = given if run.doubt is None else Unknown(run.doubt.reason, run.doubt.span)
                owner.names[name] = given
            return given
        return function if function.binding == "static" else BoundMethod(owner, name)
    member = _member(owner.cls, name)
    if member is not None:
        return member
    return Unknown(
        f"attribute {name!r} of a {owner.cls.name!r} is not known", scope.module.span(node)
    )


def bound(
    owner: InstanceValue | SuperValue, name: str
) -> tuple[FunctionValue, tuple[Value, ...]] | None:
    """The method `name` of `owner`, and what Python passes to it first."""
    if isinstance(owner, SuperValue) and owner.receiver is not owner.cls:
        found = next(
            (base for base in lineage(owner.cls)[1:] if name in base.scope.names),
            None,
        )
        member = None if found is None else found.scope.names[name]
    else:
        member = _member(owner.cls, name)
    if not isinstance(member, FunctionValue):
        return None
    receiver = owner.receiver if isinstance(owner, SuperValue) else owner
    match member.binding:
        case "static":
            return member, ()
        case "class":
            return member, (owner.cls,)
    return member, (receiver,)


def method(cls: ClassValue, name: str) -> FunctionValue | None:
    """The function that `name` is in `cls` or its bases."""
    member = _member(cls, name)
    return member if isinstance(member, FunctionValue) else None


def surely_has(owner: InstanceValue, name: str) -> bool:
    """Whether an attribute is a method that nothing else can have taken the place of."""
    classes = lineage(owner.cls)
    found = method(owner.cls, name)
    return (
        found is not None
        and found.unknown is None
        and found.binding != "property"
        and name not in owner.names
        and not any(x.unknown or "__getattribute__" in x.scope.names for x in classes)
    )


def super_value(run: "Interpreter", node: ast.AST, scope: Scope) -> Value:
    """`super()`."""
    for place in scope.enclosing():
        owner = next((cls for cls in run.classes if cls.scope is place.parent), None)
        if owner is not None and place.names:
            return SuperValue(owner, next(iter(place.names.values())))
    return Unknown("which class `super()` means is not known", scope.module.span(node))


def lineage(cls: ClassValue) -> list[ClassValue]:
    """The class and its bases in the program, depth first."""
    found = [cls]
    for base in cls.bases:
        if isinstance(base, ClassValue):
            found += [item for item in lineage(base) if item not in found]
    return found


def _member(cls: ClassValue, name: str) -> Value | None:
    return next((c.scope.names[name] for c in lineage(cls) if name in c.scope.names), None)
