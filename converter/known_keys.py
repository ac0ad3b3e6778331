"""Whether the dict that a node or router is given can have keys that its schema does not declare."""

import ast
from collections.abc import Iterable

from langferry.converter.functions import Reached
from langferry.converter.project import SourceModule
from langferry.converter.wiring.channels import is_managed
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.schemas import class_hints
from langferry.converter.wiring.values import Unknown


class KnownKeys:
    """Knows what LangGraph makes the dicts of."""

    def __init__(self, run: Interpreter, modules: Iterable[SourceModule]) -> None:
        self._run = run
        # whoever sends a node a dict of its own decides on the keys
        self._sends = any(_names_send(module) for module in modules)

    def are_all(self, reached: Reached) -> bool:
        """Whether a function is given no other keys than its record has fields."""
        if reached.input_class is None or (self._sends and reached.role != "router"):
            return False
        hints = class_hints(self._run, reached.input_class)
        # LangGraph fills what is managed, which is no field of a record
        return not isinstance(hints, Unknown) and not any(is_managed(x.value) for x in hints)


def _names_send(module: SourceModule) -> bool:
    for node in module.scope.nodes:
        match node:
            case ast.Name(id="Send") | ast.Attribute(attr="Send"):
                return True
            case ast.alias(name="Send" | "*"):
                return True
            case ast.Constant(value="Send"):
                return True
    return False
