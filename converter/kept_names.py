"""Names of modules that native functions assign to: none that anything else looks at, or assigns to as well."""

import ast
from collections.abc import Collection, Iterable, Iterator

from langferry.converter.bridging import Bridging
from langferry.converter.functions import Reached
from langferry.converter.lower import LoweredProgram
from langferry.converter.lower.module_state import assigning
from langferry.converter.module_scope import ModuleScope
from langferry.converter.wiring.interpreter import Interpreter
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model.program import Reason
from langferry.model.walk import walk


class KeptNames:
    """What native functions keep under names of one program's modules."""

    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self.stays: Reason | None = None
        """Why all of it is Python's, once that is known."""

    def stay_for(
        self,
        lowered: LoweredProgram,
        staying: Collection[Reached],
        native: Iterable[str],
        modules: Iterable[ModuleScope],
    ) -> bool:
        """Whether one of the names is not native code's alone; then all of them stay from now on.

        `native` are the qualified names of the functions of graphs that are native.
        """
        kept = set(_keys(lowered))
        if self.stays is not None or not kept:
            return False
        known = {x.qualified_name for x in lowered.helpers} | set(native)
        for scope in modules:
            for name in (x for x in scope.global_names if f"{scope.name}.{x}" in kept):
                others = [x for x in assigning(scope, name) if scope.qualified_name(x) not in known]
                if others or self._is_looked_at(name, lowered, staying):
                    message = f"`{name}` is assigned to by functions that are not all native"
                    at = next(assigning(scope, name)).body[0]  # type: ignore[index]
                    self.stays = Reason("LF304", message, _span(scope, at))
                    return True
        return False

    def _is_looked_at(self, name: str, lowered: LoweredProgram, staying: Iterable[Reached]) -> bool:
        """Whether Python may look at a name."""
        if lowered.tools or lowered.held:
            return True
        for reached in staying:
            if reached.function is None:
                # nobody knows what it does
                return True
            needed = Bridging(self._run)
            needed.entry(reached)
            if any(name in _names(x) for x in needed.statements()):
                return True
        return False


def _span(scope: ModuleScope, at: ast.stmt) -> Span:
    return Span(scope.path, at.lineno, at.col_offset, at.end_lineno or at.lineno, at.col_offset)


def _keys(lowered: LoweredProgram) -> Iterator[str]:
    bodies = [x.body for x in lowered.functions.values() if x.body is not None]
    for node in walk([*bodies, *(x.body for x in lowered.helpers)]):
        match node:
            case ir.Call(
                function="module_state.get" | "module_state.set", args=(ir.StrLit(value=key), *_)
            ):
                yield key


def _names(statement: ast.stmt) -> set[str]:
    found = {x.id for x in ast.walk(statement) if isinstance(x, ast.Name)}
    return found | {x.attr for x in ast.walk(statement) if isinstance(x, ast.Attribute)}
