"""The functions a graph calls: their ids, roles, parameters and what they capture."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from langferry.converter.constants import encode
from langferry.converter.lower import RunPart
from langferry.converter.records import Records, unique
from langferry.converter.steadiness import Steadiness
from langferry.converter.wiring import names
from langferry.converter.wiring.expressions import lookup
from langferry.converter.wiring.graphs import Compiled, Written
from langferry.converter.wiring.instances import bound as method_of
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.schemas import function_hints
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    FunctionValue,
    InstanceValue,
    PartialValue,
    PartValue,
    Scope,
    Unknown,
    Value,
    is_plain,
    plain,
)
from langferry.diagnostics import Span
from langferry.model import types as t
from langferry.model.constants import Constant
from langferry.model.program import Parameter, Reason

INJECTED = frozenset({"config", "writer", "store", "previous", "runtime", "error"})
"""Parameters LangGraph fills by their names."""

_ANNOTATIONS: Mapping[RunPart, frozenset[str] | None] = {
    "config": frozenset({"RunnableConfig", "Optional[RunnableConfig]"}),
    "writer": frozenset({"StreamWriter"}),
    "store": frozenset({"BaseStore", "Optional[BaseStore]"}),
    "runtime": None,
}
"""Those that native code knows, with the annotations by which LangGraph does; the runtime may have any."""


@dataclass(eq=False, slots=True)
class Reached:
    """A function in one role. `bound` holds what `partial` fixed; `passes` the types of what
    LangGraph passes, in order; `state` and `inputs` are as in a lowering request."""

    id: str
    function: FunctionValue | None
    """None for an object whose code is not known to the converter."""
    role: str
    bound: dict[str, Value]
    passes: tuple[t.Type, ...]
    state: str | None
    inputs: dict[str, str] = field(default_factory=dict)
    annotation: str | None = None
    """What the parameters LangGraph fills could be annotated with, where that has a name."""
    name: str = ""
    span: Span | None = None
    why: Reason | None = None
    """Why it cannot be native, whatever its body is."""
    written: Written | None = None
    holder: Compiled | None = None
    """A graph that holds it, and `access`, how Python takes it out of there."""
    access: str = ""
    input_class: ClassValue | None = None
    part: PartValue | None = None
    """What of a library it is, where that is known."""


class Functions:
    """All functions reached so far, one a function, role and set of bound arguments."""

    def __init__(self, run: Interpreter, records: Records) -> None:
        self._run = run
        self._records = records
        self._steadiness = Steadiness(run.project.modules)
        self.reached: dict[str, Reached] = {}
        self._keys: dict[tuple[object, ...], str] = {}

    def reach(
        self,
        function: FunctionValue | None,
        bound: dict[str, Value],
        role: str,
        passes: tuple[t.Type, ...],
        state: str | None,
        suggestion: str,
        annotation: str | None = None,
        identity: object = None,
    ) -> Reached:
        """The entry of a function; made when it is new. `suggestion` names a lambda.

        `identity` tells apart what has no function of its own.
        """
        key = (
            id(function) if identity is None else identity,
            role,
            tuple((name, id(value)) for name, value in sorted(bound.items())),
            passes,
            state,
        )
        if key not in self._keys:
            unnamed = function is None or function.name == "<lambda>" or bound
            name = suggestion if unnamed or function is None else function.name
            if name.startswith(("helper_", "global_")):
                # the lowering's own ids begin so
                name = f"{role}_{name}"
            identifier = unique(name, self.reached)
            self._keys[key] = identifier
            self.reached[identifier] = Reached(
                identifier, function, role, bound, passes, state, annotation=annotation, name=name
            )
        return self.reached[self._keys[key]]

    def captures(self, function: FunctionValue) -> dict[str, Value]:
        """The names a function takes from enclosing functions, with their values."""
        found = {}
        for name in sorted(names.free(function.node)):
            scope = capturing_scope(function.scope, name)
            if scope is not None:
                found[name] = scope.names[name]
        return found

    def constants(self, reached: Reached) -> dict[str, Constant]:
        """Captured names, bound parameters and unfilled defaults that are plain data."""
        found: dict[str, Constant] = {}
        if reached.function is None:
            return found
        rebound = rebound_names(reached.function)
        candidates = {
            name: value
            for name, value in self.captures(reached.function).items()
            if name not in rebound and not self._steadiness.is_changed(value, name)
        }
        filled = passed_parameters(reached)
        for item in names.parameters(reached.function.node):
            if item.arg in reached.bound:
                candidates[item.arg] = reached.bound[item.arg]
            elif filled_with(reached.function, item) is not None:
                candidates.pop(item.arg, None)
            elif item.arg not in filled and item.arg in reached.function.defaults:
                candidates[item.arg] = reached.function.defaults[item.arg]
        for name, value in candidates.items():
            constant = as_constant(value)
            if constant is not None:
                found[name] = constant
        return found

    def parameters(self, reached: Reached) -> tuple[Parameter, ...]:
        """The function's parameters for the model."""
        function = reached.function
        if function is None:
            passes = () if reached.part is None else reached.passes
            return tuple(Parameter("state", kind, "positional", None) for kind in passes)
        arguments = function.node.args
        hints = function_hints(self._run, function)
        known = {} if isinstance(hints, Unknown) else hints
        filled = dict(zip(passed_parameters(reached), reached.passes, strict=False))
        receiver = receiving(reached)
        kinds = {item.arg: "keyword" for item in arguments.kwonlyargs}
        if arguments.vararg is not None:
            kinds[arguments.vararg.arg] = "var_positional"
        if arguments.kwarg is not None:
            kinds[arguments.kwarg.arg] = "var_keyword"
        return tuple(
            Parameter(
                item.arg,
                filled.get(item.arg) or self._records.type_of(known.get(item.arg)),
                kinds.get(item.arg, "positional"),  # type: ignore[arg-type]
                as_constant(function.defaults.get(item.arg)),
                as_constant(reached.bound.get(item.arg)),
            )
            for item in names.parameters(function.node)
            if (receiver is None or item.arg != receiver[0])
            and (item.arg in reached.bound or filled_with(function, item) is None)
        )

    def returns(self, function: FunctionValue) -> t.Type:
        """The type of the result, as far as it is declared."""
        hints = function_hints(self._run, function)
        return (
            t.AnyType()
            if isinstance(hints, Unknown)
            else self._records.type_of(hints.get("return"))
        )


