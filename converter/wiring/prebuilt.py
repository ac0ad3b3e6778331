"""Prebuilt agents: the graphs that LangGraph's and LangChain's own functions give."""

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from langferry.converter.wiring import agent_tools, channels, middleware, names, written
from langferry.converter.wiring.graphs import (
    BranchSpec,
    Builder,
    Compiled,
    EdgeSpec,
    NodeSpec,
    Whole,
)
from langferry.converter.wiring.library import HOOKS, WRAPPERS
from langferry.converter.wiring.middleware import Middleware
from langferry.converter.wiring.schemas import as_class
from langferry.converter.wiring.tool_nodes import ToolNodeOptions, options_of
from langferry.converter.wiring.values import (
    AgentFormValue,
    AgentModelValue,
    AgentPromptValue,
    ClassValue,
    Const,
    DictValue,
    FieldValue,
    FunctionValue,
    LibraryValue,
    ListValue,
    Making,
    NodeToolsValue,
    PartValue,
    Scope,
    StepValue,
    Subscripted,
    TupleValue,
    Unknown,
    Value,
)
from langferry.converter.wiring.whole import bare
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

START, END = "__start__", "__end__"

_POSITIONAL = {
    "create_react_agent": ("model", "tools"),
    "create_agent": ("model", "tools"),
}


