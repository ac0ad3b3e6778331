"""States that are objects: what LangGraph makes of the channels before a node is called.

A dataclass is made of the values as they are. A pydantic model checks and converts them: that is
repeated natively only where every field is of a type of which each value stays what it is, or of
which those that do can be told when the program runs. A validator that gives the value
back that it is given is a function like any other.
"""

import ast
from collections.abc import Collection, Iterator
from typing import Literal

from langferry.converter.default_making import is_made_once, is_made_quietly, is_own_instance
from langferry.converter.lower.message_classes import message_class
from langferry.converter.lower.requests import FieldCheck
from langferry.converter.module_scope import bindings, leaves, own_nodes
from langferry.converter.wiring.calls import FIELD_WORDS
from langferry.converter.wiring.expressions import evaluate
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.schemas import Hint, class_hints, metadata, required, stripped
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    DictValue,
    FieldInfoValue,
    FunctionValue,
    LibraryValue,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
    is_plain,
)
from langferry.model.ir import Shape

_OWN_MAKING = frozenset(
    [
        "__init__",
        "__new__",
        "__post_init__",
        "__getattr__",
        "__getattribute__",
        "__setattr__",
        "model_post_init",
        "Config",
    ]
)
_HARMLESS = frozenset(
    {"arbitrary_types_allowed", "extra", "title", "json_schema_extra", "protected_namespaces"}
)
"""What `model_config` may say without a difference for the fields that LangGraph gives."""

_BOUNDS = frozenset({"ge", "gt", "le", "lt"})

_MESSAGES = "langchain_core.messages."
_ANY_MESSAGE = ("AnyMessage", "BaseMessage")
_PLAIN = ("builtins.str", "builtins.int", "builtins.bool", "builtins.float", "Any")
_CONTAINERS = ("builtins.list", "builtins.dict", "builtins.set", "List", "Dict", "Set")


def why_ruled(schema: ClassValue, besides: Collection[tuple[ClassValue, str]] = ()) -> str | None:
    """Why more than the fields, `besides` names of classes, decides what objects of the class are; None where it does not."""
    for owner in lineage(schema):
        if owner.has_rules:
            return f"`{owner.name}` has its own rules for making and changing objects"
        for name, member in owner.scope.names.items():
            if (owner, name) in besides:
                continue
            if name in _OWN_MAKING or (name == "model_config" and not _is_harmless(member)):
                return f"`{owner.name}` has its own `{name}`"
            if name == "model_config":
                continue
            if is_own_instance(owner, name):
                continue
            if isinstance(member, Unknown) or (
                isinstance(member, FunctionValue) and member.unknown is not None
            ):
                return f"what `{owner.name}.{name}` is is not known"
    return None


def why_opaque(run: Interpreter, schema: ClassValue, are_checked: bool = False) -> str | None:
    """Why objects of the class cannot be made natively; None when they can, where those it has `are_checked` by its validators."""
    validators = [(schema, name) for name, _ in _validators(run, schema)] if are_checked else []
    made = [
        (owner, field.name)
        for owner in lineage(schema)
        for field in owner.own_fields
        if is_made_once(run, owner, field.name)
    ]
    ruled = why_ruled(schema, [*validators, *made])
    if ruled is not None:
        return ruled
    hints = class_hints(run, schema)
    if isinstance(hints, Unknown):
        return hints.reason
    for hint in hints:
        default = hint.field.default
        if isinstance(default, FieldInfoValue):
            if default.checks and (schema.kind != "pydantic" or not _bounds(hint)):
                return f"field `{hint.name}` has rules of its own"
            default = default.default
        is_unknown = not required(hint) and (default is None or not is_plain(default))
        if is_unknown and not is_made_quietly(run, hint):
            return f"the default of `{hint.name}` is not known"
        if schema.kind == "pydantic":
            if any(isinstance(item, FieldInfoValue) for item in metadata(hint.value)):
                return f"field `{hint.name}` has rules of its own"
            try:
                _shape_of_field(run, hint)
            except _NotKnown:
                return f"what pydantic makes of `{hint.name}` is not known"
    return None


