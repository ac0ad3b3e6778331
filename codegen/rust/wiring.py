"""`src/graph.rs`: how nodes, edges and routers are wired, statement by statement."""

import json
from typing import Any

from langferry.codegen.rust.functions.function import makings
from langferry.codegen.rust.layout import standing_alone
from langferry.codegen.rust.literals import string
from langferry.codegen.rust.rust_file import RustFile
from langferry.codegen.rust.templating import render
from langferry.diagnostics import Failure
from langferry.model import ir
from langferry.model.program import Branch, Edge, Function, Graph, Node, PathMapEntry, Program
from langferry.model.runs import called_graphs
from langferry.model.walk import walk

_ENDS = {"__start__": "START", "__end__": "END"}


def graph_file(file: RustFile) -> str:
    """The text of `src/graph.rs`.

    Raises:
        Failure: LF605, the wiring uses what the runtime lacks.
    """
    graphs = [_graph(graph, file) for graph in file.layout.program.graphs]
    text = render("graph.rs", imports="", graphs=graphs)
    return render("graph.rs", imports=file.imports(text), graphs=graphs)


def _name(name: str) -> str:
    return _ENDS.get(name) or string(name)


def _graph(graph: Graph, file: RustFile) -> dict[str, Any]:
    is_entry = any(graph.id == id_ for _, id_ in file.layout.program.entries)
    statements = []
    if is_entry and file.layout.program.environment:
        statements.append("crate::environment::prepare()")
    statements += _made_at_start(file) if is_entry else []
    if graph.input != graph.state:
        statements.append(f"graph.input_schema::<{file.struct(graph.input)}>()")
    if graph.output != graph.state:
        statements.append(f"graph.output_schema::<{file.struct(graph.output)}>()")
    statements += [_node(node, graph, file) for node in graph.nodes]
    statements += [_edge(edge, file) for edge in graph.edges]
    statements += [_branch(branch, file) for branch in graph.branches]
    if graph.id in standing_alone(file.layout.program):
        statements += _stored_classes(file.layout.program)
        if graph.checkpointer == "memory":
            statements.append("graph.checkpointer(MemorySaver::new())")
        if graph.store is not None:
            statements.append(f"graph.store({file.constant(graph.store)}.clone())")
        for option in ("interrupt_before", "interrupt_after"):
            nodes = getattr(graph, option)
            if nodes:
                statements.append(f"graph.{option}([{', '.join(map(string, nodes))}])")
    is_called = graph.id in called_graphs(file.layout.program.functions)
    return {
        "constant": file.layout.called_graph(graph.id) if is_called else None,
        "doc": f"The graph `{graph.name}`, from `{graph.span}`.",
        "visibility": "pub " if is_entry else "",
        "function": file.layout.graph(graph.id),
        "state": file.struct(graph.state),
        "name": graph.name,
        "statements": statements,
    }


def _made_at_start(file: RustFile) -> list[str]:
    """Constants that must not wait until they are needed."""
    found = [(file.constant(x.id), x.id) for x in file.layout.program.globals if x.at_start]
    how = makings(file.layout)
    return [
        # what making it raises is raised where it is used
        f"let _ = {name}.get()" if how[id_] == "fallible" else f"LazyLock::force(&{name})"
        for name, id_ in found
    ]


def _stored_classes(program: Program) -> list[str]:
    """How savers keep objects of the program's classes."""
    modules = {source.path: source.module for source in program.files}
    kinds = {"dataclass": "Keywords", "pydantic": "Pydantic"}
    statements = []
    for record in program.records:
        module = modules.get(record.span.file)
        if record.kind in kinds and module is not None:
            name = string(record.qualified_name.removeprefix(f"{module}."))
            kind = f"langferry::ClassKind::{kinds[record.kind]}"
            statements.append(f"graph.stores({string(module)}, {name}, {kind})")
    return statements


def _node(node: Node, graph: Graph, file: RustFile) -> str:
    options = ".deferred()" if node.defer else ""
    if node.function is not None and _sees_state(file.layout.function(node.function)):
        options += ".seeing_state()"
    name = f"NodeName::new({string(node.name)}){options}" if options else string(node.name)
    if node.subgraph is not None:
        function = file.layout.graph(node.subgraph)
        # the builder's own name hides a function's
        called = f"self::{function}" if function == "graph" else function
        return f"graph.add_subgraph({name}, {called}()?)"
    if node.function is None:
        raise Failure("LF605", f"node `{node.name}` of `{graph.name}` runs nothing", node.span)
    return f"graph.add_node({name}, {file.path(node.function, 'node')})"


def _sees_state(function: Function) -> bool:
    """Whether a node reads the state that is not what it is given."""
    parts = [] if function.body is None else walk([function.body])
    return any(isinstance(x, ir.Call) and x.function == "langgraph.state" for x in parts)


def _edge(edge: Edge, file: RustFile) -> str:
    if edge.joined:
        sources = ", ".join(map(_name, edge.sources))
        text = f"graph.add_join([{sources}], {_name(edge.target)})"
    else:
        (source,) = edge.sources
        text = f"graph.add_edge({_name(source)}, {_name(edge.target)})"
    return file.marks.wrap(text, edge.span, "edge", edge.sources[0])


def _branch(branch: Branch, file: RustFile) -> str:
    router = file.path(branch.router, "router")
    arguments = f"{_name(branch.source)}, {router}, {_path_map(branch)}"
    text = f"graph.add_conditional_edges({arguments})"
    return file.marks.wrap(text, branch.span, "edge", branch.source)


def _path_map(branch: Branch) -> str:
    if branch.path_map is not None:
        keys = [json.loads(entry.key.data) for entry in branch.path_map]
        are_names = all(isinstance(key, str) for key in keys)
        pairs = ", ".join(
            f"({_key(key, entry, branch, are_names)}, {_name(entry.target)})"
            for key, entry in zip(keys, branch.path_map, strict=True)
        )
        return f"PathMap::from([{pairs}])"
    if branch.targets is not None:
        return f"PathMap::targets([{', '.join(map(_name, branch.targets))}])"
    return "PathMap::any()"


def _key(key: object, entry: PathMapEntry, branch: Branch, are_names: bool) -> str:
    match key:
        case str():
            return _name(key) if are_names else f"Value::from({_name(key)})"
        case bool():
            return f"Value::from({str(key).lower()})"
        case int():
            return f"Value::from(Int::from({key}))"
        case None:
            return "Value::None"
        case _:
            message = f"the key {entry.key.data} in the path map after `{branch.source}`"
            raise Failure("LF605", message, branch.span)
