"""The arguments of tools of which models are not told, and who gives them."""

import ast
from collections.abc import Collection, Iterator, Sequence

from langferry.converter.lower.names import Names
from langferry.converter.module_scope import Function, parameters
from langferry.model import ir
from langferry.model.program import Record

_CONFIGS = frozenset(
    {
        "langchain_core.runnables.RunnableConfig",
        "langchain_core.runnables.config.RunnableConfig",
        "langchain.schema.runnable.RunnableConfig",
    }
)
_HIDDEN = frozenset(
    {"langchain_core.tools.InjectedToolArg", "langchain_core.tools.base.InjectedToolArg"}
)
_CALL_IDS = frozenset(
    {
        "langchain_core.tools.InjectedToolCallId",
        "langchain_core.tools.base.InjectedToolCallId",
        "langchain.tools.InjectedToolCallId",
    }
)
_PLACES = ("langgraph.prebuilt", "langgraph.prebuilt.tool_node", "langchain.tools")
_STATES = frozenset(f"{place}.InjectedState" for place in _PLACES)
_STORES = frozenset(f"{place}.InjectedStore" for place in _PLACES)
_RUNTIMES = frozenset(f"{place}.ToolRuntime" for place in _PLACES)
_OF_MESSAGES = frozenset(
    {
        "langgraph.graph.MessagesState",
        "langgraph.graph.message.MessagesState",
        "langgraph.prebuilt.chat_agent_executor.AgentState",
        "langchain.agents.AgentState",
        "langchain.agents.middleware.AgentState",
        "langchain.agents.middleware.types.AgentState",
    }
)
"""The libraries' states that must have messages, and nothing else."""
_ANYTHING = frozenset({"builtins.dict", "typing.Dict", "typing.Any"})

OF_STATE = frozenset({"state", "field", "field_if_there", "runtime"})
"""The kinds of arguments that are made of the state."""


def injected(names: Names, definition: Function) -> list[ir.Injected]:
    """The parameters that are given by whoever runs the tool.

    Raises:
        Refusal: it is not known what the state must be.
    """
    found: list[ir.Injected] = []
    for item in parameters(definition):
        base = item.annotation
        while isinstance(base, ast.Subscript):
            base = _annotated(names, base) or base.value
        kind = "" if base is None else _resolved(names, base)
        if kind in _CONFIGS and all(x.kind != "config" for x in found):
            found.append(ir.Injected(item.arg, "config"))
        elif _marker(names, item, _CALL_IDS) is not None:
            found.append(ir.Injected(item.arg, "tool_call_id"))
        elif kind in _RUNTIMES:
            found.append(ir.Injected(item.arg, "runtime"))
        else:
            marker = _marker(names, item, _STATES)
            if marker is not None:
                found.append(_of_state(names, definition, item, marker))
    return found


def hidden(names: Names, definition: Function) -> list[str]:
    """The parameters that models are not told of, but might give."""
    given = {item.name for item in injected(names, definition)}
    found = [x for x in parameters(definition) if x.arg not in given and is_hidden(names, x)]
    for item in found:
        if item not in _optional(definition):
            raise names.refuse("LF303", f"the parameter `{item.arg}` of a tool", item)
    return [item.arg for item in found]


def is_hidden(names: Names, item: ast.arg) -> bool:
    """Whether models are not told of a parameter, though nobody else gives it."""
    return _marker(names, item, _HIDDEN) is not None


def is_store(names: Names, item: ast.arg) -> bool:
    """Whether whoever runs the tool gives it the store of the run."""
    return _marker(names, item, _STORES) is not None


def without_marker(annotation: ast.expr | None) -> ast.expr | None:
    """What `Annotated[..., marker]` annotates."""
    match annotation:
        case ast.Subscript(slice=ast.Tuple(elts=[kind, *_])):
            return kind
    return annotation


def keyed_only(definition: Function, injected: Sequence[ir.Injected]) -> ast.expr | None:
    """A place where a tool does more with the state than to read a key that is written there."""
    states = {item.name for item in injected if item.kind == "state"}
    runtimes = {item.name for item in injected if item.kind == "runtime"}
    parents = {x: node for node in ast.walk(definition) for x in ast.iter_child_nodes(node)}
    for node in ast.walk(definition):
        place: ast.expr | None = None
        match node:
            case ast.Name(id=name) if name in states:
                place = node
            case ast.Name(id=name) if name in runtimes:
                held = parents[node]
                if not isinstance(held, ast.Attribute):
                    return node
                place = held if held.attr == "state" else None
        if place is not None and not _reads_key(place, parents):
            return place
    return None


