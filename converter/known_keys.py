"""Whether the dict that a node or router is given can have keys that its schema does not declare."""

import ast
from collections.abc import Iterable

from langferry.converter.functions import Reached
from langferry.converter.project import SourceModule
from langferry.converter.wiring.channels import is_managed
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.schemas import class_hints
from langferry.converter.wiring.values import Unknown
from langferry.model.program import Graph


class KnownKeys:
    """Knows what LangGraph makes the dicts of."""

    def __init__(self, run: Interpreter, modules: Iterable[SourceModule]) -> None:
        self._run = run
        found = [_sent_to(module) for module in modules]
        # whoever sends a node a dict of its own decides on the keys
        self._sent_to = None if None in found else {x for names in found for x in names or ()}
        """The names of the nodes that are sent something, None where they are not known."""

    def are_all(self, reached: Reached, graphs: Iterable[Graph]) -> bool:
        """Whether a function is given no other keys than its record has fields."""
        nodes = {x.name for graph in graphs for x in graph.nodes if x.function == reached.id}
        is_known = bool(nodes) and self._sent_to is not None and not self._sent_to & nodes
        if reached.role != "router" and not is_known:
            return False
        if reached.input_class is None:
            return False
        hints = class_hints(self._run, reached.input_class)
        # LangGraph fills what is managed, which is no field of a record
        return not isinstance(hints, Unknown) and not any(is_managed(x.value) for x in hints)


def _sent_to(module: SourceModule) -> set[str] | None:
    """The nodes that a module names where it makes a `Send`; None where it may make others."""
    found: set[str] = set()
    called: set[ast.AST] = set()
    for node in module.scope.nodes:
        match node:
            case ast.Call(func=made, args=[ast.Constant(value=str(name)), *_]) if _is_send(made):
                called.add(made)
                found.add(name)
    for node in module.scope.nodes:
        match node:
            case ast.Name() | ast.Attribute() if _is_send(node) and node not in called:
                return None
            case ast.alias(name="*") | ast.alias(name="Send", asname=str()):
                return None
            case ast.Constant(value="Send"):
                return None
    return found


def _is_send(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="Send") | ast.Attribute(attr="Send"):
            return True
    return False
