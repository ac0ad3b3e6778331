"""What stops a program from becoming a crate: said once, before anything is generated."""

from langferry.codegen.rust.layout import standing_alone
from langferry.diagnostics import Failure
from langferry.model import Program
from langferry.model.program import Function, Graph


def refuse(program: Program) -> None:
    """Makes sure that every part of `program` can be in a crate.

    Raises:
        Failure: LF603, functions are refused; LF605, the wiring uses what the runtime lacks.
    """
    refused = [f for f in program.functions if f.disposition == "refused"]
    if refused:
        raise Failure("LF603", "; ".join(map(_refusal, refused)), refused[0].span)
    alone = standing_alone(program)
    for graph in program.graphs:
        _refuse_wiring(graph, graph.id in alone)


def _refusal(function: Function) -> str:
    reasons = ", ".join(f"{r.code} {r.message} ({r.span})" for r in function.reasons)
    return f"`{function.qualified_name}` is refused: {reasons}"


def _refuse_wiring(graph: Graph, stands_alone: bool) -> None:
    for option, nodes in (
        ("interrupt_before", graph.interrupt_before),
        ("interrupt_after", graph.interrupt_after),
    ):
        if nodes and not stands_alone:
            raise Failure("LF605", f"`{option}` of subgraph `{graph.name}`", graph.span)
    for node in graph.nodes:
        if node.subgraph is not None and node.input != graph.state:
            message = f"the input schema of node `{node.name}`, which is a graph"
            raise Failure("LF605", message, node.span)
