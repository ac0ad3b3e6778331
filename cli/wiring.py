"""The main graph of a program, as the validator counts how much of it was seen."""

from collections.abc import Iterator

from langferry.model import Program, ir
from langferry.model.program import Function, Graph
from langferry.model.walk import walk
from langferry.validator import Way, Wiring


def wiring_of(program: Program) -> Wiring:
    """The nodes, edges and ways of the graph that runs; those of its subgraphs are not traced.

    Where a `Command` leads is read in native functions only: what stays Python is not taken apart.
    """
    graph = next(graph for graph in program.graphs if graph.id == program.entry_graph)
    routes: list[Way] = []
    open_routers: list[str] = []
    for source, target in (*_branches(graph), *_commands(graph, program)):
        if target is None:
            open_routers.append(source)
        else:
            routes.append((source, target))
    return Wiring(
        nodes=[node.name for node in graph.nodes],
        edges=[(source, edge.target) for edge in graph.edges for source in edge.sources],
        routes=list(dict.fromkeys(routes)),
        open_routers=list(dict.fromkeys(open_routers)),
        pauses=[
            *(f"before {name}" for name in graph.interrupt_before),
            *(f"after {name}" for name in graph.interrupt_after),
        ],
    )


def _branches(graph: Graph) -> Iterator[tuple[str, str | None]]:
    for branch in graph.branches:
        if branch.targets is None:
            yield branch.source, None
        else:
            yield from ((branch.source, target) for target in branch.targets)


def _commands(graph: Graph, program: Program) -> Iterator[tuple[str, str | None]]:
    functions: dict[str | None, Function] = {item.id: item for item in program.functions}
    for node in graph.nodes:
        function = functions.get(node.function)
        if function is None or function.body is None:
            continue
        for found in walk(function.body.statements):
            if isinstance(found, ir.Command):
                targets = (name for part in found.goto for name in _names(part))
                yield from ((node.name, target) for target in targets)


def _names(goto: ir.Expr) -> Iterator[str | None]:
    """The nodes that an expression may name; None for one that is not written down."""
    match goto:
        case ir.StrLit(value=name):
            yield name
        case ir.Send(node=target):
            yield from _names(target)
        case ir.Conditional(then=then, otherwise=otherwise):
            yield from _names(then)
            yield from _names(otherwise)
        case _:
            yield None
