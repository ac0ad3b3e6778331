"""Finds the graph that a node runs, also inside what the node is made of."""

import dis
import types
from collections.abc import Callable
from typing import Any, Final

from langferry.compat import later
from langferry.compat.late_bases import is_runnable
from langferry.compat.pregel.protocol import PregelProtocol

_PLAIN: Final = frozenset(
    (
        *(int, float, complex, bool, str, bytes, bytearray),
        *(list, tuple, dict, set, frozenset, types.NoneType),
    )
)


def find_subgraph_pregel(candidate: Any) -> PregelProtocol[Any, Any, Any, Any] | None:
    """The first graph that a runnable is, contains or can reach, unless it saves nothing."""
    waiting = [candidate]
    for found in waiting:
        if isinstance(found, PregelProtocol):
            if getattr(found, "checkpointer", None) is not False:
                return found
        elif later.is_a(found, "RunnableSequence") or later.is_a(found, "RunnableSeq"):
            waiting.extend(found.steps)
        elif later.is_a(found, "RunnableLambda"):
            waiting.extend(found.deps)
        elif later.is_a(found, "RunnableCallable"):
            function = found.func or found.afunc
            if function is not None:
                reached = get_function_nonlocals(function)
                waiting.extend(getattr(value, "__self__", value) for value in reached)
    return None


def subgraph_of(action: Any) -> PregelProtocol[Any, Any, Any, Any] | None:
    """The graph that a node's function or runnable runs."""
    if is_runnable(action):
        return find_subgraph_pregel(action)
    if not callable(action):
        return None
    reached = get_function_nonlocals(action)
    for value in reached:
        found = find_subgraph_pregel(getattr(value, "__self__", value))
        if found is not None:
            return found
    return None


def get_function_nonlocals(func: Callable[..., Any]) -> list[Any]:
    """The values a function captures, the globals it names, and what it reads of them."""
    func = getattr(func, "__func__", func)
    wrapped = getattr(func, "__wrapped__", None)
    if callable(wrapped):
        func = getattr(wrapped, "__func__", wrapped)
    if not isinstance(func, types.FunctionType):
        return []
    captured: dict[str, Any] = {}
    for name, cell in zip(func.__code__.co_freevars, func.__closure__ or (), strict=False):
        try:
            captured[name] = cell.cell_contents
        except ValueError:
            # a function that refers to itself, not bound yet
            continue
    named = {n: func.__globals__[n] for n in func.__code__.co_names if n in func.__globals__}
    values = list(captured.values())
    if all(type(value) in _PLAIN for value in (*values, *named.values())):
        return values
    codes = [func.__code__]
    for code in codes:
        codes.extend(const for const in code.co_consts if isinstance(const, types.CodeType))
        values.extend(_loaded(code, captured, named))
    return values


def _loaded(code: types.CodeType, captured: dict[str, Any], named: dict[str, Any]) -> list[Any]:
    loaded = []
    value: Any = None
    for step in dis.get_instructions(code):
        match step.opname:
            case "LOAD_GLOBAL":
                value = named.get(step.argval)
            case "LOAD_DEREF":
                value = captured.get(step.argval)
            case "LOAD_ATTR" | "LOAD_METHOD":
                value = getattr(value, step.argval, None)
            case _:
                value = None
        if value is not None:
            loaded.append(value)
    return loaded