def create_agent(
    run: "Interpreter",
    function: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """The graph that `create_react_agent` (LangGraph) or `create_agent` (LangChain) gives."""
    from langferry.converter.wiring.builder import finish, register

    where = scope.module.span(node)
    given = dict(zip(_POSITIONAL[function], args, strict=False)) | keywords
    state = given.get("state_schema")
    if state is None or _is_none(state):
        state = LibraryValue(STATES[function])
        if function == "create_react_agent" and _given(given, "response_format") is not None:
            state = LibraryValue("langgraph.prebuilt.AgentStateWithStructuredResponse")
    state = as_class(run, state, scope.module, where)
    around = middleware.all_of(run, given.get("middleware", TupleValue([])), where)
    schemas = state, state, state
    if function == "create_agent" and around is not None and isinstance(state, ClassValue):
        default = as_class(run, LibraryValue(STATES[function]), scope.module, where)
        assert isinstance(default, ClassValue)
        schemas = middleware.states(run, around, state, default, scope.module, where)
    made = Builder(*schemas, scope, where)
    for schema in schemas:
        channels.add_schema(run, made, schema, where)
    if around is None:
        # what nodes middleware adds only its own code knows
        _whole(made, function, where)
    elif function == "create_react_agent":
        react(made, given, where)
    else:
        _langchain(made, _with_tools_of(around, given), around, where)
    note_making(run, made, where)
    options: dict[str, Value] = {
        name: given[name]
        for name in ("checkpointer", "interrupt_before", "interrupt_after", "name", "store")
        if name in given
    }
    return register(run, finish(made, options, where))


STATES = {
    "create_react_agent": "langgraph.prebuilt.AgentState",
    "create_agent": "langchain.agents.AgentState",
    "create_deep_agent": "deepagents.DeepAgentState",
    "create_supervisor": "langgraph.prebuilt.AgentState",
    "create_swarm": "langgraph_swarm.SwarmState",
}


def create_swarm(
    run: "Interpreter",
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """The builder that `create_swarm` gives: its agents are nodes, and the run goes on with the active one."""
    where = scope.module.span(node)
    given = dict(zip(("agents",), args, strict=False)) | keywords
    found = given.get("agents")
    items = found.items if isinstance(found, ListValue | TupleValue) else []
    agents = {x.name: x for x in items if isinstance(x, Compiled) and x.name is not None}
    default = given.get("default_active_agent")
    is_known = (
        isinstance(default, Const)
        and default.value in agents
        and len(agents) == len(items)
        and not given.keys() - {"agents", "default_active_agent", "state_schema"}
    )
    if not is_known or not isinstance(default, Const):
        return whole_agent(run, "create_swarm", keywords, node, scope, is_compiled=False)
    made = builder_of(run, "create_swarm", given, scope, where)
    for name, agent in agents.items():
        made.nodes[name] = NodeSpec(name, agent, made.state, False, (), where)
    parts = _Parts(made, "create_swarm", where)
    told: dict[str, object] = {"DEFAULT": default.value}
    parts.branch(START, "route_to_active_agent", list(agents), "to_active_agent", told)
    return made


def builder_of(
    run: "Interpreter", function: str, given: Mapping[str, Value], scope: Scope, where: Span
) -> Builder:
    """A builder of the state that the function is given, or else has itself."""
    state = given.get("state_schema")
    if state is None or _is_none(state):
        state = LibraryValue(STATES[function])
    state = as_class(run, state, scope.module, where)
    made = Builder(state, state, state, scope, where)
    channels.add_schema(run, made, state, where)
    note_making(run, made, where)
    return made


def note_making(run: "Interpreter", made: Builder, where: Span) -> None:
    """Note when a graph is made, and why it may be that it is not."""
    made.made_at = run.now()
    doubt = run.doubts(made.made_at)
    if doubt is not None:
        made.unknown = Unknown(doubt.reason, where)


def whole_agent(
    run: "Interpreter",
    function: str,
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
    is_compiled: bool,
) -> Value:
    """A graph that a library builds in a way of its own: one node that runs it in Python."""
    from langferry.converter.wiring.builder import finish, register

    where = scope.module.span(node)
    made = builder_of(run, function, keywords, scope, where)
    _whole(made, function, where)
    if not is_compiled:
        return made
    options: dict[str, Value] = {
        name: keywords[name] for name in ("checkpointer", "name") if name in keywords
    }
    return register(run, finish(made, options, where))


def _whole(builder: Builder, function: str, where: Span) -> None:
    builder.whole = Whole(Unknown(f"what {function} gives only its own code knows", where), "agent")


class _Parts:
    """Adds nodes and edges that the library makes."""

    def __init__(self, builder: Builder, function: str, where: Span) -> None:
        self._builder, self._where = builder, where
        self.state = builder.state
        self.what = f"it is a part of {function}"

    def node(self, name: str, action: Value | None = None, given: Value | None = None) -> None:
        inner, state = action or self.unread(), self._builder.state
        made = NodeSpec(name, inner, given or state, False, (), self._where)
        made.is_sent = given is not None
        self._builder.nodes[name] = made

    def unread(self, why: str | None = None) -> Unknown:
        """A part that stays Python, and why."""
        return Unknown(self.what if why is None else f"{self.what}: {why}", self._where)

    def edge(self, source: str, target: str) -> None:
        self._builder.edges.append(EdgeSpec((source,), target, False, self._where))

    def branch(
        self,
        source: str,
        name: str,
        targets: list[str],
        router: str | None = None,
        constants: Mapping[str, object] | None = None,
    ) -> None:
        path: Value = self.unread()
        if router is not None:
            path = PartValue(router, dict(constants or {}), self.what, self._where)
        chosen: dict[object, str] = {target: target for target in targets}
        self._builder.branches.append(
            BranchSpec(source, name, path, chosen, True, None, self._where)
        )


def react(builder: Builder, given: dict[str, Value], where: Span) -> None:
    parts = _Parts(builder, "create_react_agent", where)
    before, after = _given(given, "pre_model_hook"), _given(given, "post_model_hook")
    structured = _given(given, "response_format") is not None
    with_tools, ending = _has_tools(given), agent_tools.ending(_tools(given))
    first = "agent" if before is None else "pre_model_hook"
    # channels of a program that are called so hold what the program says, or nothing
    counts = builder.channels.keys() & {"remaining_steps", "is_last_step"}
    seen = "_as_it_is" if counts else ""
    if before:
        asking: Value = parts.unread("it has a hook")
    elif counts - {"remaining_steps"}:
        asking = parts.unread("its state counts the steps itself")
    else:
        asking = _asking("ask", given, parts, where, seen)
    parts.node("agent", asking)
    if with_tools:
        parts.node("tools", _running(given, parts, where), _tool_call(builder, where))
    if before is not None:
        parts.node("pre_model_hook", before)
        parts.edge("pre_model_hook", "agent")
    parts.edge(START, first)
    if after is not None:
        parts.node("post_model_hook", after)
        parts.edge("agent", "post_model_hook")
    last = "agent" if after is None else "post_model_hook"
    if structured:
        parts.node("generate_structured_response", _forming(given, parts, where))
        if not with_tools:
            parts.edge(last, "generate_structured_response")
    if not with_tools:
        return
    ends = "generate_structured_response" if structured else END
    if after is not None:
        told: dict[str, object] = {"FIRST": first, "OTHERWISE": ends}
        paths = [first, "tools", ends]
        hooked = f"after_hook{seen}"
        parts.branch("post_model_hook", "post_model_hook_router", paths, hooked, told)
    else:
        router, otherwise = _router(given), {"OTHERWISE": ends}
        router = f"{router}{seen}" if router == "to_tools_one_by_one" else router
        parts.branch("agent", "should_continue", ["tools", ends], router, otherwise)
    if not ending:
        parts.edge("tools", first)
        return
    known: dict[str, object] = {"ENDING": ending, "FIRST": first}
    parts.branch("tools", "route_tool_responses", [first, END], "back_or_end", known)


def _asking(
    function: str, given: dict[str, Value], parts: _Parts, where: Span, seen: str = ""
) -> Value:
    """The node that asks the model, where model, tools and prompt are known.

    `function` is the one of `lower.library` that does it, `seen` how the name of that ends which takes the
    steps that are left from the state as it is.
    """
    model, tools = _model(given, where), _tools(given)
    prompt = _given(given, "prompt" if function == "ask" else "system_prompt")
    name = given.get("name", Const(None))
    if not isinstance(model, Unknown):
        return parts.unread(f"its model is not known: {_said_of(model)}")
    if not isinstance(name, Const):
        return parts.unread(f"its name is not known: {_said_of(name)}")
    if agent_tools.of_vendors(tools):
        return parts.unread("it has tools that the model's vendor runs")
    ending = agent_tools.ending(tools)
    bound = None if agent_tools.are_none(tools) else tools
    objects: dict[str, Value] = {"MODEL": AgentModelValue(model, bound, ending, function == "ask")}
    constants: dict[str, object] = {"NAME": name.value}
    if function == "ask":
        constants["ENDING"] = ending
    match prompt:
        case None:
            constants["INSTRUCTIONS"] = []
        case Unknown() if function == "ask" and _is_template(prompt):
            if _is_own(parts.state) and not seen:
                return parts.unread("its prompt is filled with the whole of a state")
            objects["PROMPT"] = StepValue(prompt)
            return PartValue(f"ask_templated{seen}", constants, parts.what, where, objects)
        case Unknown() | Const(str()):
            objects["INSTRUCTIONS"] = AgentPromptValue(prompt)
        case FunctionValue() if function == "ask" and (
            asking := _asking_by(prompt, parts.state, seen)
        ):
            objects["PROMPT"] = AgentPromptValue(prompt)
            return PartValue(asking, constants, parts.what, where, objects)
        case _:
            return parts.unread(f"its prompt is no text: {_said_of(prompt)}")
    return PartValue(f"{function}{seen}", constants, parts.what, where, objects)


def _asking_by(prompt: FunctionValue, state: Value, seen: str) -> str | None:
    """What asks with a prompt that is a function of the state, None where LangGraph gives it something else.

    How many steps are left is in no record of the state, and is given to a prompt that may look at it. In the
    state of a program it would stand at another place than in LangGraph's, which a prompt sees that does more
    than to read keys.
    """
    arguments = names.parameters(prompt.node)
    others = [item.arg for item in arguments[1:]]
    if prompt.unknown is not None or not arguments or prompt.node.args.vararg is not None:
        return None
    if others not in ([], ["config"]):
        return None
    keys = _keys_read(prompt, arguments[0].arg)
    if (keys is None and _is_own(state)) or (keys and "is_last_step" in keys):
        return None
    steps = "_with_steps" if keys is None or "remaining_steps" in keys else ""
    return f"ask_prompted{'' if seen else steps}{'_in_run' if others else ''}{seen}"


def _is_own(state: Value) -> bool:
    """Whether a state is not LangGraph's, in which how many steps are left stands where LangGraph puts it."""
    return not isinstance(state, ClassValue) or state.qualified != STATES["create_react_agent"]


def _is_template(prompt: Unknown) -> bool:
    """Whether it is a `ChatPromptTemplate` as it is written, with fields of it filled or not."""
    _, name, made = (written.maker(prompt) or "").partition("ChatPromptTemplate")
    return bool(name) and made.replace(".partial", "") in ("", ".from_messages", ".from_template")


def _keys_read(prompt: FunctionValue, parameter: str) -> set[str] | None:
    """The keys that a function reads of a parameter, None where it does anything else with it."""
    body = prompt.node.body if isinstance(prompt.node.body, list) else [prompt.node.body]
    nodes = [part for item in body for part in ast.walk(item)]
    named = [x for x in nodes if isinstance(x, ast.Name) and x.id == parameter]
    read = [found for part in nodes if (found := _key_read(part)) is not None]
    if not all(any(x is owner for owner, _ in read) for x in named):
        return None
    return {key for owner, key in read if any(x is owner for x in named)}


def _key_read(part: ast.AST) -> tuple[ast.expr, str] | None:
    """What is asked for one of its keys, and for which."""
    match part:
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(key)), ctx=ast.Load()):
            return owner, key
        case ast.Call(
            func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(value=str(key)), *_]
        ):
            return owner, key
    return None


