"""Graphs that run as one node: those that only their library's code knows, or only a run would tell.

Such a graph is built by the program's own Python and run there, input and result as they are. So
nothing about its wiring has to be known, and nothing is guessed.
"""

from typing import TYPE_CHECKING

from langferry.converter.wiring.graphs import Builder, Compiled, Whole
from langferry.converter.wiring.schemas import class_hints, function_hints
from langferry.converter.wiring.values import (
    ClassValue,
    FieldValue,
    FunctionValue,
    LibraryValue,
    Scope,
    Subscripted,
    Unknown,
    Value,
)
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.project import SourceModule
    from langferry.converter.wiring.interpreter import Interpreter

ROOT = "__root__"
"""The channel that is the whole state, where the state is a bare value."""

_NOT_READ = frozenset({"LF201", "LF210", "LF212"})
"""Errors that say what this tool does not know, not what LangGraph would refuse."""

_BARE = frozenset(
    ["dict", "list", "set", "frozenset", "tuple", "str", "bytes", "int", "float", "bool", "object"]
)
_BARE_GENERIC = frozenset(["Annotated", "Dict", "List", "Mapping", "Sequence", "Set", "Tuple"])


def bare_schema(run: "Interpreter", value: Value, module: "SourceModule", where: Span) -> Value:
    """`value`, with a class of the one channel `ROOT` where LangGraph finds no fields in it."""
    base = value.base if isinstance(value, Subscripted) else value
    if not isinstance(base, LibraryValue):
        return value
    named = base.name.removeprefix("builtins.") in _BARE
    if not (named or (isinstance(value, Subscripted) and base.name in _BARE_GENERIC)):
        return value
    key = f"{ROOT} {id(value)}" if isinstance(value, Subscripted) else f"{ROOT} {base.name}"
    if key not in run.library_states:
        run.library_states[key] = bare(value, module, where)
    return run.library_states[key]


def anything(run: "Interpreter", module: "SourceModule", where: Span) -> ClassValue:
    """The schema of a state that may be any value."""
    return run.library_states.setdefault(ROOT, bare(LibraryValue("Any"), module, where))


def is_bare(schema: Value) -> bool:
    """Whether `schema` stands for a bare value."""
    return isinstance(schema, ClassValue) and [x.name for x in schema.own_fields] == [ROOT]


def bare(kind: Value, module: "SourceModule", where: Span) -> ClassValue:
    """The class of a state that is one value of the type `kind`."""
    return ClassValue(
        "BareState",
        "langgraph.BareState",
        module,
        "typed_dict",
        [LibraryValue("TypedDict")],
        [FieldValue(ROOT, kind, None, None, where)],
        Scope(module, "class", "BareState", Scope(module, "module", "", None)),
        "The state as one value.",
        where,
    )


def whole(run: "Interpreter", found: Whole, module: "SourceModule") -> Compiled:
    """A graph of which nothing is known but that it is made, in `module`."""
    state = anything(run, module, found.why.span)
    scope = Scope(module, "module", "", None)
    builder = Builder(state, state, state, scope, found.why.span, whole=found)
    return Compiled(builder, None, None, True, (), (), found.why.span)


def unread(run: "Interpreter", compiled: Compiled) -> Whole | None:
    """Why a graph cannot be taken apart; None when it can."""
    if compiled.builder.whole is not None:
        return compiled.builder.whole
    why = _why_unread(run, compiled)
    return None if why is None else Whole(why)


def _why_unread(run: "Interpreter", compiled: Compiled) -> Unknown | None:
    builder = compiled.builder
    for why in (builder.unknown, compiled.unknown):
        if why is not None:
            return why
    inputs = [node.input for node in builder.nodes.values() if not node.is_sent]
    inputs += [branch.input for branch in builder.branches if branch.input is not None]
    for schema in (builder.state, builder.input, builder.output, *inputs):
        hints = class_hints(run, schema) if isinstance(schema, ClassValue) else schema
        if isinstance(hints, Unknown):
            return Unknown(f"a schema of it is not known: {hints.reason}", compiled.span)
        if not isinstance(schema, ClassValue):
            return Unknown("a schema of it is not a class of the program", compiled.span)
        if is_bare(schema) and builder.channels.keys() != {ROOT}:
            return Unknown("its state is a bare value, but has channels beside it", compiled.span)
    for finding in builder.findings:
        if finding.severity == "error" and finding.code in _NOT_READ:
            return Unknown(finding.message, finding.span or compiled.span)
    return None


def gives_graph(run: "Interpreter", function: FunctionValue) -> bool:
    """Whether a function says that it returns a graph."""
    hints = function_hints(run, function)
    hint = None if isinstance(hints, Unknown) else hints.get("return")
    base = hint.base if isinstance(hint, Subscripted) else hint
    return isinstance(base, LibraryValue) and base.name in _GRAPHS


_GRAPHS = frozenset(
    [
        "StateGraph",
        "langgraph.graph.state.CompiledStateGraph",
        "langgraph.graph.graph.CompiledGraph",
        "langgraph.graph.CompiledGraph",
        "langgraph.pregel.Pregel",
    ]
)