def checks_of(run: Interpreter, schema: ClassValue) -> tuple[FieldCheck, ...]:
    """What validators look at the values of a model's fields, in order."""
    hints = class_hints(run, schema)
    if isinstance(hints, Unknown):
        return ()
    found = [item for _, checks in _validators(run, schema) for item in checks]
    return tuple(item for hint in hints for item in found if item.field == hint.name)


def _validators(
    run: Interpreter, schema: ClassValue
) -> Iterator[tuple[str, tuple[FieldCheck, ...]]]:
    """The validators in a class that look at one value that is of its field's type, and give it back.

    LangGraph shows what another would make of it as what the function is given.
    """
    definition = schema.module.scope.class_at(schema.span.line)
    if schema.kind != "pydantic" or definition is None:
        return
    fields = {field.name for field in schema.own_fields}
    for item in definition.body:
        match item:
            case ast.FunctionDef(
                decorator_list=[ast.Call(args=given, keywords=options) as made, *others],
                args=ast.arguments(
                    posonlyargs=[], args=[own, value], vararg=None, kwonlyargs=[], kwarg=None
                ),
            ):
                pass
            case _:
                continue
        kinds = [evaluate(run, x, schema.scope) for x in (made.func, *others)]
        is_after = [(x.arg, ast.unparse(x.value)) for x in options] in ([], [("mode", "'after'")])
        checked = [x.value for x in given if isinstance(x, ast.Constant)]
        names = [x for x in checked if isinstance(x, str) and x in fields]
        if (
            is_after
            and is_library(kinds[0], "pydantic.field_validator")
            and all(is_library(x, "builtins.classmethod") for x in kinds[1:])
            and len(names) == len(given)
            and not item.args.defaults
            and sum(getattr(x, "name", None) == item.name for x in definition.body) == 1
            and not any(isinstance(x, ast.Name) and x.id == own.arg for x in ast.walk(item))
            and _gives_back(item, value.arg)
        ):
            place = (schema.module.file, item.lineno, item.col_offset)
            yield item.name, tuple(FieldCheck(name, *place) for name in names)


def _gives_back(function: ast.FunctionDef, given: str) -> bool:
    """Whether a function that ends gives what it is given."""
    return (
        leaves(function.body)
        and all(
            isinstance(x.value, ast.Name) and x.value.id == given
            for x in own_nodes(function)
            if isinstance(x, ast.Return)
        )
        and len(bindings(function)[given]) == 1
    )


def shapes_of(run: Interpreter, schema: ClassValue) -> tuple[tuple[str, Shape], ...]:
    """What must be told of the values of a model's fields, where it is not opaque."""
    hints = class_hints(run, schema)
    if schema.kind != "pydantic" or isinstance(hints, Unknown):
        return ()
    found = [(x.name, _shape_of_field(run, x)) for x in hints]
    return tuple((name, shape) for name, shape in found if shape is not None)


def _shape_of_field(run: Interpreter, hint: Hint) -> Shape | None:
    kind = stripped(hint.value)
    known = isinstance(kind, LibraryValue) and kind.name in (*_PLAIN, *_CONTAINERS)
    if isinstance(kind, LibraryValue) and not known and is_own_instance(hint.owner, hint.name):
        # an object stays what it is, and pydantic knows best what it makes of anything else
        return Shape("object", (kind.name,))
    bounds = _bounds(hint)
    if not bounds:
        return shape_of(run, kind, outermost=True)
    match kind:
        case LibraryValue("builtins.int" | "builtins.float"):
            return Shape("within", bounds, shape_of(run, kind, outermost=True))
        case UnionValue([LibraryValue("builtins.int" | "builtins.float") as number, Const(None)]):
            pass
        case Subscripted(base, [LibraryValue("builtins.int" | "builtins.float") as number]) if (
            is_library(base, "Optional")
        ):
            pass
        case _:
            raise _NotKnown
    return Shape("optional", (), Shape("within", bounds, shape_of(run, number)))