def _forming(given: dict[str, Value], parts: _Parts, where: Span) -> Value:
    """The node that asks for an answer in a form, where the model and the form are known."""
    model, form = _model(given, where), given["response_format"]
    constants: dict[str, object] = {"INSTRUCTIONS": []}
    objects: dict[str, Value] = {}
    match form:
        case TupleValue([Const(str()) as told, schema]):
            constants, objects, form = {}, {"INSTRUCTIONS": AgentPromptValue(told)}, schema
    if not isinstance(model, Unknown):
        return parts.unread(f"its model is not known: {_said_of(model)}")
    if not isinstance(form, ClassValue | DictValue):
        return parts.unread(f"its form is not known: {_said_of(form)}")
    objects["FORMED"] = AgentFormValue(model, form)
    return PartValue("answer_in_form", constants, parts.what, where, objects)


def _model(given: dict[str, Value], where: Span) -> Value | None:
    """The agent's model; a text is what `init_chat_model` makes one of."""
    match given.get("model"):
        case Const(str()) as name:
            made: Making = ("langchain.chat_models.init_chat_model", None, {"model": name})
            return Unknown("it is a model by its name", where, made=made)
        case model:
            return model


def _running(given: dict[str, Value], parts: _Parts, where: Span) -> Value:
    """The node that runs a tool, where all tools are known."""
    if _router(given) != "to_tools_one_by_one":
        return parts.unread("it runs all tools at once")
    options = _options(given)
    if options is None:
        return parts.unread("its ToolNode has options of its own")
    errors: dict[str, object] = {"ERRORS": options.errors}
    return PartValue(
        "run_one_tool", errors, parts.what, where, {"TOOLS": NodeToolsValue(_tools(given))}
    )