def is_config(function: FunctionValue, parameter: ast.arg) -> bool:
    """Whether LangGraph gives a parameter the run's config."""
    return filled_with(function, parameter) == "config"


def filled_with(function: FunctionValue, parameter: ast.arg) -> RunPart | None:
    """The part of the run that LangGraph gives a parameter, as it decides that itself; None for those not known."""
    if function.signature is not function:
        # it looks at the function that this one wraps
        function, name = function.signature, parameter.arg
        told = next((x for x in names.parameters(function.node) if x.arg == name), None)
        if told is None:
            return None
        parameter = told
    part = next((x for x in _ANNOTATIONS if x == parameter.arg), None)
    if part is None or parameter is names.parameters(function.node)[0]:
        return None
    annotations = _ANNOTATIONS[part]
    if parameter.annotation is None or annotations is None:
        return part
    text = ast.unparse(parameter.annotation).strip("'\"")
    if not _is_text(parameter.annotation, function) and text.endswith(" | None"):
        text = f"Optional[{text.removesuffix(' | None')}]"
    return part if text in annotations else None


def keeps_default(function: FunctionValue, parameter: ast.arg) -> bool:
    """Whether LangGraph does not know the parameter by its annotation, which leaves it its default.

    It compares annotations that are texts with the few it has written down: `"RunnableConfig | None"`, which
    is what `from __future__ import annotations` makes of that, is none of them.
    """
    known = next((names for part, names in _ANNOTATIONS.items() if part == parameter.arg), None)
    annotation = parameter.annotation
    if known is None or annotation is None or not _is_text(annotation, function):
        return False
    return parameter.arg in function.defaults


