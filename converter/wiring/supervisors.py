"""Graphs of a supervisor and its agents, as `langgraph_supervisor` builds them."""

import ast
import re
from typing import TYPE_CHECKING

from langferry.converter import chat_models
from langferry.converter.wiring import channels, prebuilt
from langferry.converter.wiring.graphs import Builder, Compiled, EdgeSpec, NodeSpec
from langferry.converter.wiring.library import SUPERVISED_HAND_OFF
from langferry.converter.wiring.schemas import as_class
from langferry.converter.wiring.values import (
    Const,
    FunctionValue,
    LibraryValue,
    ListValue,
    PartValue,
    Scope,
    TupleValue,
    Unknown,
    Value,
)
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

_ONE_AT_A_TIME = frozenset({"ChatOpenAI", "AzureChatOpenAI", "ChatAnthropic"})
"""The classes of models that can be told to call one tool at a time."""

_ALWAYS_PARALLEL = frozenset({"o3-mini", "o3", "o4-mini"})
"""The models of theirs that cannot, by the name that OpenAI's classes keep."""

_DEFAULTS: dict[str, object] = {
    "supervisor_name": "supervisor",
    "output_mode": "last_message",
    "add_handoff_messages": True,
    "add_handoff_back_messages": None,
    "handoff_tool_prefix": None,
    "parallel_tool_calls": False,
}