def _tools(given: dict[str, Value]) -> Value:
    """The agent's tools, those of a `ToolNode` too."""
    match given.get("tools", Const(None)):
        case Unknown(made=("langgraph.prebuilt.ToolNode", None, {"tools": tools})):
            return tools
        case Const(None):
            return ListValue([])
        case tools:
            return tools


def _options(given: dict[str, Value]) -> ToolNodeOptions | None:
    """How its tools are run, where that is known."""
    match given.get("tools"):
        case Unknown(made=("langgraph.prebuilt.ToolNode", None, keywords)):
            options = options_of(keywords)
            return options if options is not None and options.key == "messages" else None
    return options_of({})


def _said_of(value: Value | None) -> str:
    """What is known of a value that is not what it should be."""
    match value:
        case Unknown(reason):
            return reason
        case ListValue(unknown=Unknown(reason)):
            return reason
        case FunctionValue():
            return "it is a function"
        case Const(found):
            return f"it is a {type(found).__name__}"
    return "it is computed"


def _router(given: dict[str, Value]) -> str | None:
    """What decides after the model, where the version of the agent is known."""
    match given.get("version", Const("v2")):
        case Const("v2"):
            return "to_tools_one_by_one"
        case Const("v1"):
            return "to_tools_at_once"
    return None


