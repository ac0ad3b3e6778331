"""Turns the schemas the wiring met into records, and annotations into types."""

import re
from collections.abc import Collection
from typing import NamedTuple

from langferry.converter.constants import encode, encode_member
from langferry.converter.enumerations import enumeration_of
from langferry.converter.wiring.channels import (
    custom_reducer,
    empty_container_of,
    empty_of,
    has_initial,
    is_managed,
    is_transient,
)
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.schemas import Hint, class_hints, metadata, required, stripped
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    FieldInfoValue,
    InstanceValue,
    LibraryValue,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
    is_plain,
    plain,
)
from langferry.diagnostics import Failure
from langferry.model import types as t
from langferry.model.constants import Constant
from langferry.model.program import Field, Record, Reducer

_SIMPLE: dict[str, t.Type] = {
    "builtins.bool": t.BoolType(),
    "builtins.int": t.IntType(),
    "builtins.float": t.FloatType(),
    "builtins.str": t.StrType(),
    "builtins.bytes": t.BytesType(),
    "builtins.list": t.ListType(t.AnyType()),
    "builtins.dict": t.DictType(t.AnyType(), t.AnyType()),
    "builtins.set": t.SetType(t.AnyType()),
    "builtins.frozenset": t.SetType(t.AnyType()),
    "List": t.ListType(t.AnyType()),
    "Dict": t.DictType(t.AnyType(), t.AnyType()),
    "Set": t.SetType(t.AnyType()),
}
_KNOWN_CLASSES = frozenset(
    {"datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"}
)


class FieldPlace(NamedTuple):
    """Where a field of a class is declared: the file, and the line."""

    file: str
    line: int


