"""Where each part of a program goes in its crate, and what it is called there.

Every name is decided here, once, in the program's own order, so that it is the same each time.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal

from langferry.codegen.rust.names import Scope, pascal, shouting, snake
from langferry.diagnostics import Failure
from langferry.model import Program, ir
from langferry.model import types as t
from langferry.model.ir import GlobalValue
from langferry.model.program import Function, Graph, Record
from langferry.model.runs import held_tools, uses
from langferry.model.walk import walk

Role = Literal["node", "router", "reducer", "helper", "tool"]

MODULES: dict[Role, str] = {
    "node": "nodes",
    "router": "routers",
    "reducer": "reducers",
    "helper": "helpers",
    "tool": "tools",
}

PRELUDE_TYPES = frozenset(
    re.findall(
        r"\w+",
        """
        Abs Bound Box Bytes Class Command CompiledGraph Constant Contains Context Counter Date DateTime DeltaParts
        Dict Err Exception Float FromValue GraphError Hashed Input Int Leave Match MemorySaver NodeName
        NodeOutput NodeResult None Ok Option PathMap Pattern PyFormat PyLen PyOrd PyRepr
        Random Range Record Replace Result Round RouteResult RunConfig Self Send Set Shape Slice
        Slot Some StateGraph String Target Time TimeDelta TimeZone ToFloat ToInt TraceValue
        Truthy Update Value Vec
        """,
    )
)
"""Types that generated code uses by their bare names; no record is called so."""

PRELUDE_VALUES = frozenset(
    re.findall(
        r"\w+",
        """
        abs all any bin chr contains divmod divmod_floats enumerate enums float format_spec format_template hash hashlib hex input_line int int_base
        json langferry len list logging main math max max_by_key max_by_key_or max_or min min_by_key
        min_by_key_or min_or module_state oct ops ord os pow_mod print print_error pystd random range range_from range_step re
        repr require_fields require_shape round round_to sorted sorted_by_key std str_ str_of sum sum_from time unpack_1 unpack_2 unpack_3 unpack_4 unpack_5
        unpack_6 urllib uuid
        """,
    )
)
"""Functions and modules that generated code uses by their bare names; nothing else is called so."""

_OF_TOOLS = frozenset({"arguments", "call", "run"})
"""What the functions that tools run are given, which would hide what they call."""

_FIELD_METHODS = frozenset({"clone", "into", "put", "set_slot", "spread", "update"})
"""Methods of every state, which a field's accessor would hide."""


class Layout:
    """Names and places for all of `program`."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._records = {record.id: record for record in program.records}
        self._functions = {function.id: function for function in program.functions}
        self._globals = {value.id: value for value in program.globals}
        self._structs = _structs(program.records)
        self._fields = {record.id: _fields(record) for record in program.records}
        self._function_names = _function_names(program)
        self._graphs = _graphs(program.graphs, program.entry_graph)
        self._constants, self._graph_constants = _constants(program, self._graphs)
        self._using_run = _using_run(program)
        self._held = frozenset(held_tools(x.body for x in program.functions if x.body is not None))
        self.tools_use_runs = bool(self._held) or any(
            isinstance(x.value, ir.ToolLit)
            and (x.value.injected or x.value.asks or x.value.function in self._using_run)
            for x in program.globals
        )
        """Whether a tool asks something of the run it is called in."""
        self.states = states_of(program)
        """Ids of the records that are a state, an input, an output or a `Send`'s argument."""

    def record(self, id_: str) -> Record:
        """The record of this id."""
        return self._records[id_]

    def function(self, id_: str) -> Function:
        """The function of this id."""
        return self._functions[id_]

    def struct(self, record: str) -> str:
        """The struct of a record's id, in `crate::state`."""
        return self._structs[record]

    def field(self, record: str, name: str) -> str:
        """The Rust field of a record's field."""
        return self._fields[record][name]

    def function_name(self, id_: str) -> str:
        """The Rust name of a function; the whole crate has it once."""
        return self._function_names[id_]

    def roles(self, id_: str) -> tuple[Role, ...]:
        """In which roles a function is in the crate."""
        function = self._functions[id_]
        if function.body is not None:
            return (function.body.form,)
        if function.bridge is not None:
            return tuple(role for role in MODULES if role in function.roles and role != "helper")
        return ()

    def is_sent_anything(self, id_: str) -> bool:
        """Whether a node's function is given a bare value, in a graph with channels."""
        bare = {x.id for x in self.program.records if [y.name for y in x.fields] == ["__root__"]}
        return any(
            node.function == id_ and node.input in bare and graph.state not in bare
            for graph in self.program.graphs
            for node in graph.nodes
        )

    def input(self, id_: str, role: Role) -> str:
        """The id of the record that a node's or router's function is given.

        Raises:
            Failure: LF605, it is used on different ones.
        """
        found = (
            {
                *(n.input for g in self.program.graphs for n in g.nodes if n.function == id_),
            }
            if role == "node"
            else {
                *(b.input for g in self.program.graphs for b in g.branches if b.router == id_),
            }
        )
        if len(found) != 1:
            function = self._functions[id_]
            message = f"`{function.qualified_name}` is used on states of different types"
            raise Failure("LF605", message, function.span)
        return found.pop()

    def reduced(self, id_: str) -> t.Type:
        """The type of the channels that a reducer folds.

        Raises:
            Failure: LF605, it folds values of different types.
        """
        found = {
            field.type
            for record in self.program.records
            for field in record.fields
            if field.reducer is not None and field.reducer.function == id_
        }
        if len(found) != 1:
            function = self._functions[id_]
            message = f"`{function.qualified_name}` reduces values of different types"
            raise Failure("LF605", message, function.span)
        return found.pop()

    def uses_run(self, id_: str) -> bool:
        """Whether a helper, or a tool that stays Python, asks something of the run it is called in."""
        return id_ in self._using_run | self._held or any(
            isinstance(x.value, ir.ToolLit) and x.value.asks and x.value.function == id_
            for x in self.program.globals
        )

    def injected(self, id_: str) -> tuple[ir.Injected, ...]:
        """What runs give of the arguments of a tool that stays Python."""
        tools = (x.value for x in self.program.globals if isinstance(x.value, ir.ToolLit))
        return next((tool.injected for tool in tools if tool.function == id_), ())

    def constant(self, id_: str) -> str:
        """The constant of a global's id, in `crate::globals`."""
        return self._constants[id_]

    def constant_source(self, id_: str) -> GlobalValue:
        """The global of this id."""
        return self._globals[id_]

    def graph(self, id_: str) -> str:
        """The function in `crate::graph` that builds a graph."""
        return self._graphs[id_]

    def called_graph(self, id_: str) -> str:
        """The constant in `crate::graph` that is a graph which nodes run."""
        return self._graph_constants[id_]