def _with_tools_of(around: list[Middleware], given: dict[str, Value]) -> dict[str, Value]:
    """What an agent is given, with the tools of its middleware before its own."""
    added = [tool for item in around for tool in item.tools]
    own = _tools(given)
    if not added or not isinstance(own, ListValue | TupleValue):
        return given
    return given | {"tools": ListValue([*added, *own.items], getattr(own, "unknown", None))}


def _langchain(
    builder: Builder, given: dict[str, Value], around: list[Middleware], where: Span
) -> None:
    parts = _Parts(builder, "create_agent", where)
    tools, form = _tools(given), _given(given, "response_format")
    wrapping = {what: [x.name for x in around if what in x.wraps] for what in WRAPPERS}
    if form is None:
        asking = _asking("ask_repaired", given, parts, where)
    elif isinstance(form, ClassValue):
        asking = parts.unread("its answers have a form")
    else:
        # whether the form is told as a tool decides about the edges
        _whole(builder, "create_agent", where)
        return
    if wrapping["wrap_model_call"]:
        asking = parts.unread(f"{wrapping['wrap_model_call'][0]!r} is around its model")
    parts.node("model", asking)
    steps = _Steps(parts, around)
    has_tools = _has_tools(given) or bool(wrapping["wrap_tool_call"])
    if has_tools:
        running: Value = parts.unread("its ToolNode has options of its own")
        options = _options(given)
        if wrapping["wrap_tool_call"]:
            running = parts.unread(f"{wrapping['wrap_tool_call'][0]!r} is around its tools")
        elif options is not None:
            errors: dict[str, object] = {"ERRORS": options.errors}
            objects: dict[str, Value] = {"TOOLS": NodeToolsValue(tools)}
            running = PartValue("run_sent_tools", errors, parts.what, where, objects)
        parts.node("tools", running, bare(LibraryValue("Any"), builder.scope.module, where))
    steps.nodes()
    first, last, end = steps.first, steps.last, steps.end
    ends: dict[str, object] = {"FIRST": first, "OTHERWISE": end}
    parts.edge(START, steps.entry)
    if has_tools:
        names, ending = agent_tools.names(tools), agent_tools.ending(tools)
        if form is not None:
            parts.branch("tools", "tools_to_model", [first, end])
        elif not ending:
            parts.branch("tools", "tools_to_model", [first], "back_to_model", ends)
        else:
            told = ends | {"NAMES": names, "ENDING": ending}
            router = None if names is None else "back_unless_all_end"
            parts.branch("tools", "tools_to_model", [first, end], router, told)
        paths = ["tools", end]
        if form is not None or last != "model" or wrapping["wrap_model_call"]:
            paths.append(first)
        router = "to_pending_tools" if form is None else None
        parts.branch(last, "model_to_tools", paths, router, ends)
    elif form is not None:
        parts.branch(last, "model_to_model", [first, end])
    elif last == "model":
        parts.edge(last, end)
    else:
        steps.go_on("after_model", 0, end)
    steps.edges()


class _Steps:
    """The nodes of middleware, in the order in which an agent comes to them."""

    def __init__(self, parts: _Parts, around: list[Middleware]) -> None:
        self._parts = parts
        self._around = around
        self._of = {hook: [x for x in around if hook in x.hooks] for hook in HOOKS}
        before, after = self._names("before_model"), self._names("after_model")
        self.first = before[0] if before else "model"
        """Where each round begins."""
        self.last = after[0] if after else "model"
        """Where each round ends: what comes after the model comes in reverse."""
        self.entry = next(iter(self._names("before_agent")), self.first)
        self.end = self._names("after_agent")[-1] if self._of["after_agent"] else END

    def _names(self, hook: str) -> list[str]:
        return [f"{item.name}.{hook}" for item in self._of[hook]]

    def nodes(self) -> None:
        """Add the nodes."""
        for item in self._around:
            for hook, found in item.hooks.items():
                self._parts.node(f"{item.name}.{hook}", found.action)

    def edges(self) -> None:
        """Add the edges between nodes of middleware, and to what comes after them."""
        for hook, after in (("before_agent", self.first), ("before_model", "model")):
            names = self._names(hook)
            for place in range(len(names)):
                self.go_on(hook, place, (*names, after)[place + 1])
        for hook in ("after_model", "after_agent"):
            names = self._names(hook)
            if hook == "after_model" and names:
                self._parts.edge("model", names[-1])
            for place in range(len(names) - 1, 0, -1):
                self.go_on(hook, place, names[place - 1])
        if self._of["after_agent"]:
            self.go_on("after_agent", 0, END)

    def go_on(self, hook: str, place: int, to: str) -> None:
        """The edge from a middleware's node to another, or to where the hook says it may go."""
        name = self._names(hook)[place]
        jumps = self._of[hook][place].hooks[hook].jumps
        if not jumps:
            self._parts.edge(name, to)
            return
        paths = [to]
        paths += [self.end] if "end" in jumps else []
        paths += ["tools"] if "tools" in jumps else []
        paths += [self.first] if "model" in jumps and name != self.first else []
        told: dict[str, object] = {"FIRST": self.first, "OTHERWISE": self.end, "NEXT": to}
        self._parts.branch(name, "jump_edge", list(dict.fromkeys(paths)), "jump", told)


