"""What names of outer scopes stand for, as the lowering takes it."""

from collections.abc import Callable, Iterator, Mapping

from langferry.converter.enumerations import enumeration_of
from langferry.converter.functions import (
    Reached,
    as_constant,
    capturing_scope,
    rebound_names,
    receiving,
)
from langferry.converter.lower.object_tools import BASES
from langferry.converter.lower.requests import (
    Captured,
    Closure,
    Given,
    GraphAt,
    Items,
    Receiver,
    Setting,
    Settings,
    StoreAt,
    ToolAt,
    Written,
)
from langferry.converter.made_objects import enum_members, is_plainly_made, made_with
from langferry.converter.object_making import making_of
from langferry.converter.settings import settings_of
from langferry.converter.steadiness import Steadiness
from langferry.converter.wiring import names
from langferry.converter.wiring.arguments import ARGUMENT
from langferry.converter.wiring.graphs import Compiled
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    FunctionValue,
    InstanceValue,
    ListValue,
    Scope,
    StoreValue,
    TupleValue,
    Unknown,
    Value,
    is_plain,
)
from langferry.converter.wiring.values import Written as Expression


class Captures:
    """The captured values of one program, one a value."""

    def __init__(
        self,
        run: Interpreter,
        graph_at: Callable[[Compiled], GraphAt | None] = lambda graph: None,
        store_at: Callable[[StoreValue], StoreAt | None] = lambda store: None,
    ) -> None:
        self._run = run
        self._graph_at = graph_at
        self._store_at = store_at
        self._steadiness = Steadiness(run.project.modules)
        self._made: dict[int, tuple[object, Captured]] = {}
        self._settings: dict[int, tuple[object, Settings | None]] = {}

    def of(self, value: Value) -> Captured | None:
        """What `value` is made of, None where that is not known."""
        if is_plain(value):
            return as_constant(value)
        match value:
            case Unknown(setting=(InstanceValue() as owner, str(field))):
                return self._setting(owner, field)
            case Unknown(wraps=FunctionValue() as function) if function.wrapped is None:
                return self.tool_of(function)
            case Unknown(
                made=(maker, None, {"name": Const(str(name)), "kind": Const(str(kind))})
            ) if maker == ARGUMENT:
                return Given(name, kind)
            case Unknown(written=Expression() as written):
                return self._once(written, self._written)
            case FunctionValue() if value.unknown is None:
                return self._closure_of(value)
            case InstanceValue():
                return self.receiver_of(value)
            case Compiled():
                return self._graph_at(value)
            case StoreValue():
                return self._store_at(value)
            case ClassValue() if value.unknown is None:
                return self._once(value, self._class)
            case ListValue(items, None) | TupleValue(items):
                made = [self.of(item) for item in items]
                kept = tuple(item for item in made if item is not None)
                return Items(kept) if len(kept) == len(made) else None
        return None

    def tool_of(self, function: FunctionValue) -> ToolAt:
        """The tool that `function` is, or is taken for."""
        node = function.node
        closure = self._closure_of(function) if function.scope.kind == "function" else None
        return ToolAt(function.module.file, node.lineno, node.col_offset, closure)

    def _setting(self, owner: InstanceValue, field: str) -> Setting | None:
        if id(owner) not in self._settings:
            self._settings[id(owner)] = (owner, settings_of(self._run, owner))
        found = self._settings[id(owner)][1]
        return None if found is None or field not in found.kinds else Setting(found, field)

    def _closure_of(self, function: FunctionValue) -> Closure:
        found = self._once(function, self._closure)
        assert isinstance(found, Closure)
        return found

    def _closure(self, function: FunctionValue) -> Closure:
        node, named = function.node, _Names(self._around(function), self.of)
        return Closure(function.module.file, node.lineno, node.col_offset, named, function.name)

    def _around(self, function: FunctionValue) -> dict[str, Value]:
        """What names of functions around `function` stand for, where that stays so."""
        rebound, found = rebound_names(function), {}
        for name in sorted(names.free(function.node) - rebound):
            scope = capturing_scope(function.scope, name)
            if scope is not None and not self._steadiness.is_changed(scope.names[name], name):
                found[name] = scope.names[name]
        return found

    def module(self, scope: Scope) -> Mapping[str, Captured]:
        """The names of a module's own scope."""
        return _Names(scope.names, self.of)

    def given_to(self, reached: Reached) -> Mapping[str, Captured]:
        """What a function takes from the functions around it, and what its parameters are bound to."""
        if reached.function is None:
            return {}
        own = receiving(reached)
        bound = {
            name: value for name, value in reached.bound.items() if own is None or name != own[0]
        }
        return _Names(self._around(reached.function) | bound, self.of)

    def receiver_of(self, instance: InstanceValue) -> Receiver:
        """The object that `instance` is."""
        found = self._once(instance, self._receiver)
        assert isinstance(found, Receiver)
        return found

    def _class(self, cls: ClassValue) -> Receiver:
        """A class as an object: the methods it has itself, what its body binds, the members of an enum."""
        methods, members = self._functions_of(cls, "static", "class"), _data_of(cls)
        if cls.kind in ("typed_dict", "pydantic"):
            # the class has not what its body says
            members = {}
        defined = (cls.module.file, cls.span.line)
        kept, making = self._kept(members, cls), making_of(self._run, cls)
        return Receiver(cls.name, methods, {}, kept, defined, making, enumeration_of(cls))

    def _functions_of(self, cls: ClassValue, *bindings: str) -> dict[str, Closure]:
        """The functions that the class and its bases bind in these ways, by name."""
        found = {
            name: value
            for owner in reversed(lineage(cls))
            for name, value in owner.scope.names.items()
        }
        return {
            name: self._closure_of(value)
            for name, value in found.items()
            if isinstance(value, FunctionValue)
            and value.unknown is None
            and value.binding in bindings
        }

    def _kept(self, members: Mapping[str, Value], cls: ClassValue) -> "_Names":
        steady = {
            name: value
            for name, value in members.items()
            if self._steadiness.is_attribute_kept(name, value, cls)
        }
        return _Names(steady, self.of)

    def _receiver(self, instance: InstanceValue) -> Receiver:
        cls = instance.cls
        methods, properties = (
            {name: x for name, x in found.items() if name not in instance.names}
            for found in (
                self._functions_of(cls, "method", "static"),
                self._functions_of(cls, "property"),
            )
        )
        properties = {name: x for name, x in properties.items() if self._is_always_given(cls, name)}
        members = {name: x for name, x in _data_of(cls).items() if name not in instance.names}
        members |= made_with(self._run, instance)
        kept, enumeration = self._kept(members, cls), enumeration_of(cls)
        named = instance.names.get("name") if enumeration is not None else None
        member = named.value if isinstance(named, Const) else None
        return Receiver(
            cls.name,
            methods,
            properties,
            kept,
            enumeration=enumeration if isinstance(member, str) else None,
            member=member if isinstance(member, str) else None,
            tool=(cls.module.file, cls.span.line) if _is_tool(instance) else None,
        )

    def _is_always_given(self, cls: ClassValue, name: str) -> bool:
        """Whether nothing puts something else in the place of a property, as it may where that is kept."""
        owner = next(x for x in lineage(cls) if name in x.scope.names)
        found = owner.scope.names[name]
        is_kept = isinstance(found, FunctionValue) and found.is_kept
        return not is_kept or self._steadiness.is_attribute_kept(name, found, cls)

    def _written(self, written: Expression) -> Written:
        node, named = written.node, _Names(written.names, self.of)
        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        calls = tuple(self._written(call) for call in written.calls)
        return Written(written.module.file, node.lineno, node.col_offset, *end, named, calls)

    def _once(self, key: object, make: Callable[..., Captured]) -> Captured:
        if id(key) not in self._made:
            # the value is kept with it: an id says nothing about what is gone
            self._made[id(key)] = (key, make(key))
        return self._made[id(key)][1]


def _is_tool(instance: InstanceValue) -> bool:
    """Whether an object is one of LangChain's tools, of which only its class says anything."""
    bases = instance.cls.bases
    is_derived = len(bases) == 1 and is_library(bases[0], *BASES)
    return is_derived and not instance.is_given and not instance.names


def _data_of(cls: ClassValue) -> dict[str, Value]:
    """What the bodies of the class and its bases bind to data, where no library has a say."""
    if not is_plainly_made(cls):
        return {}
    if cls.kind == "enum":
        return enum_members(cls)
    found = {
        name: value for owner in reversed(lineage(cls)) for name, value in owner.scope.names.items()
    }
    return {name: value for name, value in found.items() if not isinstance(value, FunctionValue)}


class _Names(Mapping[str, Captured]):
    """Values by name, looked at when they are asked for: most never are."""

    def __init__(self, values: Mapping[str, Value], take: Callable[[Value], Captured | None]):
        self._values = values
        self._take = take

    def __getitem__(self, name: str) -> Captured:
        found = self._take(self._values[name])
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
