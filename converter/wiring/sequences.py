"""Chains that `|` makes of functions and of LangChain's objects, and that are nodes."""

import ast

from langferry.converter.wiring import names
from langferry.converter.wiring.values import (
    FunctionValue,
    PartValue,
    RunnableValue,
    StepValue,
    Unknown,
    Value,
)
from langferry.diagnostics import Span

LONGEST = 4
"""How many steps a chain that is a node may have to be native."""

_FILLED = frozenset({"config", "run_manager"})
"""Parameters that LangChain gives a function in a chain by their names."""


def steps(left: Value, right: Value) -> tuple[Value, ...] | None:
    """The steps of the chain that `left | right` may be, None where it is none.

    A function becomes a step only beside an object that is one already.
    """
    sides = left, right
    if not all(isinstance(x, Unknown | FunctionValue | RunnableValue) for x in sides):
        return None
    if all(isinstance(x, FunctionValue) for x in sides):
        return None
    found: list[Value] = []
    for side in sides:
        if isinstance(side, Unknown) and side.steps is not None:
            found += side.steps
        else:
            found.append(side)
    return tuple(found)


def part(chained: tuple[Value, ...], span: Span) -> PartValue | None:
    """The node that a chain is, None where what a function of it is given is not known."""
    pattern, objects = "", dict[str, Value]()
    for number, step in enumerate(chained):
        inner: Value | None = step
        if isinstance(step, RunnableValue):
            inner = step.function if step.is_lambda else None
        if isinstance(inner, FunctionValue):
            if not _is_called_with_one(inner):
                return None
            pattern += "f"
        elif isinstance(inner, Unknown):
            pattern += "r"
        else:
            return None
        objects[f"STEP_{number}"] = StepValue(inner)
    if len(pattern) > LONGEST:
        return None
    return PartValue(f"sequence_{pattern}", {}, "it is a chain", span, objects)


def _is_called_with_one(function: FunctionValue) -> bool:
    """Whether a chain calls the function at once, with what the step before it gave and nothing else."""
    arguments = function.node.args
    alone = names.parameters(function.node)
    return (
        function.unknown is None
        and not function.is_async
        and not names.yields(function.node)
        and not function.is_retried
        and len(alone) == 1
        and not arguments.kwonlyargs
        and arguments.vararg is None
        and arguments.kwarg is None
        and alone[0].arg not in _FILLED
        and not getattr(function.node, "decorator_list", [])
        and isinstance(function.node, ast.FunctionDef | ast.Lambda)
    )