_TOLD_IN_PYTHON = frozenset({"config", "state", "stream_writer", "tool_call_id"})


def told_more(definition: Function, runtimes: Collection[str]) -> ast.expr | None:
    """A place where a tool asks its runtime for more than one that stays Python is told."""
    nodes = list(ast.walk(definition))
    known = {
        node.value
        for node in nodes
        if isinstance(node, ast.Attribute) and node.attr in _TOLD_IN_PYTHON
    }
    named = (node for node in nodes if isinstance(node, ast.Name) and node.id in runtimes)
    return next((node for node in named if node not in known), None)


def _reads_key(state: ast.expr, parents: dict[ast.AST, ast.AST]) -> bool:
    match parents[state]:
        case ast.Subscript(value=value, slice=ast.Constant(), ctx=ast.Load()):
            return value is state
        case ast.Attribute(attr="get") as method:
            call = parents[method]
            return isinstance(call, ast.Call) and isinstance(
                next(iter(call.args), None), ast.Constant
            )
        case ast.Compare(left=ast.Constant(), ops=[ast.In() | ast.NotIn()]):
            return True
    return False


def _of_state(names: Names, definition: Function, item: ast.arg, marker: ast.expr) -> ir.Injected:
    match marker:
        case (
            ast.Call(args=[ast.Constant(value=str(field))], keywords=[])
            | ast.Call(
                args=[], keywords=[ast.keyword(arg="field", value=ast.Constant(value=str(field)))]
            )
        ) if field:
            optional = item in _optional(definition)
            return ir.Injected(item.arg, "field_if_there" if optional else "field", (field,))
        case ast.Call(args=[], keywords=[]) | ast.Name() | ast.Attribute():
            return ir.Injected(item.arg, "state", _wanted(names, item))
    raise names.refuse("LF303", f"the parameter `{item.arg}` of a tool", item)


def _wanted(names: Names, item: ast.arg) -> tuple[str, ...]:
    """The keys that pydantic wants a state to have that is annotated so."""
    kind = without_marker(item.annotation)
    base = kind.value if isinstance(kind, ast.Subscript) else kind
    qualified = "" if base is None else _resolved(names, base)
    if qualified in _ANYTHING:
        return ()
    if qualified in _OF_MESSAGES:
        return ("messages",)
    record = shown_record(names, item)
    if record is None:
        raise names.refuse("LF303", f"the parameter `{item.arg}` of a tool", item)
    return tuple(field.name for field in record.fields if field.required)


def shown_record(names: Names, item: ast.arg) -> Record | None:
    """The dict of the program's own that a parameter says the state is."""
    kind = without_marker(item.annotation)
    defined = None if kind is None else names.definition(kind)
    if defined is None or not isinstance(defined[1], ast.ClassDef):
        return None
    place = (defined[0].path, defined[1].lineno)
    for record in names.records.values():
        if (record.span.file, record.span.line) == place and record.kind == "typed_dict":
            return record
    return None


def _optional(definition: Function) -> list[ast.arg]:
    given = definition.args
    last = given.args[len(given.args) - len(given.defaults) :]
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    return [*last, *(item for item, default in pairs if default is not None)]


def _marker(names: Names, item: ast.arg, classes: frozenset[str]) -> ast.expr | None:
    """What of these classes, or which of them, a parameter is annotated with."""
    for marker in _markers(names, item.annotation):
        named = marker.func if isinstance(marker, ast.Call) else marker
        if names.resolve(named) in classes:
            return marker
    return None


def _markers(names: Names, annotation: ast.expr | None) -> Iterator[ast.expr]:
    match annotation:
        case ast.Subscript(slice=ast.Tuple(elts=[_, *markers])) if _annotated(names, annotation):
            yield from markers


def _annotated(names: Names, annotation: ast.Subscript) -> ast.expr | None:
    """The type in `Annotated[type, ...]`."""
    if _resolved(names, annotation.value) != "typing.Annotated":
        return None
    return without_marker(annotation)


def _resolved(names: Names, node: ast.expr) -> str:
    """What a name of an annotation stands for; what `typing_extensions` hands on is `typing`'s."""
    name = names.resolve(node) or ""
    return name.replace("typing_extensions.", "typing.", 1)