def create_supervisor(
    run: "Interpreter",
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """The builder that `create_supervisor` gives, or one of one node where not all of it is known."""
    where = scope.module.span(node)
    given = dict(zip(("agents",), args, strict=False)) | keywords
    # None says nothing only where it is the default
    given = {
        name: x for name, x in given.items() if not _is_none(x) or _DEFAULTS.get(name) is not None
    }
    options = _options(given)
    agents = _agents(given.get("agents"))
    tools = _tools(given.get("tools", ListValue([])))
    known = {"agents", "model", "prompt", "tools", "state_schema", *_DEFAULTS}
    lacking = options is None or agents is None or tools is None
    lacking = lacking or not _can_be_told_apart(options, agents or {})
    if lacking or given.keys() - known or not isinstance(given.get("model"), Unknown):
        return prebuilt.whole_agent(
            run, "create_supervisor", keywords, node, scope, is_compiled=False
        )
    assert options is not None
    assert agents is not None
    assert tools is not None
    name = str(options["supervisor_name"])
    outer: dict[str, Value] = {"state_schema": LibraryValue(_OUTER_STATE)}
    made = prebuilt.builder_of(run, "create_supervisor", outer | given, scope, where)
    state = made.state
    handed = list(made.channels)
    every = ListValue([*tools, *(_hand_off(agent, options, handed, where) for agent in agents)])
    asking: dict[str, Value] = {"tools": every, "name": Const(name)}
    asking["model"] = _told(given.get("model"), every, options, where)
    asking |= {key: given[key] for key in ("prompt", "state_schema") if key in given}
    supervisor = _supervisor(run, asking, scope, where)
    ends = (*agents, prebuilt.END)
    made.nodes[name] = NodeSpec(name, supervisor, state, False, ends, where)
    made.edges.append(EdgeSpec((prebuilt.START,), name, False, where))
    for called, agent in agents.items():
        calling = _calling(called, agent, options, where)
        made.nodes[called] = NodeSpec(called, calling, state, False, (), where)
        made.edges.append(EdgeSpec((called,), name, False, where))
    return made


_OUTER_STATE = "langgraph_supervisor.supervisor._OuterState"


def _options(given: dict[str, Value]) -> dict[str, object] | None:
    """What is said of how the supervisor works, None where that is not known."""
    found = dict(_DEFAULTS)
    for name in _DEFAULTS.keys() & given.keys():
        value = given[name]
        if not isinstance(value, Const) or value.value is None:
            return None
        found[name] = value.value
    texts = [found["supervisor_name"], found["output_mode"], found["handoff_tool_prefix"] or ""]
    if not all(isinstance(text, str) for text in texts):
        return None
    return found if found["output_mode"] in ("last_message", "full_history") else None


def _agents(value: Value | None) -> dict[str, Compiled] | None:
    """The agents by their names, None where one is not known or LangGraph would refuse it."""
    if not isinstance(value, ListValue | TupleValue) or getattr(value, "unknown", None) is not None:
        return None
    found = {
        item.name: item
        for item in value.items
        if isinstance(item, Compiled) and item.name not in (None, "LangGraph")
    }
    named = {name: item for name, item in found.items() if name is not None}
    return named if named and len(named) == len(value.items) else None


def _can_be_told_apart(options: dict[str, object] | None, agents: dict[str, Compiled]) -> bool:
    """Whether nodes have names of their own, and tools to hand over, too."""
    tools = {_in_name(agent) for agent in agents}
    named = {*agents, (options or {}).get("supervisor_name")}
    reserved = {prebuilt.START, prebuilt.END, *channels.RESERVED}
    return (
        len(tools) == len(agents)
        and len(named) == len(agents) + 1
        and not named & reserved
        and not any(character in str(name) for name in named for character in "|:")
    )


def _tools(value: Value) -> list[Value] | None:
    """The supervisor's own tools, None where one may hand over to an agent."""
    if not isinstance(value, ListValue | TupleValue) or getattr(value, "unknown", None) is not None:
        return None
    functions = [x.wraps if isinstance(x, Unknown) else x for x in value.items]
    known = all(isinstance(x, FunctionValue) and x.scope.kind == "module" for x in functions)
    return list(value.items) if known else None


def _hand_off(agent: str, options: dict[str, object], keys: list[str], where: Span) -> Value:
    """The tool by which the supervisor hands over to an agent."""
    prefix = options["handoff_tool_prefix"]
    name = f"{'transfer_to_' if prefix is None else prefix}{_in_name(agent)}"
    told: dict[str, Value] = {
        "agent": Const(agent),
        "name": Const(name),
        "description": Const(f"Ask agent '{agent}' for help"),
        "tells": Const(bool(options["add_handoff_messages"])),
        "keys": ListValue([Const(key) for key in keys]),
    }
    return Unknown("it hands over to an agent", where, made=(SUPERVISED_HAND_OFF, None, told))


def _in_name(agent: str) -> str:
    return re.sub(r"\s+", "_", agent.strip()).lower()


def _told(
    model: Value | None, tools: ListValue, options: dict[str, object], where: Span
) -> Unknown:
    """The model with the tools bound to it; one that stays Python where it is not known how that is done."""
    found = None
    if isinstance(model, Unknown) and model.made is not None and model.made[1] is None:
        found = _class_of(model.made[0], model.made[2])
    may_be_told = found is not None and found[0] in _ONE_AT_A_TIME
    if found is None or (may_be_told and found[1] is None and found[0] != "ChatAnthropic"):
        return Unknown("how the supervisor's tools are bound to it is not known", where)
    assert isinstance(model, Unknown)
    bound: dict[str, Value] = {"tools": tools}
    if may_be_told and (found[0] == "ChatAnthropic" or found[1] not in _ALWAYS_PARALLEL):
        bound["parallel_tool_calls"] = Const(options["parallel_tool_calls"])
    return Unknown("it is the supervisor's model", where, made=("bind_tools", model, bound))


def _class_of(maker: str, given: dict[str, Value]) -> tuple[str, str | None] | None:
    """The class of a model and the name it has there, where that is known."""
    named = given.get("model", given.get("model_name"))
    called = named.value if isinstance(named, Const) and isinstance(named.value, str) else None
    if maker in chat_models.BY_NAME:
        return chat_models.BY_NAME[maker].name, called
    vendor = given.get("model_provider", Const(None))
    if maker not in chat_models.INIT or called is None or not isinstance(vendor, Const):
        return None
    if given.keys() & {"configurable_fields", "config_prefix"}:
        return None
    told = vendor.value if isinstance(vendor.value, str) else None
    found = chat_models.of_vendor(called, told)
    return None if found is None else (found[0].name, found[1])


def _supervisor(
    run: "Interpreter", asking: dict[str, Value], scope: Scope, where: Span
) -> Compiled:
    """The agent that the supervisor is, a graph within the graph."""
    from langferry.converter.wiring.builder import finish, register

    library = LibraryValue(prebuilt.STATES["create_react_agent"])
    state = as_class(run, asking.get("state_schema", library), scope.module, where)
    made = Builder(state, state, state, scope, where)
    channels.add_schema(run, made, state, where)
    prebuilt.react(made, asking, where)
    prebuilt.note_making(run, made, where)
    found = register(run, finish(made, {"name": asking["name"]}, where))
    assert isinstance(found, Compiled)
    return found


def _calling(name: str, agent: Compiled, options: dict[str, object], where: Span) -> PartValue:
    """The node that runs an agent and hands back to the supervisor."""
    tells = options["add_handoff_back_messages"]
    supervisor = str(options["supervisor_name"])
    constants: dict[str, object] = {
        "NAME": name,
        "SUPERVISOR": supervisor,
        "BACK": f"transfer_back_to_{_in_name(supervisor)}",
        "LAST_ONLY": options["output_mode"] == "last_message",
        "TELLS": bool(options["add_handoff_messages"] if tells is None else tells),
    }
    return PartValue(
        "call_agent", constants, "it is a part of create_supervisor", where, {"AGENT": agent}
    )


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None
