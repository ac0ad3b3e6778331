"""The tools of prebuilt agents: which end a run, and how models are bound to them."""

import ast

from langferry.converter import chat_models
from langferry.converter.wiring.values import (
    AgentToolsValue,
    DictValue,
    FunctionValue,
    ListValue,
    Making,
    TupleValue,
    Unknown,
    Value,
)
from langferry.diagnostics import Span

_MODELS = chat_models.BY_NAME.keys() | chat_models.INIT


def is_model(value: Unknown) -> bool:
    """Whether it is known how a model is made, with tools bound to it or without."""
    made = value.made
    while made is not None and made[1] is not None:
        made = made[1].made
    return made is not None and made[0] in _MODELS


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


def bound(model: Unknown, tools: Value, where: Span, at_most_once: bool) -> Unknown | None:
    """`model` with an agent's `tools` bound to it; None where it has bindings of its own.

    With `at_most_once` a model to which these very tools are bound stays what it is.
    """
    assert model.made is not None
    function, receiver, given = model.made
    if receiver is None:
        made: Making = ("bind_tools", model, {"tools": AgentToolsValue(tools, ending(tools))})
        return Unknown(model.reason, where, made=made)
    match function, given, tools:
        case (
            "bind_tools",
            {"tools": ListValue(items, None) | TupleValue(items), **_others},
            ListValue(wanted, None) | TupleValue(wanted),
        ):
            same = len(items) == len(wanted) and all(
                one is other for one, other in zip(items, wanted, strict=True)
            )
            if at_most_once and same and receiver.made is not None and receiver.made[1] is None:
                return model
    return None
