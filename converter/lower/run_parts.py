"""What else LangGraph gives nodes, routers and tools next to the state, and these to functions of the program."""

import ast
import functools
from collections.abc import Mapping
from typing import Any

from langferry.converter.lower.requests import RunPart
from langferry.converter.lower.run_config import RunConfig
from langferry.converter.lower.signatures import ANY, NONE, STORE
from langferry.converter.module_scope import own_nodes
from langferry.model import ir
from langferry.model import types as t

_STATE = t.DictType(t.StrType(), ANY)
_ASKED: Mapping[str, RunPart] = {
    "langgraph.config.get_stream_writer": "writer",
    "langgraph.runtime.get_runtime": "runtime",
    "langgraph.config.get_store": "store",
}
"""The functions that give parts of the run they are called in."""

_HELD: Mapping[tuple[RunPart | None, str], RunPart] = {
    ("runtime", "stream_writer"): "writer",
    ("tool", "stream_writer"): "writer",
    ("tool", "config"): "config",
    ("runtime", "store"): "store",
    ("tool", "store"): "store",
}
"""The attributes of the runtimes of nodes and tools that are parts of a run themselves."""


class RunParts(RunConfig):
    """Knows the parts of a run that names stand for; native code asks its context for them."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.part_parameters: Mapping[str, RunPart] = {}
        """The parameters that are given a part of the run other than its config."""
        if self.request is not None:
            self.part_parameters = self.request.filled

    def run_part(self, node: ast.expr) -> RunPart | None:
        """The part of the run that `node` stands for."""
        return "config" if self.is_config(node) else self._known_part(node)

    def _known_part(self, node: ast.expr) -> RunPart | None:
        known = self.part_parameters
        return self._part(
            node, {x: y for x, y in self.parts.items() if x in known or x in self.assigned}
        )

    def _part(self, node: ast.expr, names: Mapping[str, RunPart]) -> RunPart | None:
        match node:
            case ast.Name(id=name):
                hidden = any(name in inner for inner in self.inner)
                return None if hidden else names.get(name)
            case ast.Call(func=called) if self.function is not None:
                return _ASKED.get(self.resolve(called) or "")
            case ast.Attribute(value=of, attr=name):
                return _HELD.get((self._part(of, names), name))
        return None

    def is_config(self, node: ast.expr) -> bool:
        """Whether `node` is the run's config."""
        return super().is_config(node) or (
            isinstance(node, ast.Name | ast.Attribute) and self._known_part(node) == "config"
        )

    def of_tool(self, node: ast.Attribute) -> ir.Expr | None:
        """What the runtime of a tool tells of its call; None where `node` is no part of that."""
        if self.run_part(node.value) != "tool":
            return None
        told: dict[str, tuple[str, t.Type]] = {
            "state": ("langgraph.tool_state", _STATE),
            "tool_call_id": ("langgraph.call_id", ANY),
        }
        if node.attr not in told:
            raise self.refuse("LF303", f"`{node.attr}` of a tool's runtime is not native", node)
        self.check_use("run", node)
        name, kind = told[node.attr]
        return ir.Call(name, (), (), kind, self.span(node))

    @functools.cached_property
    def parts(self) -> Mapping[str, RunPart]:
        """The names that never stand for anything but a part of the run in this function."""
        found = {
            name: part for name, part in self.part_parameters.items() if len(self.bound[name]) == 1
        }
        if self.function is None:
            return found
        assigned = [
            (part.targets[0].id, part.value)
            for part in own_nodes(self.function)
            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name)
        ]
        before = -1
        while before != len(found):
            before = len(found)
            for name, value in assigned:
                kind = self._part(value, found)
                if kind is not None and len(self.bound[name]) == 1:
                    found[name] = kind
        return found

    def is_full(self, node: ast.expr) -> bool:
        """Whether `node` is what is never false: the config, or a part that is no container."""
        return super().is_full(node) or self.run_part(node) in ("writer", "runtime", "tool")

    def store_of_run(self, node: ast.expr) -> ir.Expr | None:
        """The store that the run's outermost graph was compiled with, or None; None for what stands for no store."""
        if self.run_part(node) != "store":
            return None
        self.check_use("run", node)
        if isinstance(node, ast.Call) and (node.args or node.keywords):
            raise self.refuse("LF303", "this way to ask for the store is not native", node)
        stays = self.meaning.stays
        if stays is not None:
            raise self.refuse(stays.code, stays.message, node)
        return ir.Call("langgraph.store", (), (), t.OptionalType(STORE), self.span(node))

    def _name(self, node: ast.Name) -> ir.Expr:
        return self.store_of_run(node) or super()._name(node)

    def write(self, node: ast.Call) -> ir.Expr | None:
        """What is written for whoever watches the run; None where `node` calls no stream writer."""
        if self.run_part(node.func) != "writer":
            return None
        self.check_use("run", node)
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            raise self.refuse("LF303", "this way to call a stream writer is not native", node)
        chunk = self.expect(node.args[0], ANY)
        return ir.Call("langgraph.write", (chunk,), (), NONE, self.span(node))

    def is_part_made(self, node: ast.Assign) -> bool:
        """Whether an assignment only gives a part of the run a name."""
        match node.targets:
            case [ast.Name(id=name)] if name in self.parts:
                self.assigned.add(name)
                return True
        return False
