"""The stores of a program: which of them native code may have, and which Python keeps.

There is one of each: as long as some function that may look at a store stays Python, all do.
"""

import ast
from collections.abc import Iterable, Iterator

from langferry.converter.bridging import Bridging
from langferry.converter.constants import encode
from langferry.converter.functions import Reached
from langferry.converter.lower import LoweredProgram, StoreAt
from langferry.converter.lower.constants import literal
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import StayingTool
from langferry.converter.lower.signatures import STORE
from langferry.converter.module_scope import Definition
from langferry.converter.wiring.graphs import Compiled
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import StoreValue, plain
from langferry.model import ir
from langferry.model.constants import Constant
from langferry.model.program import Reason
from langferry.model.walk import Node, walk

_LEADING = frozenset(
    {
        *("store", "get_store", "InjectedStore", "runtime", "get_runtime", "ToolRuntime"),
        *("langmem", "deepagents", "langgraph_supervisor", "langgraph_swarm"),
        *("__import__", "importlib", "exec", "eval", "globals"),
    }
)
"""The names by which Python code comes by the store of its run, or has a library look at it."""

_OF_TOOLS = frozenset({"runtime", "ToolRuntime"})
"""What tools are told of their runs by, which is without a store for those in Python."""


class Stores:
    """The stores of one program."""

    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self._made: dict[int, tuple[StoreValue, StoreAt]] = {}
        self.stays: Reason | None = None
        """Why they are Python's, once that is known."""

    def at(self, store: StoreValue) -> StoreAt:
        """The store as the lowering takes it."""
        if id(store) not in self._made:
            self._made[id(store)] = (store, _taken(store))
        return self._made[id(store)][1]

    def of_graphs(self, graphs: Iterable[Compiled]) -> tuple[StoreAt, ...]:
        """The stores that graphs lend their nodes; one that is not known makes all of them stay."""
        found: dict[StoreAt, None] = {}
        for graph in graphs:
            if isinstance(graph.store, StoreValue):
                made = self.at(graph.store)
                found[made] = None
                self.stays = self.stays or made.stays
            elif graph.store is not None:
                message = "the store that the graph is compiled with is not carried over"
                self.stays = self.stays or Reason("LF309", message, graph.span)
        return tuple(found)

    def stay_for(self, lowered: LoweredProgram, staying: Iterable[Reached]) -> bool:
        """Whether a function that stays Python may look at a store of native code; then all of them stay from now on."""
        if (
            self.stays is not None
            or not self._made
            or not (uses_store(lowered) or _names_store(lowered))
        ):
            return False
        for reached in staying:
            if self._may_look(reached):
                assert reached.span is not None
                message = f"the store that {reached.name!r} may look at, which stays Python"
                known = lowered.functions.get(reached.id)
                why = reached.why or next(iter(known.reasons if known else ()), None)
                if why is not None:
                    message += f": {why.message}"
                self.stays = Reason("LF309", message, reached.span)
                return True
        python = [
            (repr(tool.name), tool.reason) for tool in lowered.tools if self._tool_may_look(tool)
        ]
        python += [("a tool that only Python knows", tools.reason) for tools in lowered.held]
        for tool, reason in python:
            message = f"the store that {tool} may look at, which stays Python"
            self.stays = Reason("LF309", message, reason.span)
            return True
        return False

    def _may_look(self, reached: Reached) -> bool:
        if reached.function is None:
            # nobody knows what it does
            return True
        needed = Bridging(self._run)
        needed.entry(reached)
        return any(_leads_to_store(x, _LEADING) for x in needed.statements())

    def _tool_may_look(self, tool: StayingTool) -> bool:
        if tool.request is not None:
            # Python takes it out of an agent
            return True
        module = next(x for x in self._run.project.modules.values() if x.file == tool.at.path)
        function = module.scope.function_at(tool.at.line, tool.at.column)
        assert isinstance(function, Definition)
        needed = Bridging(self._run)
        needed.tool(module, function)
        return any(_leads_to_store(x, _LEADING - _OF_TOOLS) for x in needed.statements())


def _taken(store: StoreValue) -> StoreAt:
    stays: Reason | None = None
    items: list[tuple[Constant, Constant, Constant]] = []
    if store.unknown is not None:
        message = f"it is not known what the store holds: {store.unknown.reason}"
        stays = Reason("LF309", message, store.unknown.span)
    for (namespace, key), value in store.items.items():
        try:
            held = None if value is None else plain(value)
            item = (list(namespace), key or "", held)
            parts = tuple(map(encode, item))
            for part in parts:
                literal(part, "store", store.span)
        except (ValueError, Refusal):
            message = "what the program puts into the store has no native literal"
            stays = stays or Reason("LF309", message, store.span)
        else:
            items.append(parts)  # type: ignore[arg-type]
    return StoreAt("store", tuple(items), stays, store.span)


def uses_store(lowered: LoweredProgram) -> bool:
    """Whether a function that can be native asks its run for the store."""
    asked = (x for x in _parts(lowered) if isinstance(x, ir.Call))
    return any(x.function == "langgraph.store" for x in asked)


def _names_store(lowered: LoweredProgram) -> bool:
    """Whether such a function names a store of the program itself."""
    return any(isinstance(x, ir.Global) and x.type == STORE for x in _parts(lowered))


def _parts(lowered: LoweredProgram) -> Iterator[Node]:
    for item in lowered.functions.values():
        yield from walk([] if item.body is None else [item.body])
    yield from walk(item.body for item in lowered.helpers)


def _leads_to_store(statement: ast.stmt, leading: frozenset[str]) -> bool:
    return any(name in leading for node in ast.walk(statement) for name in _names_in(node))


def _names_in(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.alias(name=dotted):
            yield from dotted.split(".")
        case ast.ImportFrom(module=str(dotted)):
            yield from dotted.split(".")
        case ast.keyword(arg=str(name)):
            yield name
