"""What names of outer scopes stand for, as the lowering takes it."""

from collections.abc import Callable, Iterator, Mapping

from langferry.converter.functions import (
    Reached,
    as_constant,
    capturing_scope,
    rebound_names,
    receiving,
)
from langferry.converter.lower.requests import (
    Captured,
    Closure,
    Items,
    Receiver,
    ToolAt,
    Written,
)
from langferry.converter.made_objects import is_plainly_made, made_with
from langferry.converter.steadiness import Steadiness
from langferry.converter.wiring import names
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import (
    FunctionValue,
    InstanceValue,
    ListValue,
    Scope,
    TupleValue,
    Unknown,
    Value,
    is_plain,
)
from langferry.converter.wiring.values import Written as Expression


class Captures:
    """The captured values of one program, one a value."""

    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self._steadiness = Steadiness(run.project.modules)
        self._made: dict[int, tuple[object, Captured]] = {}

    def of(self, value: Value) -> Captured | None:
        """What `value` is made of, None where that is not known."""
        if is_plain(value):
            return as_constant(value)
        match value:
            case Unknown(wraps=FunctionValue() as function):
                node = function.node
                return ToolAt(function.module.file, node.lineno, node.col_offset)
            case Unknown(written=Expression() as written):
                return self._once(written, self._written)
            case FunctionValue() if value.unknown is None:
                return self._closure_of(value)
            case InstanceValue():
                return self.receiver_of(value)
            case ListValue(items, None) | TupleValue(items):
                made = [self.of(item) for item in items]
                kept = tuple(item for item in made if item is not None)
                return Items(kept) if len(kept) == len(made) else None
        return None

    def _closure_of(self, function: FunctionValue) -> Closure:
        found = self._once(function, self._closure)
        assert isinstance(found, Closure)
        return found

    def _closure(self, function: FunctionValue) -> Closure:
        node, named = function.node, _Names(self._around(function), self.of)
        return Closure(function.module.file, node.lineno, node.col_offset, named)

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

    def _receiver(self, instance: InstanceValue) -> Receiver:
        methods: dict[str, Closure] = {}
        members: dict[str, Value] = {}
        given = made_with(self._run, instance)
        for owner in reversed(lineage(instance.cls)):
            for name, value in owner.scope.names.items():
                members.pop(name, None)
                methods.pop(name, None)
                if not isinstance(value, FunctionValue):
                    if is_plainly_made(instance.cls):
                        members[name] = value
                elif value.unknown is None and value.binding in ("method", "static"):
                    methods[name] = self._closure_of(value)
        for name in instance.names:
            methods.pop(name, None)
            members.pop(name, None)
        members |= given
        steady = {
            name: value
            for name, value in members.items()
            if self._steadiness.is_attribute_kept(name, value, instance.cls)
        }
        return Receiver(instance.cls.name, methods, _Names(steady, self.of))

    def _written(self, written: Expression) -> Written:
        node, named = written.node, _Names(written.names, self.of)
        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return Written(written.module.file, node.lineno, node.col_offset, *end, named)

    def _once(self, key: object, make: Callable[..., Captured]) -> Captured:
        if id(key) not in self._made:
            # the value is kept with it: an id says nothing about what is gone
            self._made[id(key)] = (key, make(key))
        return self._made[id(key)][1]


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
