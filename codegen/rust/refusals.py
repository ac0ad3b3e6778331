"""What stops a program from becoming a crate: said once, before anything is generated."""

from langferry.codegen.rust.layout import states_of
from langferry.diagnostics import Failure
from langferry.model import Program
from langferry.model.program import Function, Graph, Record


def refuse(program: Program) -> None:
    """Makes sure that every part of `program` can be in a crate.

    Raises:
        Failure: LF603, functions are refused; LF605, the wiring uses what the runtime lacks;
            LF606, a record is of a kind it lacks.
    """
    refused = [f for f in program.functions if f.disposition == "refused"]
    if refused:
        raise Failure("LF603", "; ".join(map(_refusal, refused)), refused[0].span)
    for graph in program.graphs:
        _refuse_wiring(graph, is_entry=graph.id == program.entry_graph)
    states = states_of(program)
    for record in program.records:
        _refuse_kind(record, is_state=record.id in states)


def _refusal(function: Function) -> str:
    reasons = ", ".join(f"{r.code} {r.message} ({r.span})" for r in function.reasons)
    return f"`{function.qualified_name}` is refused: {reasons}"


def _refuse_wiring(graph: Graph, is_entry: bool) -> None:
    for option, nodes in (
        ("interrupt_before", graph.interrupt_before),
        ("interrupt_after", graph.interrupt_after),
    ):
        if nodes:
            raise Failure("LF605", f"`{option}` of graph `{graph.name}`", graph.span)
    if graph.checkpointer is not None and not is_entry:
        raise Failure("LF605", f"the checkpointer of subgraph `{graph.name}`", graph.span)
    for node in graph.nodes:
        if node.subgraph is not None and node.input != graph.state:
            message = f"the input schema of node `{node.name}`, which is a graph"
            raise Failure("LF605", message, node.span)


def _refuse_kind(record: Record, is_state: bool) -> None:
    if record.kind == "pydantic":
        raise Failure("LF606", f"`{record.qualified_name}` is a pydantic model", record.span)
    if is_state and record.kind != "typed_dict":
        message = f"the state `{record.qualified_name}` is no TypedDict"
        raise Failure("LF606", message, record.span)