def _is_text(annotation: ast.expr, function: FunctionValue) -> bool:
    """Whether Python keeps an annotation as it is written."""
    return isinstance(annotation, ast.Constant) or any(
        isinstance(item, ast.ImportFrom) and item.module == "__future__"
        for item in function.module.tree.body
    )


def unbound(value: Value) -> tuple[FunctionValue, dict[str, Value]] | None:
    """The function behind partials and the arguments they fix, None where that is not known."""
    args: list[Value] = []
    keywords: dict[str, Value] = {}
    while isinstance(value, PartialValue):
        if value.unknown is not None:
            return None
        args = [*value.args, *args]
        keywords = value.keywords | keywords
        value = value.function
    first: tuple[Value, ...] = ()
    if isinstance(value, InstanceValue):
        value = BoundMethod(value, "__call__")
    if isinstance(value, BoundMethod) and isinstance(value.receiver, InstanceValue):
        found = method_of(value.receiver, value.name)
        if found is None or found[0].binding != "method":
            return None
        value, first = found
    if not isinstance(value, FunctionValue) or value.unknown is not None:
        return None
    args = [*first, *args]
    arguments = value.node.args
    positional = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
    # the state is passed to the first parameter that `partial` did not fix by position
    if len(args) > len(positional) or any(name in keywords for name in positional[: len(args) + 1]):
        return None
    return value, dict(zip(positional, args, strict=False)) | keywords


def passed_parameters(reached: Reached) -> list[str]:
    """The parameters LangGraph passes values to, in order."""
    if reached.function is None:
        return []
    arguments = reached.function.node.args
    positional = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
    free = [name for name in positional if name not in reached.bound]
    if arguments.vararg is not None and len(free) + 1 == len(reached.passes):
        free.append(arguments.vararg.arg)
    return free[: len(reached.passes)]


def given_nothing(reached: Reached) -> set[str]:
    """The parameters for the rest of the arguments, where LangGraph gives the others all there is."""
    if reached.function is None:
        return set()
    own = names.parameters(reached.function.node)
    rest = rest_parameters(reached.function.node)
    named = {item.arg for item in own} - rest
    given = {*INJECTED, *passed_parameters(reached)}
    return rest - given if reached.bound.keys() <= named else set()


def rest_parameters(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """The parameters for the rest of the arguments."""
    starred = (function.args.vararg, function.args.kwarg)
    return {item.arg for item in starred if item is not None}


def receiving(reached: Reached) -> tuple[str, InstanceValue] | None:
    """The parameter of a method that holds the object it is called on, and the object."""
    if reached.function is None or reached.function.node.args.posonlyargs:
        return None
    first = next(iter(reached.function.node.args.args), None)
    value = None if first is None else reached.bound.get(first.arg)
    return (first.arg, value) if first is not None and isinstance(value, InstanceValue) else None


def capturing_scope(scope: Scope, name: str) -> Scope | None:
    """The enclosing function's scope that holds `name`, None when it is a module's name."""
    place: Scope | None = scope
    while place is not None and place.parent is not None:
        if place.kind != "class" and name in place.names:
            return place
        place = place.parent
    return None


def rebound_names(function: FunctionValue) -> set[str]:
    """Names of enclosing functions that some function there may bind anew while the graph runs."""
    found: set[str] = set()
    for item in function.module.scope.nodes:
        if isinstance(item, ast.Nonlocal):
            found.update(item.names)
    return found


def as_constant(value: Value | None) -> Constant | None:
    """The constant of plain data, None for anything else."""
    if value is None or not is_plain(value):
        return None
    try:
        return encode(plain(value))
    except ValueError:
        return None


def name_for(schema: Value, function: FunctionValue) -> str | None:
    """A name by which the place of `function` can see `schema`."""
    scope: Scope | None = function.scope
    while scope is not None:
        for name, value in scope.names.items():
            if value is schema and lookup(function.scope, name) is schema:
                return name
        scope = scope.parent
    return None
