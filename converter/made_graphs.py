"""Graphs that a function makes anew whenever it is called, to run them there and then.

Where making one does nothing else, the graph is the same each time, and may as well be made once.
"""

import ast
from collections.abc import Callable

from langferry.converter.lower.requests import GraphAt
from langferry.converter.project import SourceModule
from langferry.converter.wiring.expressions import evaluate, lookup
from langferry.converter.wiring.graphs import Compiled, Place
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import (
    AGENTS,
    MAKING_CLASSES,
    MAKING_METHODS,
    is_library,
)
from langferry.converter.wiring.values import FunctionValue, LibraryValue, Scope
from langferry.diagnostics import Failure

_READING = frozenset({"os.getenv", "os.environ.get", "os.environ.__getitem__"})
_MESSAGES = "langchain_core.messages."


class MadeGraphs:
    """The graphs that calls in the program's functions make."""

    def __init__(
        self,
        run: Interpreter,
        modules: list[SourceModule],
        graph_at: Callable[[Compiled], GraphAt | None],
    ) -> None:
        self._run = run
        self._modules = {module.file: module for module in modules}
        self._graph_at = graph_at
        self._known: dict[ast.Call, GraphAt | None] = {}

    def of(self, path: str, call: ast.Call) -> GraphAt | None:
        """The graph that a call in the file `path` makes of what its module's names stand for.

        None where it makes none, does anything besides, or the graph remembers its runs.
        """
        module = self._modules.get(path)
        if module is None:
            # a function of a library's
            return None
        if call not in self._known:
            self._known[call] = self._made(module, call)
        return self._known[call]

    def _made(self, module: SourceModule, call: ast.Call) -> GraphAt | None:
        scope = self._run.module(module)
        if not self._makes_graph(call.func, scope) or not self._only_makes(call, scope, ()):
            return None
        value = self._evaluated(module, scope, call)
        if value is None or value.checkpointer or value.store is not None:
            return None
        return self._graph_at(value)

    def _evaluated(self, module: SourceModule, scope: Scope, call: ast.Call) -> Compiled | None:
        """The graph that the call gives, which may be an entry of the program as well."""
        place = Place(module, None, ast.unparse(call))
        known = [x for x in self._run.graphs if x.place == place]
        if len(known) == 1:
            return known[0]
        outer, self._run.place = self._run.place, place
        try:
            value = evaluate(self._run, call, Scope(module, "module", "", None, dict(scope.names)))
        except Failure:
            return None
        finally:
            self._run.place = outer
        if not isinstance(value, Compiled):
            return None
        # how often the module's own code has compiled one there before
        others = [x for x in self._run.graphs if x.span == value.span and x is not value]
        value.ordinal = sum(x.place is not None and x.place.expression is None for x in others)
        return value

    def _makes_graph(self, function: ast.expr, scope: Scope) -> bool:
        found = lookup(scope, function.id) if isinstance(function, ast.Name) else None
        return is_library(found, *AGENTS) or isinstance(found, FunctionValue)

    def _only_makes(self, node: ast.expr, scope: Scope, around: tuple[FunctionValue, ...]) -> bool:
        """Whether evaluating an expression makes objects, reads the environment and does nothing else."""
        return all(
            self._is_making(part.func, scope, around)
            for part in ast.walk(node)
            if isinstance(part, ast.Call)
        ) and not any(isinstance(part, _DOING) for part in ast.walk(node))

    def _is_making(
        self, function: ast.expr, scope: Scope, around: tuple[FunctionValue, ...]
    ) -> bool:
        if isinstance(function, ast.Attribute) and function.attr in (*MAKING_METHODS, "compile"):
            return True
        found = evaluate(self._run, function, scope)
        match found:
            case LibraryValue(name):
                known = (*AGENTS, *MAKING_CLASSES, *_READING, "StateGraph")
                return name in known or name.startswith(_MESSAGES)
            case FunctionValue(node=ast.FunctionDef() as node) if found not in around:
                inner = Scope(found.module, "function", found.qualified, found.scope)
                return not node.decorator_list and all(
                    self._is_plain(statement, inner, (*around, found)) for statement in node.body
                )
        return False

    def _is_plain(
        self, statement: ast.stmt, scope: Scope, around: tuple[FunctionValue, ...]
    ) -> bool:
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return True
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name(), attr=name)) as call
            ) if name in _BUILDING:
                arguments = [*call.args, *(item.value for item in call.keywords)]
                return all(self._only_makes(x, scope, around) for x in arguments)
            case (
                ast.Assign(targets=[ast.Name()], value=value)
                | ast.AnnAssign(target=ast.Name(), value=ast.expr() as value)
                | ast.Return(value=ast.expr() as value)
            ):
                return self._only_makes(value, scope, around)
        return False


_BUILDING = frozenset(
    ["add_node", "add_edge", "add_conditional_edges", "add_sequence", "set_entry_point"]
) | {"set_finish_point", "set_conditional_entry_point"}
"""The methods by which a `StateGraph` is given its parts."""

_DOING = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Lambda)
"""What an expression may do besides, or leave to be done later."""
