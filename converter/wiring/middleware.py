"""Middleware of `create_agent`: what each adds to the agent's graph, and the states it asks for."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from langferry.converter.wiring import instances, written
from langferry.converter.wiring.library import HOOKS, WRAPPERS, is_library
from langferry.converter.wiring.schemas import as_class, class_hints, metadata, required
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    Const,
    Deferred,
    FieldValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    ListValue,
    MiddlewareValue,
    RunnableValue,
    Scope,
    Subscripted,
    TupleValue,
    Unknown,
    Value,
    is_plain,
    plain,
)
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.project import SourceModule
    from langferry.converter.wiring.interpreter import Interpreter


@dataclass(frozen=True, slots=True)
class Hook:
    """A node that middleware adds, and where it says that it may go on besides."""

    action: Value
    jumps: tuple[str, ...]


@dataclass(slots=True)
class Middleware:
    """One middleware. `wraps` says around what it is asked; `state` is its class of the agent's state."""

    name: str
    state: Value | None
    tools: list[Value] = field(default_factory=list)
    hooks: dict[str, Hook] = field(default_factory=dict)
    wraps: set[str] = field(default_factory=set)


def all_of(run: "Interpreter", given: Value, where: Span) -> list[Middleware] | None:
    """What an agent's middleware is, None where that is not known or LangChain would refuse it."""
    if not isinstance(given, ListValue | TupleValue) or getattr(given, "unknown", None) is not None:
        return None
    found = [_one(run, item, where) for item in given.items]
    known = [item for item in found if item is not None]
    names = {item.name for item in known}
    ordinary = not any(character in name for name in names for character in "|:")
    return known if len(known) == len(names) == len(found) and ordinary else None


def _one(run: "Interpreter", value: Value, where: Span) -> Middleware | None:
    match value:
        case MiddlewareValue():
            return _of_function(value, where)
        case InstanceValue(cls) if _is_middleware(cls):
            return _of_instance(run, value, where)
        case Unknown():
            return _of_library(value, where)
    return None


def _of_library(value: Unknown, where: Span) -> Middleware | None:
    """What an object of one of LangChain's own classes is, of those that do the same in an agent however made."""
    place, _, name = (written.maker(value) or "").rpartition(".")
    if not f"{place}.".startswith("langchain.agents.middleware.") or name not in _OF_LIBRARY:
        return None
    made = Middleware(name, None)
    for added in _OF_LIBRARY[name]:
        if added in HOOKS:
            made.hooks[added] = Hook(Unknown(f"it is a part of {name}", where), ())
        else:
            made.wraps.add(added)
    return made


_OF_LIBRARY = {
    "SummarizationMiddleware": ("before_model",),
    "ContextEditingMiddleware": ("wrap_model_call",),
    "LLMToolSelectorMiddleware": ("wrap_model_call",),
    "ModelFallbackMiddleware": ("wrap_model_call",),
    "ModelRetryMiddleware": ("wrap_model_call",),
    "LLMToolEmulator": ("wrap_tool_call",),
    "ToolRetryMiddleware": ("wrap_tool_call",),
}
"""LangChain's classes that have no state, tools or jumps, and what each adds, which stays Python."""


def _of_function(value: MiddlewareValue, where: Span) -> Middleware | None:
    """What a decorator makes of a function."""
    options, function = value.options, value.function
    if options.keys() - {"state_schema", "tools", "can_jump_to", "name"}:
        return None
    name, jumps = (options.get(key, Const(None)) for key in ("name", "can_jump_to"))
    tools = _listed(options.get("tools", Const(None)))
    if not isinstance(name, Const) or not is_plain(jumps) or tools is None:
        return None
    made = Middleware(str(name.value or function.name), options.get("state_schema"), tools)
    if value.hook not in HOOKS:
        made.wraps.add("wrap_tool_call" if value.hook == "wrap_tool_call" else "wrap_model_call")
        return made
    arguments = function.node.args
    action: Value = function
    if [item.arg for item in (*arguments.posonlyargs, *arguments.args)][1:] != ["runtime"]:
        # it is given the runtime by position, which LangGraph only does by name
        action = Unknown("its second parameter is not called 'runtime'", where)
    said = function.jumps if jumps == Const(None) or plain(jumps) is None else tuple(plain(jumps))
    made.hooks[value.hook] = Hook(action, said)
    return made