def _using_run(program: Program) -> frozenset[str]:
    """The ids of the helpers that ask something of the run they are called in."""
    helpers = {
        x.id: x.body for x in program.functions if x.body is not None and x.body.form == "helper"
    }
    found: dict[str, frozenset[str]] = {}
    while True:
        known = {id_: uses([body], found) for id_, body in helpers.items()}
        if known == found:
            return frozenset(id_ for id_, asked in found.items() if asked)
        found = known


def _structs(records: tuple[Record, ...]) -> dict[str, str]:
    scope = Scope(PRELUDE_TYPES)
    # a bare `State` stays what it is called, although its trait has the same name in the prelude
    return {
        record.id: scope.claim(_typed(pascal(record.name)), also=["Update"]) for record in records
    }


def _typed(name: str) -> str:
    return f"{name}Record" if name in PRELUDE_TYPES else name


def _fields(record: Record) -> dict[str, str]:
    scope = Scope(_FIELD_METHODS)
    exact = [field.name for field in record.fields if snake(field.name) == field.name]
    names = {name: scope.claim(name) for name in exact}
    for field in record.fields:
        if field.name not in names:
            names[field.name] = scope.claim(snake(field.name))
    return names


def _function_names(program: Program) -> dict[str, str]:
    """The name in Python where one function has it alone, else the id, which tells them apart."""
    scope = Scope(PRELUDE_VALUES)
    bearers = Counter(function.name for function in program.functions)

    def is_own(function: Function) -> bool:
        hidden = function.roles[0] in ("helper", "tool") and snake(function.name) in _OF_TOOLS
        return bearers[function.name] == 1 and function.name.isidentifier() and not hidden

    return {
        function.id: scope.claim(snake(function.name if is_own(function) else function.id))
        for function in program.functions
    }


def _constants(
    program: Program, graphs: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The names of globals, and of graphs that nodes run."""
    scope = Scope()
    values = {value.id: scope.claim(shouting(value.name)) for value in program.globals}
    return values, {id_: scope.claim(shouting(name)) for id_, name in graphs.items()}


def _graphs(graphs: tuple[Graph, ...], entry: str) -> dict[str, str]:
    scope = Scope({"graph"})
    names = {entry: "graph"}
    for graph in graphs:
        if graph.id != entry:
            names[graph.id] = scope.claim(snake(graph.name))
    return names


def standing_alone(program: Program) -> frozenset[str]:
    """Ids of the graphs that are run by themselves and never as a node of another one."""
    inner = {node.subgraph for graph in program.graphs for node in graph.nodes}
    return frozenset(id_ for _, id_ in program.entries if id_ not in inner)


def states_of(program: Program) -> frozenset[str]:
    """Ids of the records that are a state, an input, an output or a `Send`'s argument."""
    return frozenset(_states(program))


def _states(program: Program) -> Iterator[str]:
    for graph in program.graphs:
        yield from (graph.state, graph.input, graph.output)
        for node in graph.nodes:
            yield node.input
        for branch in graph.branches:
            yield branch.input
    for function in program.functions:
        if function.body is not None:
            for part in walk([function.body]):
                if isinstance(part, ir.Update):
                    yield part.record
                    if part.base is not None and isinstance(part.base.type, t.RecordType):
                        yield part.base.type.record
                elif isinstance(part, ir.Send) and isinstance(part.argument.type, t.RecordType):
                    yield part.argument.type.record