def _given(given: dict[str, Value], name: str) -> Value | None:
    value = given.get(name)
    return None if value is None or _is_none(value) else value


def _has_tools(given: dict[str, Value]) -> bool:
    tools = _given(given, "tools")
    return tools is not None and not agent_tools.are_none(tools)


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _tool_call(builder: Builder, where: Span) -> ClassValue:
    """What a `Send` to the tools carries: one call, and the state around it."""
    anything = LibraryValue("Any")
    module = builder.scope.module
    return ClassValue(
        "ToolCallWithContext",
        "langgraph.prebuilt.tool_node.ToolCallWithContext",
        module,
        "typed_dict",
        [LibraryValue("TypedDict")],
        [
            FieldValue(name, anything, None, None, where)
            for name in ("__type", "tool_call", "state")
        ],
        Scope(module, "class", "ToolCallWithContext", Scope(module, "module", "", None)),
        None,
        where,
    )


def library_state(name: str, run: "Interpreter", scope: Scope, where: Span) -> ClassValue | None:
    """A state class of the libraries, with its fields."""
    fields = _LIBRARYSTATES.get(name)
    if fields is None:
        return None
    messages = Subscripted(
        LibraryValue("Annotated"),
        [
            Subscripted(
                LibraryValue("builtins.list"), [LibraryValue("langchain_core.messages.AnyMessage")]
            ),
            LibraryValue("add_messages"),
        ],
    )
    known: dict[str, Value] = {"messages": messages}
    optional = Subscripted(LibraryValue("NotRequired"), [LibraryValue("Any")])
    if name == STATES["create_agent"]:
        known["jump_to"] = _optional("langgraph.channels.EphemeralValue", "PrivateStateAttr")
        known["structured_response"] = _optional("OmitFromInput")
    return ClassValue(
        name.rpartition(".")[2],
        name,
        scope.module,
        "typed_dict",
        [LibraryValue("TypedDict")],
        [FieldValue(item, known.get(item, optional), None, None, where) for item in fields],
        Scope(scope.module, "class", name, Scope(scope.module, "module", "", None)),
        None,
        where,
    )


def _optional(*marks: str) -> Value:
    """The annotation of a key that may be lacking, with what is said of it besides."""
    said = Subscripted(LibraryValue("Annotated"), [LibraryValue("Any"), *map(LibraryValue, marks)])
    return Subscripted(LibraryValue("NotRequired"), [said])


_LIBRARYSTATES: dict[str, tuple[str, ...]] = {
    "MessagesState": ("messages",),
    "langgraph.prebuilt.AgentState": ("messages",),
    "langgraph.prebuilt.AgentStateWithStructuredResponse": ("messages", "structured_response"),
    "langchain.agents.AgentState": ("messages", "jump_to", "structured_response"),
    "deepagents.DeepAgentState": ("messages", "todos", "files", "structured_response"),
    "langgraph_supervisor.supervisor._OuterState": ("messages",),
    "langgraph_swarm.SwarmState": ("messages", "active_agent"),
    "copilotkit.CopilotKitState": ("messages", "copilotkit"),
}