class Records:
    """The program's records, made when they are first asked for.

    What fields at the places `loose` declare is not what the program does with them.
    """

    def __init__(self, run: Interpreter, loose: Collection[FieldPlace] = ()) -> None:
        self._run = run
        self._loose = loose
        self._ids: dict[int, str] = {}
        self._classes: dict[str, ClassValue] = {}
        self._hints: dict[str, list[Hint]] = {}
        self.reducers: dict[tuple[str, str], Value] = {}
        """Reducers that are no library's operators, by record id and field."""
        self.reducer_ids: dict[tuple[int, t.Type], str] = {}
        """Their functions' ids, by identity and the channel's type."""

    def id_of(self, schema: ClassValue) -> str:
        """The record's id; the record is in `all` from now on.

        Raises:
            Failure: LF210 when its fields are not known.
        """
        known = self._ids.get(id(schema))
        if known is not None:
            return known
        hints = class_hints(self._run, schema)
        if isinstance(hints, Unknown):
            raise Failure(
                "LF210",
                f"the fields of {schema.name!r} are not known: {hints.reason}",
                schema.span,
            )
        identifier = unique(schema.name, self._classes)
        self._ids[id(schema)] = identifier
        self._classes[identifier] = schema
        hints = [hint for hint in hints if not is_managed(hint.value)]
        self._hints[identifier] = hints
        for hint in hints:
            self.type_of(hint.value)
            found = custom_reducer(hint.value)
            if found is not None:
                self.reducers[identifier, hint.name] = found
        return identifier

    def by_name(self, qualified: str) -> str | None:
        """The id of the class with this qualified name (module included), if it is a record."""
        for identifier, schema in self._classes.items():
            if qualified in {schema.qualified, f"{schema.module.name}.{schema.qualified}"}:
                return identifier
        return None

    def classes(self) -> list[ClassValue]:
        """The classes of all records met so far."""
        return list(self._classes.values())

    def hint(self, record: str, name: str) -> Hint:
        """A record's field by name."""
        return next(hint for hint in self._hints[record] if hint.name == name)

    def all(self) -> tuple[Record, ...]:
        """Every record met so far."""
        return tuple(
            Record(
                identifier,
                schema.name,
                schema.qualified
                if "." in schema.qualified and schema in self._run.library_states.values()
                else f"{schema.module.name}.{schema.qualified}",
                "typed_dict"
                if schema.kind == "typed_dict"
                else ("pydantic" if schema.kind == "pydantic" else "dataclass"),
                tuple(self._field(hint) for hint in self._hints[identifier]),
                schema.doc,
                schema.span,
            )
            for identifier, schema in self._classes.items()
        )

    def field_type(self, hint: Hint) -> t.Type:
        """The type that a field's values are of."""
        return t.AnyType() if self._is_loose(hint) else self.type_of(hint.value)

    def _is_loose(self, hint: Hint) -> bool:
        return (hint.field.span.file, hint.field.span.line) in self._loose

    def type_of(self, value: Value | None) -> t.Type:
        """The type an annotation stands for; `AnyType` when it says too little."""
        match value:
            case Const(None):
                return t.NoneType()
            case LibraryValue(name):
                if name in _SIMPLE:
                    return _SIMPLE[name]
                return t.ClassType(name) if name in _KNOWN_CLASSES else t.AnyType()
            case ClassValue(kind="typed_dict" | "dataclass"):
                try:
                    return t.RecordType(self.id_of(value))
                except Failure:
                    return t.AnyType()
            case UnionValue(members):
                return self._union(members)
            case Subscripted(base, arguments):
                return self._subscripted(base, arguments, value)
        return t.AnyType()

    def _subscripted(self, base: Value, arguments: list[Value], value: Subscripted) -> t.Type:
        inner = stripped(value)
        if inner is not value:
            return self.type_of(inner)
        if is_library(base, "Optional"):
            return self._union([*arguments, Const(None)])
        if is_library(base, "Union"):
            return self._union(arguments)
        if is_library(base, "Literal"):
            return self._literal(arguments)
        types = [self.type_of(item) for item in arguments]
        if is_library(base, "builtins.list", "List") and len(types) == 1:
            return t.ListType(types[0])
        if is_library(base, "builtins.set", "builtins.frozenset", "Set") and len(types) == 1:
            return t.SetType(types[0])
        if is_library(base, "builtins.dict", "Dict") and len(types) == 2:
            return t.DictType(types[0], types[1])
        if is_library(base, "builtins.tuple", "Tuple") and arguments:
            last = arguments[-1]
            if isinstance(last, Const) and last.value is Ellipsis:
                return t.AnyType()
            return t.TupleType(tuple(types))
        return t.AnyType()

    def _union(self, members: list[Value]) -> t.Type:
        types = [self.type_of(member) for member in members]
        others = [kind for kind in types if not isinstance(kind, t.NoneType)]
        if not others:
            return t.NoneType()
        if any(kind != others[0] for kind in others) or isinstance(others[0], t.AnyType):
            return t.AnyType()
        inner = others[0]
        if len(others) == len(types) or isinstance(inner, t.OptionalType):
            return inner
        return t.OptionalType(inner)

    def _literal(self, arguments: list[Value]) -> t.Type:
        values = [item.value for item in arguments if isinstance(item, Const)]
        if len(values) == len(arguments):
            texts = [value for value in values if isinstance(value, str)]
            if len(texts) == len(values):
                return t.StrType(tuple(texts))
            for kind, found in ((bool, t.BoolType()), (int, t.IntType())):
                if all(type(value) is kind for value in values):
                    return found
        return t.AnyType()

    def _field(self, hint: Hint) -> Field:
        default: Constant | None = None
        given = hint.field.default
        if isinstance(given, FieldInfoValue):
            given = given.default
        match given:
            case InstanceValue(cls, {"name": Const(str() as name)}) if enumeration_of(cls):
                default = encode_member(f"{cls.module.name}.{cls.qualified}", name)
            case _ if given is not None and is_plain(given):
                try:
                    default = encode(plain(given))
                except ValueError:
                    default = None
        reducer = self._reducer(hint)
        return Field(
            hint.name,
            self.field_type(hint),
            required(hint),
            reducer,
            default,
            hint.field.doc,
            hint.field.span,
            is_transient(hint.value),
        )

    def _reducer(self, hint: Hint) -> Reducer | None:
        found = metadata(hint.value)
        last = found[-1] if found and not is_transient(hint.value) else None
        is_loose = self._is_loose(hint)
        empty = empty_container_of(hint.value) if is_loose else empty_of(hint.value)
        initial = bool(has_initial(hint.value)), empty
        match last:
            case LibraryValue("operator.add"):
                return Reducer("operator.add", None, *initial)
            case LibraryValue("operator.or_"):
                return Reducer("operator.or_", None, *initial)
            case LibraryValue("add_messages"):
                return Reducer("add_messages", None, *initial)
        key = (id(last), self.field_type(hint))
        if key in self.reducer_ids:
            return Reducer("function", self.reducer_ids[key], *initial)
        return None


def unique(name: str, taken: Collection[str]) -> str:
    """`name` as an identifier that is not in `taken`."""
    base = re.sub(r"\W", "_", name, flags=re.ASCII).strip("_") or "unnamed"
    if base[0].isdigit():
        base = f"_{base}"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found