def _of_instance(run: "Interpreter", value: InstanceValue, where: Span) -> Middleware | None:
    """What an object of one of the program's classes of middleware is."""
    scope = Scope(value.cls.module, "module", "", None)
    members = {
        name: member
        for owner in reversed(instances.lineage(value.cls))
        for name, member in owner.scope.names.items()
    }

    def attribute(name: str) -> Value | None:
        if name not in members and name not in value.names:
            return None
        return instances.of_instance(run, value, name, value.cls.module.tree, scope)

    name = attribute("name") or Const(value.cls.name)
    tools = _listed(attribute("tools") or Const(None))
    if not isinstance(name, Const) or not isinstance(name.value, str) or tools is None:
        return None
    if members.keys() & {"trace_policy", "transformers"}:
        return None
    made = Middleware(name.value, attribute("state_schema"), tools)
    for hook in HOOKS:
        both = [members.get(hook), members.get(f"a{hook}")]
        if any(x is not None and not _is_method(x) for x in both):
            return None
        functions = [x for x in both if isinstance(x, FunctionValue)]
        if functions:
            bound = [
                None if x is None else BoundMethod(value, name)
                for x, name in zip(both, (hook, f"a{hook}"), strict=True)
            ]
            jumps = next((x.jumps for x in functions if x.jumps), ())
            made.hooks[hook] = Hook(RunnableValue(bound[0], bound[1], None, where), jumps)
    made.wraps.update(x for x in WRAPPERS if x in members or f"a{x}" in members)
    return made


def _is_method(value: Value) -> bool:
    return isinstance(value, FunctionValue) and value.unknown is None and value.binding == "method"


def _is_middleware(cls: ClassValue) -> bool:
    """Whether only the program's classes and LangChain's `AgentMiddleware` say what objects of it are."""
    bases = [
        base.base if isinstance(base, Subscripted) else base
        for owner in instances.lineage(cls)
        for base in owner.bases
        if not isinstance(base, ClassValue)
    ]
    return (
        cls.unknown is None
        and any(is_library(base, "AgentMiddleware") for base in bases)
        and all(is_library(base, "AgentMiddleware", *_BASES) for base in bases)
    )


_BASES = ("builtins.object", "Generic", "Protocol", "abc.ABC")


def _listed(value: Value) -> list[Value] | None:
    match value:
        case Const(None):
            return []
        case ListValue(items, None) | TupleValue(items):
            return list(items)
    return None


def states(
    run: "Interpreter",
    middleware: list[Middleware],
    base: ClassValue,
    default: ClassValue,
    module: "SourceModule",
    where: Span,
) -> tuple[Value, Value, Value]:
    """The state, input and output of an agent whose own state is `base`.

    A middleware that asks for no state of its own has `default`. Fields are put together as LangChain does:
    a class that comes later has the last word, and what is marked so stands in no input or output.
    """
    asked = [as_class(run, item.state or default, module, where) for item in middleware]
    classes: dict[int, Value] = {}
    for item in [*asked, base]:
        classes.pop(id(item), None)
        classes[id(item)] = item
    fields: dict[str, FieldValue] = {}
    for item in classes.values():
        hints = class_hints(run, item) if isinstance(item, ClassValue) else item
        if not isinstance(hints, list):
            # where it is unknown the graph is not taken apart
            return item, item, item
        for hint in hints:
            annotation = hint.value
            said = isinstance(annotation, Subscripted) and is_library(
                annotation.base, "NotRequired"
            )
            if not said and not required(hint):
                annotation = Subscripted(LibraryValue("NotRequired"), [annotation])
            fields[hint.name] = FieldValue(
                hint.name, annotation, None, hint.field.doc, hint.field.span
            )

    def made(suffix: str, *omitting: str) -> ClassValue:
        kept = [x for x in fields.values() if not _is_marked(x, *omitting)]
        name = f"{base.name}{suffix}"
        within = Scope(module, "class", name, Scope(module, "module", "", None))
        kinds: list[Value] = [LibraryValue("TypedDict")]
        return ClassValue(name, name, module, "typed_dict", kinds, kept, within, base.doc, where)

    alone = len(classes) == 1 and base.kind == "typed_dict"
    return (
        base if alone else made(""),
        made("Input", "PrivateStateAttr", "OmitFromInput"),
        made("Output", "PrivateStateAttr", "OmitFromOutput"),
    )


def _is_marked(item: FieldValue, *marks: str) -> bool:
    # annotations of fields put together are resolved
    assert not isinstance(item.annotation, Deferred)
    return any(is_library(x, *marks) for x in metadata(item.annotation))
