"""Graphs that nodes run themselves: `graph.invoke(...)` in a function."""

import ast

from langferry.converter.functions import capturing_scope
from langferry.converter.lower.requests import GraphAt
from langferry.converter.records import unique
from langferry.converter.wiring import names
from langferry.converter.wiring.expressions import lookup
from langferry.converter.wiring.graphs import Compiled
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.values import (
    AgentFormValue,
    AgentModelValue,
    BoundMethod,
    ClassValue,
    DictValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    NodeToolsValue,
    PartialValue,
    PartValue,
    RunnableValue,
    Scope,
    TupleValue,
    Unknown,
)
from langferry.converter.wiring.whole import is_bare, unread

_ASKING = frozenset({"interrupt", "NodeInterrupt"})


class CalledGraphs:
    """The graphs of a program that its nodes may run, with the ids they have or will have in the model."""

    def __init__(self, run: Interpreter, ids: dict[int, str]) -> None:
        self._run = run
        self._ids = ids
        self._found: dict[str, Compiled] = {}
        self._known: dict[int, tuple[Compiled, GraphAt | None]] = {}

    def of(self, compiled: Compiled) -> GraphAt | None:
        """What stands for the graph in a function; None where running it natively would mean something else."""
        if id(compiled) not in self._known:
            self._known[id(compiled)] = (compiled, self._taken(compiled))
        return self._known[id(compiled)][1]

    def named(self, id_: str) -> Compiled:
        """The graph of this id."""
        return self._found[id_]

    def _taken(self, compiled: Compiled) -> GraphAt | None:
        builder = compiled.builder
        stops = compiled.interrupt_before or compiled.interrupt_after
        if stops or compiled.keeps_state or unread(self._run, compiled) is not None:
            return None
        if any(map(is_bare, (builder.state, builder.input, builder.output))):
            return None
        if any(finding.severity == "error" for finding in builder.findings) or may_ask(compiled):
            return None
        if id(compiled) not in self._ids:
            suggestion = compiled.name or _name(builder.scope, compiled)
            self._ids[id(compiled)] = unique(suggestion, tuple(self._ids.values()))
        id_ = self._ids[id(compiled)]
        self._found[id_] = compiled
        messages = [
            name for name, x in builder.channels.items() if is_library(x.reducer, "add_messages")
        ]
        return GraphAt(id_, tuple(messages))


def _name(scope: Scope, compiled: Compiled) -> str:
    """What the program calls the graph where it is built."""
    found = (name for name, value in scope.names.items() if value is compiled)
    return next(found, "graph_of_a_node")


def may_ask(compiled: Compiled) -> bool:
    """Whether a function that the graph reaches asks a person, as far as the program's own text says."""
    pending: list[object] = [compiled]
    seen: dict[int, object] = {}
    while pending:
        value = pending.pop()
        if value is None or id(value) in seen:
            continue
        seen[id(value)] = value
        match value:
            case Compiled(builder=builder):
                pending += [node.action for node in builder.nodes.values()]
                pending += [branch.path for branch in builder.branches]
            case FunctionValue(node=node):
                if any(_names_asking(part) for part in ast.walk(node)):
                    return True
                pending += [_meant(value, name) for name in names.free(node)]
            case Unknown(wraps=function, made=made, steps=steps):
                pending += [function, *(() if made is None else (made[1], *made[2].values()))]
                pending += steps or ()
            case ListValue(items) | TupleValue(items):
                pending += items
            case DictValue(items):
                pending += items.values()
            case PartialValue(function, args, keywords):
                pending += [function, *args, *keywords.values()]
            case RunnableValue(function, coroutine):
                pending += [function, coroutine]
            case BoundMethod(receiver):
                pending.append(receiver)
            case InstanceValue(cls, attributes):
                pending += [cls, *attributes.values()]
            case ClassValue():
                pending += [x for owner in lineage(value) for x in owner.scope.names.values()]
            case PartValue(objects=objects):
                pending += objects.values()
            case AgentModelValue(model, tools):
                pending += [model, tools]
            case AgentFormValue(model):
                pending.append(model)
            case NodeToolsValue(tools):
                pending.append(tools)
        if is_library(value, "interrupt", "langgraph.errors.NodeInterrupt"):  # type: ignore[arg-type]
            return True
    return False


def _names_asking(part: ast.AST) -> bool:
    match part:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name in _ASKING
    return False


def _meant(function: FunctionValue, name: str) -> object:
    scope = capturing_scope(function.scope, name)
    return lookup(function.scope, name) if scope is None else scope.names[name]
