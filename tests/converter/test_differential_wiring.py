"""The graph worked out without running a program is the graph LangGraph builds by running it."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from langgraph._internal._typing import MISSING
from langgraph.channels import BinaryOperatorAggregate
from langgraph.graph import StateGraph
from langgraph.graph.state import CompiledStateGraph

from langferry.converter.project import Project
from langferry.converter.wiring import instances
from langferry.converter.wiring.channels import has_initial
from langferry.converter.wiring.entry import find_entries
from langferry.converter.wiring.graphs import Builder, Compiled
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.validation import validate
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    PartialValue,
    RunnableValue,
)
from tests.converter.wiring_programs import HEAD, PROGRAMS

ROOT = Path(__file__).parents[2]
FILES = {
    "ticket_triage": ("examples/ticket_triage/ticket_triage.py", "graph"),
    "map_reduce": ("examples/map_reduce/map_reduce.py", "graph"),
    "approval": ("examples/approval/approval.py", "graph"),
}


@pytest.mark.parametrize("name", [*PROGRAMS, *FILES])
def test_the_graph_is_the_one_langgraph_builds(name: str, tmp_path: Path) -> None:
    if name in PROGRAMS:
        body, entry = PROGRAMS[name]
        path = tmp_path / "program.py"
        path.write_text(HEAD + body)
    else:
        path, entry = ROOT / FILES[name][0], FILES[name][1]
    real = _built(path, entry)
    mine = _found(path, entry)
    assert mine.builder.findings == []
    assert mine.builder.unknown is None
    assert _describe(mine) == _describe_real(real)


def _built(path: Path, entry: str) -> CompiledStateGraph:
    spec = importlib.util.spec_from_file_location("program", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    value = eval(entry, vars(module))
    return value.compile() if isinstance(value, StateGraph) else value


def _found(path: Path, entry: str) -> Compiled:
    run = Interpreter(Project(path))
    ((_, compiled), *_) = find_entries(run, run.module(run.project.entry), entry)
    assert run.broken is None
    validate(compiled.builder, compiled.span)
    return compiled


def _describe(graph: Compiled) -> dict[str, Any]:
    builder = graph.builder
    return {
        "state": _name(builder.state),
        "input": _name(builder.input),
        "output": _name(builder.output),
        "nodes": {
            spec.name: (_function(spec.action), _name(spec.input), spec.defer, spec.ends)
            for spec in builder.nodes.values()
        },
        "node order": list(builder.nodes),
        "edges": {(e.sources[0], e.target) for e in builder.edges if not e.joined},
        "joins": {(e.sources, e.target) for e in builder.edges if e.joined},
        "branches": {
            (b.source, b.name): (
                _function(b.path),
                b.path_map,
                None if b.input is None else _name(b.input),
            )
            for b in builder.branches
        },
        "channels": [
            (
                channel.name,
                None if channel.reducer is None else _function(channel.reducer),
                None if channel.reducer is None else has_initial(channel.typ),
            )
            for channel in builder.channels.values()
        ],
        "checkpointer": graph.checkpointer,
        "before": set(graph.interrupt_before),
        "after": set(graph.interrupt_after),
        "name": graph.name or "LangGraph",
    }


def _describe_real(graph: CompiledStateGraph) -> dict[str, Any]:
    builder = graph.builder
    attached = [name for name in builder.nodes if name in graph.nodes]
    return {
        "state": _real_schema(builder.state_schema),
        "input": _real_schema(builder.input_schema),
        "output": _real_schema(builder.output_schema),
        "nodes": {
            name: (
                _real_function(builder.nodes[name].runnable),
                _real_schema(builder.nodes[name].input_schema),
                builder.nodes[name].defer,
                tuple(builder.nodes[name].ends or ()),
            )
            for name in attached
        },
        "node order": attached,
        "edges": {edge for edge in builder.edges if edge[1] in {*attached, "__end__"}},
        "joins": set(builder.waiting_edges),
        "branches": {
            (source, name): (
                _real_function(branch.path),
                branch.ends,
                None if branch.input_schema is None else _real_schema(branch.input_schema),
            )
            for source, branches in builder.branches.items()
            for name, branch in branches.items()
        },
        "channels": [_real_channel(name, channel) for name, channel in builder.channels.items()],
        "checkpointer": None if graph.checkpointer is None else "memory",
        "before": _interrupts(graph.interrupt_before_nodes, attached),
        "after": _interrupts(graph.interrupt_after_nodes, attached),
        "name": graph.name,
    }


def _real_schema(schema: Any) -> str:
    """Its name; of a type that is no class of the program, the name of what stands for it."""
    return "BareState" if hasattr(schema, "__metadata__") else str(schema.__name__)


def _interrupts(names: Any, nodes: list[str]) -> set[str]:
    return set(nodes) if names == "*" else set(names)


def _real_channel(name: str, channel: Any) -> tuple[str, str | None, bool | None]:
    if isinstance(channel, BinaryOperatorAggregate):
        reducer = channel.operator
        label = reducer.__name__.strip("_")
        if reducer.__module__ in ("_operator", "langgraph.graph.message"):
            return name, label, channel.value is not MISSING
        return name, _at(reducer), channel.value is not MISSING
    return name, None, None


def _at(function: Any) -> str:
    while hasattr(function, "func") and not hasattr(function, "__code__"):
        function = function.func
    return f"{function.__qualname__}:{function.__code__.co_firstlineno}"


def _real_function(runnable: Any) -> str:
    if isinstance(runnable, CompiledStateGraph):
        return "graph"
    function = runnable.func if runnable.func is not None else runnable.afunc
    return _at(function)


def _name(value: Any) -> str:
    assert isinstance(value, ClassValue)
    return value.name


def _function(value: Any) -> str:
    match value:
        case FunctionValue():
            # Python counts a function's decorators as its first lines
            decorators = getattr(value.node, "decorator_list", [])
            return f"{value.qualified}:{min(x.lineno for x in (value.node, *decorators))}"
        case BoundMethod(InstanceValue() as owner, name):
            return _function(instances.method(owner.cls, name))
        case PartialValue():
            return _function(value.function)
        case RunnableValue():
            return _function(value.function if value.function is not None else value.coroutine)
        case LibraryValue(name):
            return name.removeprefix("operator.").strip("_")
        case Compiled() | Builder():
            return "graph"
    raise AssertionError(value)