def _bounds(hint: Hint) -> tuple[str, ...]:
    """What a number must not be beyond, where `Field(...)` says no more than that besides words and a default."""
    given = hint.field.default
    if not isinstance(given, FieldInfoValue):
        return ()
    said = given.options.keys() - {"default", "default_factory", *FIELD_WORDS}
    found: list[str] = []
    for name in sorted(said):
        match given.options[name]:
            case Const(int() | float() as bound) if (
                name in _BOUNDS and not isinstance(bound, bool) and abs(bound) <= 2**53
            ):
                found.append(f"{name} {float(bound)!r}")
            case _:
                return ()
    return tuple(found)


class _NotKnown(Exception):
    """It is not known what pydantic makes of a value."""


def shape_of(run: Interpreter, annotation: Value, outermost: bool = False) -> Shape | None:
    """What pydantic takes as it is for this annotation; None where that is all a native value can be.

    An int for a float apart, outermost.

    Raises:
        _NotKnown: there are values that it makes others of.
    """

    def inner(item: Value) -> Shape | None:
        return shape_of(run, stripped(item))

    match annotation:
        case Const(None):
            return None
        case LibraryValue("builtins.float"):
            # of an int it makes a float, which a function does for a field of its own
            return None if outermost else Shape("float")
        case LibraryValue(name) if name in _PLAIN or name in _CONTAINERS:
            return None
        case LibraryValue(name) if name.startswith(_MESSAGES) or message_class(name) is not None:
            bare = name.rpartition(".")[2]
            return Shape("message", () if bare in _ANY_MESSAGE else (bare,))
        case ClassValue(kind="pydantic"):
            # an instance stays the very object
            return Shape("object", (f"{annotation.module.name}.{annotation.qualified}",))
        case ClassValue(kind="dataclass"):
            return None
        case ClassValue(kind="typed_dict"):
            hints = class_hints(run, annotation)
            if isinstance(hints, Unknown) or any(inner(x.value) is not None for x in hints):
                raise _NotKnown
            return None
        case UnionValue(members) | Subscripted(LibraryValue("Union"), members):
            others = [x for x in members if not (isinstance(x, Const) and x.value is None)]
            held = _one_of([inner(x) for x in others])
            return held if len(others) == len(members) else _holding("optional", held)
        case Subscripted(base, [item]) if is_library(base, "Optional"):
            return _holding("optional", inner(item))
        case Subscripted(base, arguments) if is_library(base, "Literal"):
            texts = [x.value for x in arguments if isinstance(x, Const)]
            if len(texts) == len(arguments) and all(isinstance(text, str) for text in texts):
                return Shape("text", tuple(map(str, texts)))
        case Subscripted(base, [item]) if is_library(base, "Sequence"):
            # which is held as a value of unknown type
            if inner(item) is not None or is_library(item, "Any"):
                return Shape("list", (), inner(item))
        case Subscripted(base, [item]) if is_library(base, *_CONTAINERS):
            if is_library(base, "builtins.set", "Set") and inner(item) is not None:
                raise _NotKnown
            return _holding("list", inner(item))
        case Subscripted(base, [key, item]) if is_library(base, *_CONTAINERS):
            if inner(key) is None:
                return _holding("dict", inner(item))
    raise _NotKnown


def _holding(kind: Literal["list", "dict", "optional"], item: Shape | None) -> Shape | None:
    return None if item is None else Shape(kind, (), item)


def _one_of(shapes: list[Shape | None]) -> Shape | None:
    """The shape of a union's members: a single one, or messages, of which each stays what it is.

    Raises:
        _NotKnown: pydantic chooses among others.
    """
    if len(shapes) == 1:
        return shapes[0]
    messages = [shape for shape in shapes if shape is not None and shape.kind == "message"]
    if len(messages) < len(shapes):
        raise _NotKnown
    any_class = any(not shape.names for shape in messages)
    return Shape("message", () if any_class else sum((shape.names for shape in messages), ()))


def _is_harmless(config: Value) -> bool:
    return isinstance(config, DictValue) and config.items.keys() <= _HARMLESS
