"""Objects of libraries that parts of agents hold, as the lowering makes them anew."""

from collections.abc import Callable, Mapping

from langferry.converter.constants import encode
from langferry.converter.lower.requests import (
    AgentForm,
    AgentModel,
    AgentPrompt,
    AgentTools,
    Captured,
    Items,
    Made,
    NodeTools,
    ToolAt,
)
from langferry.converter.wiring.arguments import ARGUMENT
from langferry.converter.wiring.values import (
    AgentFormValue,
    AgentModelValue,
    AgentPromptValue,
    FunctionValue,
    ListValue,
    NodeToolsValue,
    StepValue,
    TupleValue,
    Unknown,
    Value,
    is_plain,
    plain,
)


def objects_in(
    values: Mapping[str, Value],
    of: Callable[[Value], Captured | None],
    tool_of: Callable[[FunctionValue], ToolAt],
) -> dict[str, Captured]:
    """Those of `values` that can be made anew, with lists of none, and are no other plain data.

    `of` and `tool_of` know a program's own.
    """
    objects = _Objects(of, tool_of)
    made = {name: objects.made(value) for name, value in values.items() if not is_plain(value)}
    none = {name: Items(()) for name, value in values.items() if _is_empty(value)}
    return {name: value for name, value in made.items() if value is not None} | none


def _is_empty(value: Value) -> bool:
    return isinstance(value, ListValue | TupleValue) and is_plain(value) and not value.items


class _Objects:
    def __init__(
        self, of: Callable[[Value], Captured | None], tool_of: Callable[[FunctionValue], ToolAt]
    ) -> None:
        self._of = of
        self._tool_of = tool_of

    def made(self, value: Value) -> Captured | None:
        """How `value` is made anew, None where that is not known."""
        match value:
            case AgentModelValue(model, tools, ending, may_be_bound):
                found = self.made(model)
                told = None
                if tools is not None:
                    told = AgentTools(self.made(tools), tuple(ending))
                return None if found is None else AgentModel(found, told, may_be_bound)
            case AgentPromptValue(FunctionValue() as called) | StepValue(FunctionValue() as called):
                return self._of(called)
            case StepValue(step):
                return self.made(step)
            case AgentPromptValue(prompt):
                inner = self.made(prompt)
                return None if inner is None else AgentPrompt(inner)
            case NodeToolsValue(ListValue(items, None) | TupleValue(items)):
                return NodeTools(tuple(map(self.made, items)))
            case NodeToolsValue():
                return NodeTools(None)
            case AgentFormValue(model, form):
                asked, shape = self.made(model), self.made(form)
                return None if asked is None or shape is None else AgentForm(asked, shape)
            case Unknown(made=(function, None, _)) if function == ARGUMENT:
                return self._of(value)
            case Unknown(made=(function, receiver, keywords), written=None):
                given = {name: self.made(item) for name, item in keywords.items()}
                base = None if receiver is None else self.made(receiver)
                known = tuple((name, item) for name, item in given.items() if item is not None)
                if len(known) < len(given) or (receiver is not None and base is None):
                    return None
                return Made(function, base, known)
            case Unknown(wraps=FunctionValue() as function) | (FunctionValue() as function):
                return self._tool_of(function)
            case ListValue(items, None) | TupleValue(items) if items and not is_plain(value):
                made = [self.made(item) for item in items]
                kept = tuple(item for item in made if item is not None)
                return Items(kept) if len(kept) == len(made) else None
        if not is_plain(value):
            return self._of(value)
        try:
            return encode(plain(value))
        except ValueError:
            return None
