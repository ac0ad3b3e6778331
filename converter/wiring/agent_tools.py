"""The tools of prebuilt agents: what they are called, and which end a run."""

import ast

from langferry.converter.wiring.values import (
    DictValue,
    FunctionValue,
    ListValue,
    TupleValue,
    Unknown,
    Value,
)


def names(tools: Value) -> list[str] | None:
    """The names of all tools, None where one is no function of the program."""
    items = tools.items if isinstance(tools, ListValue | TupleValue) else []
    functions = [_function(item) for item in items]
    found = [_name(function) for function in functions if function is not None]
    return found if len(found) == len(items) else None


def ending(tools: Value) -> list[str]:
    """The names of the tools whose answer ends a run (`return_direct=True`).

    Only a program's functions are looked at: of other tools it is taken that none does.
    """
    items = tools.items if isinstance(tools, ListValue | TupleValue) else []
    functions = [_function(item) for item in items]
    return [_name(function) for function in functions if function is not None and _ends(function)]


def are_none(tools: Value) -> bool:
    """Whether it is certain that there are none."""
    empty = isinstance(tools, ListValue | TupleValue) and not tools.items
    return empty and getattr(tools, "unknown", None) is None


def of_vendors(tools: Value) -> bool:
    """Whether some are dicts: tools that the model's vendor runs, which no node has."""
    items = tools.items if isinstance(tools, ListValue | TupleValue) else []
    return any(isinstance(item, DictValue) for item in items)


def _function(tool: Value) -> FunctionValue | None:
    function = tool.wraps if isinstance(tool, Unknown) else tool
    return function if isinstance(function, FunctionValue) else None


def _calls(function: FunctionValue) -> list[ast.Call]:
    """The calls among a function's decorators."""
    if isinstance(function.node, ast.Lambda):
        return []
    return [item for item in function.node.decorator_list if isinstance(item, ast.Call)]


def _name(function: FunctionValue) -> str:
    """What a tool is called that is made of a function."""
    for call in _calls(function):
        match call.args:
            case [ast.Constant(value=str(name)), *_]:
                return name
    return function.name


def _ends(function: FunctionValue) -> bool:
    options = [item for call in _calls(function) for item in call.keywords]
    given = [item.value for item in options if item.arg == "return_direct"]
    return not all(isinstance(item, ast.Constant) and not item.value for item in given)
