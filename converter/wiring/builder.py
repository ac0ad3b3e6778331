"""StateGraph builders and compiled graphs: what each builder method does, as LangGraph does it."""

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from langferry.converter.wiring import channels, instances
from langferry.converter.wiring.graphs import (
    BranchSpec,
    Builder,
    Compiled,
    EdgeSpec,
    NodeSpec,
    Written,
)
from langferry.converter.wiring.library import is_library, resolve
from langferry.converter.wiring.schemas import (
    as_class,
    function_hints,
    is_schema,
)
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    ListValue,
    PartialValue,
    RunnableValue,
    SaverValue,
    Scope,
    StoreValue,
    Subscripted,
    SuperValue,
    TupleValue,
    UnionValue,
    Unknown,
    Value,
    is_plain,
    plain,
)
from langferry.converter.wiring.whole import bare_schema
from langferry.diagnostics import Span

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

START, END = "__start__", "__end__"


def create(
    run: "Interpreter",
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """`StateGraph(...)`."""
    where = scope.module.span(node)
    given = dict(zip(("state_schema", "context_schema"), args, strict=False)) | keywords

    def schema(value: Value) -> Value:
        return bare_schema(run, as_class(run, value, scope.module, where), scope.module, where)

    def given_schema(*names: str) -> Value:
        for name in names:
            value = given.get(name)
            if value is not None and not (isinstance(value, Const) and value.value is None):
                return schema(value)
        return state

    state = schema(given.get("state_schema", Const(None)))

    made = Builder(
        state,
        given_schema("input_schema", "input"),
        given_schema("output_schema", "output"),
        scope,
        where,
    )
    made.made_at = run.now()
    known = {"state_schema", "input_schema", "input", "output_schema", "output"}
    # what a run is given besides its input reaches only functions that stay Python
    known |= {"context_schema", "config_schema"}
    if "state_schema" not in given or len(args) > 2:
        made.refuse("LF206", "StateGraph needs a state schema", where)
    for name in given.keys() - known:
        if _is_none(given[name]):
            continue
        made.warn("LF221", f"StateGraph's {name!r} is not carried over", where)
    for value in (made.state, made.input, made.output):
        channels.add_schema(run, made, value, where)
    return made


def messages_alone() -> Value:
    """The schema of a `MessageGraph`, whose state is a list of messages: `Annotated[list[AnyMessage], add_messages]`."""
    messages = Subscripted(LibraryValue("builtins.list"), [resolve(_ANY_MESSAGE)])
    return Subscripted(LibraryValue("Annotated"), [messages, LibraryValue("add_messages")])


_ANY_MESSAGE = "langchain_core.messages.AnyMessage"


def method(
    run: "Interpreter",
    builder: Builder,
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """`builder.name(...)`."""
    where = scope.module.span(node)
    if name == "compile":
        return register(run, _compile(builder, args, keywords, where))
    if name == "validate":
        return builder
    if name not in _METHODS:
        builder.refuse("LF221", f"StateGraph.{name} is not carried over yet", where)
        return builder
    why = run.doubts(builder.made_at)
    if why is not None:
        builder.unknown = builder.unknown or Unknown(
            f"whether {name} runs is not known: {why.reason}", where
        )
        return builder
    parameters = _METHODS[name]
    if len(args) > len(parameters):
        builder.refuse("LF206", f"{name} takes at most {len(parameters)} arguments", where)
        return builder
    given = dict(zip(parameters, args, strict=False)) | keywords
    Call(run, builder, given, where, _written(node, scope)).run_method(name)
    return builder


def register(run: "Interpreter", compiled: Compiled) -> Compiled:
    """Note where a graph came from, so that it can be found again."""
    compiled.place = run.place
    compiled.ordinal = sum(_is_within(other.span, compiled.span) for other in run.graphs)
    run.graphs.append(compiled)
    return compiled


def _is_within(inner: Span, outer: Span) -> bool:
    """Whether what is compiled at `inner` stands at lines of `outer`, as all that Python tells is the line."""
    lines = outer.line <= inner.line and inner.end_line <= outer.end_line
    return inner.file == outer.file and lines


def _written(node: ast.AST, scope: Scope) -> dict[str, Written]:
    """The arguments of a call of `add_node` or `add_conditional_edges` as they stand there."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return {}
    parameters = _METHODS.get(node.func.attr, ())
    if any(isinstance(item, ast.Starred) for item in node.args):
        return {}
    given = dict(zip(parameters, node.args, strict=False))
    given.update((item.arg, item.value) for item in node.keywords if item.arg is not None)
    return {name: Written(expression, scope) for name, expression in given.items()}


_METHODS = {
    "add_node": ("node", "action"),
    "add_edge": ("start_key", "end_key"),
    "add_conditional_edges": ("source", "path", "path_map"),
    "add_sequence": ("nodes",),
    "set_entry_point": ("key",),
    "set_finish_point": ("key",),
    "set_conditional_entry_point": ("path", "path_map"),
}

_NODE_OPTIONS = {"node", "action", "defer", "input_schema", "input", "destinations"}
_IGNORED_NODE_OPTIONS = {"metadata", "trace_policy"}


class Call:
    """One call of a builder method with its arguments by name."""

    def __init__(
        self,
        run: "Interpreter",
        builder: Builder,
        given: dict[str, Value],
        where: Span,
        written: dict[str, Written] | None = None,
    ) -> None:
        self._run = run
        self._builder = builder
        self._given = given
        self._where = where
        self._written = written or {}

    def run_method(self, name: str) -> None:
        """Do what the method of that name does."""
        match name:
            case "add_node":
                self._add_node()
            case "add_edge":
                self._add_edge(self._given.get("start_key"), self._given.get("end_key"))
            case "set_entry_point":
                self._add_edge(Const(START), self._given.get("key"))
            case "set_finish_point":
                self._add_edge(self._given.get("key"), Const(END))
            case "add_sequence":
                self._add_sequence()
            case "add_conditional_edges":
                self._add_branch(self._given.get("source"))
            case "set_conditional_entry_point":
                self._add_branch(Const(START))

    def _text(self, value: Value | None, what: str) -> str | None:
        """A string argument; notes why when it is not one."""
        if isinstance(value, Const) and isinstance(value.value, str):
            return value.value
        if isinstance(value, InstanceValue) and value.cls.kind == "enum":
            # a member of an enum of strings is a string
            return self._text(value.names.get("value"), what)
        if value is None:
            self._builder.refuse("LF206", f"{what} is missing", self._where)
        elif is_plain(value) or isinstance(value, FunctionValue | ClassValue):
            self._builder.refuse("LF206", f"{what} is not a string", self._where)
        else:
            self._not_known(value, what)
        return None

    def _not_known(self, value: Value, what: str) -> None:
        reason = f": {value.reason}" if isinstance(value, Unknown) else ""
        if isinstance(value, Unknown) and value.span.file:
            reason += f" ({value.span})"
        self._builder.refuse("LF201", f"{what} is not known{reason}", self._where)

    def _add_node(self) -> None:
        given, builder = self._given, self._builder
        first, action = given.get("node"), given.get("action")
        written = self._written.get("action")
        if isinstance(first, InstanceValue) and first.cls.kind == "enum":
            first = first.names.get("value")
        if isinstance(first, Const) and isinstance(first.value, str):
            name: str | None = first.value
        elif action is not None and first is not None and not is_plain(first):
            self._not_known(first, "the node's name")
            return
        elif first is None or isinstance(first, Const):
            builder.refuse("LF206", "add_node needs a name or a function", self._where)
            return
        else:
            action, written = first, self._written.get("node")
            name = self._default_name(action)
        if name is None:
            return
        if action is None or _is_none(action):
            builder.refuse("LF206", f"node {name!r} has no function", self._where)
            return
        if not self._can_be_node(action, name):
            return
        for option in given.keys() - _NODE_OPTIONS - _IGNORED_NODE_OPTIONS:
            if not _is_none(given[option]):
                builder.warn(
                    "LF221", f"option {option!r} of node {name!r} is not carried over", self._where
                )
        if not self._name_is_free(name):
            return
        defer = given.get("defer", Const(False))
        if not (isinstance(defer, Const) and isinstance(defer.value, bool)):
            self._not_known(defer, f"whether node {name!r} is deferred")
            return
        schema = self._explicit_schema()
        inferred, ends = self._infer_node(action, schema is None)
        destinations = given.get("destinations")
        if destinations is not None and not _is_none(destinations):
            if not is_plain(destinations):
                self._not_known(destinations, f"the destinations of node {name!r}")
                return
            ends = tuple(str(item) for item in plain(destinations))
        chosen = schema or inferred
        builder.nodes[name] = NodeSpec(
            name, action, chosen or builder.state, defer.value, ends, self._where, written
        )
        if chosen is not None:
            channels.add_schema(self._run, builder, chosen, self._where)

    def _can_be_node(self, action: Value, name: str) -> bool:
        # whatever else it is, it stays Python
        if isinstance(action, Builder) or is_plain(action):
            self._builder.refuse("LF220", f"{_kind(action)} cannot be a node", self._where)
            return False
        return True

    def _explicit_schema(self) -> Value | None:
        for option in ("input_schema", "input"):
            value = self._given.get(option)
            if value is not None and not _is_none(value):
                return as_class(self._run, value, self._builder.scope.module, self._where)
        return None

    def _name_is_free(self, name: str) -> bool:
        builder = self._builder
        if name in builder.nodes:
            builder.refuse("LF204", f"node {name!r} is already there", self._where)
        elif name in (START, END) or name in channels.RESERVED:
            builder.refuse("LF205", f"the node name {name!r} is reserved", self._where)
        elif any(character in name for character in "|:"):
            builder.refuse("LF205", f"the node name {name!r} contains '|' or ':'", self._where)
        else:
            return True
        return False

    def _default_name(self, action: Value, sequence: bool = False) -> str | None:
        match action:
            case FunctionValue():
                return action.name
            case PartialValue():
                return "partial"
            case RunnableValue(is_lambda=True):
                return "RunnableLambda" if sequence else action.name
            case RunnableValue():
                return "RunnableCallable" if sequence else (action.name or "RunnableCallable")
            case Compiled():
                return "CompiledStateGraph" if sequence else (action.name or "LangGraph")
            case BoundMethod():
                return action.name
            case InstanceValue():
                return action.cls.name
            case Unknown() if action.wraps is not None:
                return action.wraps.name
            case Unknown(made=("langgraph.prebuilt.ToolNode", None, given)):
                name = given.get("name", Const("tools"))
                if sequence or (isinstance(name, Const) and isinstance(name.value, str)):
                    return "ToolNode" if sequence else str(plain(name))
        if isinstance(action, Unknown):
            self._not_known(action, "the node")
        else:
            self._builder.refuse("LF220", f"{_kind(action)} cannot be a node yet", self._where)
        return None

    def _infer_node(self, action: Value, infer: bool) -> tuple[Value | None, tuple[str, ...]]:
        found = _behind(action)
        if found is None:
            return None, ()
        action, skipped = found
        hints = function_hints(self._run, action)
        if isinstance(hints, Unknown):
            # LangGraph ignores annotations it cannot resolve
            return None, ()
        inferred: Value | None = None
        parameters = _parameter_names(action)[skipped:]
        if infer and not parameters and hints:
            return None, ()
        if infer and parameters and parameters[0] in hints:
            inferred = self._schema_or_none(hints[parameters[0]], action)
        return inferred, _command_targets(hints.get("return"))

    def _schema_or_none(self, hint: Value, function: FunctionValue) -> Value | None:
        found = is_schema(self._run, hint)
        if isinstance(found, Unknown):
            if found.undefined is None:
                self._builder.refuse(
                    "LF210",
                    f"whether the first parameter of {function.name!r} is a schema"
                    f" is not known: {found.reason}",
                    self._where,
                )
            return None
        return hint if found else None

    def _add_edge(self, start: Value | None, end: Value | None) -> None:
        builder = self._builder
        target = self._text(end, "the edge's end")
        if target is None:
            return
        if isinstance(start, ListValue | TupleValue):
            if isinstance(start, ListValue) and start.unknown is not None:
                self._not_known(start.unknown, "the edge's start")
                return
            sources = [self._text(item, "the edge's start") for item in start.items]
            known = tuple(source for source in sources if source is not None)
            if len(known) == len(sources):
                self._join(known, target)
            return
        source = self._text(start, "the edge's start")
        if source is None:
            return
        if source == END:
            builder.refuse(
                "LF202", "the end of the graph cannot be the start of an edge", self._where
            )
        elif target == START:
            builder.refuse(
                "LF202", "the start of the graph cannot be the end of an edge", self._where
            )
        elif not any(
            e.sources == (source,) and e.target == target and not e.joined for e in builder.edges
        ):
            builder.edges.append(EdgeSpec((source,), target, False, self._where))

    def _join(self, sources: tuple[str, ...], target: str) -> None:
        builder = self._builder
        for name in (*sources, target):
            ending = name == target and target == END
            if name not in builder.nodes and not ending:
                builder.refuse(
                    "LF202", f"a joining edge names {name!r} before it is added", self._where
                )
                return
        if not any(e.sources == sources and e.target == target and e.joined for e in builder.edges):
            builder.edges.append(EdgeSpec(sources, target, True, self._where))

    def _add_sequence(self) -> None:
        builder = self._builder
        nodes = self._given.get("nodes")
        if not isinstance(nodes, ListValue | TupleValue) or getattr(nodes, "unknown", None):
            self._not_known(nodes or Const(None), "the sequence of nodes")
            return
        if not nodes.items:
            builder.refuse("LF206", "a sequence needs at least one node", self._where)
        previous: str | None = None
        for item in nodes.items:
            if isinstance(item, TupleValue) and len(item.items) == 2:
                name, action = self._text(item.items[0], "the node's name"), item.items[1]
            else:
                name, action = self._default_name(item, sequence=True), item
            if name is None:
                return
            Call(
                self._run, builder, {"node": Const(name), "action": action}, self._where
            ).run_method("add_node")
            if previous is not None:
                self._add_edge(Const(previous), Const(name))
            previous = name

    def _add_branch(self, start: Value | None) -> None:
        builder, path = self._builder, self._given.get("path")
        skipped = 0
        source = self._text(start, "the branch's source")
        if source is None:
            return
        match path:
            case FunctionValue():
                name = "condition" if path.name == "<lambda>" else path.name
                function: FunctionValue | None = path
            case PartialValue():
                name, function = "condition", None
            case RunnableValue():
                name = path.name or "condition"
                inner = path.function or path.coroutine
                function = inner if isinstance(inner, FunctionValue) else None
            case None:
                builder.refuse("LF206", "a conditional edge needs a function", self._where)
                return
            case _ if is_plain(path) or isinstance(path, Builder):
                builder.refuse("LF220", f"{_kind(path)} cannot be a router", self._where)
                return
            case LibraryValue("langgraph.prebuilt.tools_condition"):
                name, function = "tools_condition", None
            case _:
                found = _behind(path)
                function = None if found is None else found[0]
                skipped = 0 if found is None else found[1]
                name = "condition" if function is None else function.name
        if any(branch.source == source and branch.name == name for branch in builder.branches):
            builder.refuse("LF204", f"node {source!r} already has a branch {name!r}", self._where)
            return
        given = self._given.get("path_map", Const(None))
        path_map = self._path_map(given, source)
        if isinstance(path_map, Unknown):
            return
        listed = not isinstance(given, DictValue)
        schema: Value | None = None
        hints = {} if function is None else function_hints(self._run, function)
        if isinstance(hints, Unknown):
            builder.refuse(
                "LF206",
                f"an annotation of {name!r} cannot be resolved: {hints.reason}",
                self._where,
            )
            return
        if path_map is None and not isinstance(given, DictValue | ListValue):
            if is_library(path, "langgraph.prebuilt.tools_condition"):
                path_map = {"tools": "tools", END: END}
            else:
                path_map = _literal_map(hints.get("return"))
        parameters = [] if function is None else _parameter_names(function)[skipped:]
        if function is not None and parameters and parameters[0] in hints:
            schema = self._schema_or_none(hints[parameters[0]], function)
        builder.branches.append(
            BranchSpec(
                source,
                name,
                path,
                path_map,
                listed,
                schema,
                self._where,
                self._written.get("path"),
            )
        )
        if schema is not None:
            channels.add_schema(self._run, builder, schema, self._where)

    def _path_map(self, given: Value, source: str) -> dict[object, str] | Unknown | None:
        what = f"the path map after {source!r}"
        match given:
            case DictValue(pairs, None):
                items = {key: self._text(value, what) for key, value in pairs.items()}
            case ListValue(names, None):
                texts = [self._text(value, what) for value in names]
                items = {text: text for text in texts}
            case Const(None) | TupleValue():
                return None
            case _:
                self._not_known(given, what)
                return given if isinstance(given, Unknown) else Unknown("", self._where)
        if None in items.values():
            return Unknown("", self._where)
        return {key: value for key, value in items.items() if value is not None}


def _compile(
    builder: Builder, args: list[Value], keywords: dict[str, Value], where: Span
) -> Compiled:
    snapshot = replace(
        builder,
        nodes=dict(builder.nodes),
        edges=list(builder.edges),
        branches=list(builder.branches),
        schemas=list(builder.schemas),
        channels=dict(builder.channels),
        findings=list(builder.findings),
    )
    return finish(snapshot, dict(zip(("checkpointer",), args, strict=False)) | keywords, where)


def finish(snapshot: Builder, given: dict[str, Value], where: Span) -> Compiled:
    """The graph that `compile` makes of `snapshot` with the options in `given`."""
    for option in given.keys() - {
        "checkpointer", "interrupt_before", "interrupt_after", "name", "debug"
    }:  # fmt: skip
        if not _is_none(given[option]) and not isinstance(given[option], StoreValue):
            snapshot.warn("LF221", f"compile's {option!r} is not carried over", where)
    checkpointer: str | None = None
    inherits, keeps_state = True, False
    match given.get("checkpointer", Const(None)):
        case Const(None):
            pass
        case Const(False):
            inherits = False
        case SaverValue(kind):
            checkpointer = kind
        case LibraryValue(name):
            snapshot.refuse("LF222", f"{name} is not an instance of a checkpointer", where)
        case Const(True):
            keeps_state = True
            snapshot.warn("LF222", "this graph keeps nothing between its runs", where)
        case Unknown(reason):
            checkpointer = "memory"
            snapshot.warn("LF222", f"checkpoints are kept in memory only: {reason}", where)
        case _:
            checkpointer = "memory"
            snapshot.warn("LF222", "checkpoints are kept in memory only", where)
    interrupts = {}
    for option in ("interrupt_before", "interrupt_after"):
        value = given.get(option, Const(None))
        interrupts[option] = _interrupt_names(snapshot, option, value, where)
    label = given.get("name", Const(None))
    if not (isinstance(label, Const) and (label.value is None or isinstance(label.value, str))):
        # only what is shown of a run depends on it
        snapshot.warn("LF201", "the graph's name is not known", where)
        label = Const(None)
    return Compiled(
        snapshot,
        label.value if isinstance(label.value, str) else None,
        checkpointer,
        inherits,
        interrupts["interrupt_before"],
        interrupts["interrupt_after"],
        where,
        store=None if _is_none(given.get("store", Const(None))) else given["store"],
        keeps_state=keeps_state,
    )


def _interrupt_names(builder: Builder, option: str, value: Value, where: Span) -> tuple[str, ...]:
    if isinstance(value, Const) and value.value == "*":
        return tuple(builder.nodes)
    if is_plain(value):
        names = plain(value) or []
        if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
            for name in names:
                if name not in builder.nodes:
                    builder.refuse("LF202", f"{option} names the unknown node {name!r}", where)
            return tuple(name for name in names if name in builder.nodes)
    builder.refuse("LF201", f"{option} is not known", where)
    return ()


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _kind(value: Value | None) -> str:
    match value:
        case LibraryValue(name):
            return f"the library's {name}"
        case ClassValue(name=name):
            return f"the class {name!r}"
        case Builder():
            return "a StateGraph that is not compiled"
    return "such a value"


def _behind(action: Value) -> tuple[FunctionValue, int] | None:
    """The function whose annotations LangGraph reads, and how many parameters are filled before."""
    match action:
        case FunctionValue():
            return action, 0
        case Unknown() if action.wraps is not None:
            return action.wraps, 0
        case BoundMethod(InstanceValue() | SuperValue() as receiver, name):
            found = instances.bound(receiver, name)
            return None if found is None else (found[0], len(found[1]))
        case InstanceValue():
            called = instances.method(action.cls, "__call__")
            return None if called is None else (called, 1)
    return None


def _parameter_names(function: FunctionValue) -> list[str]:
    arguments = function.signature.node.args
    ordered = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg is not None:
        ordered.append(arguments.vararg)
    ordered.extend(arguments.kwonlyargs)
    if arguments.kwarg is not None:
        ordered.append(arguments.kwarg)
    return [item.arg for item in ordered]


def _command_targets(returns: Value | None) -> tuple[str, ...]:
    members = [returns] if returns is not None else []
    if isinstance(returns, UnionValue) and returns.typing:
        members = returns.members
    elif isinstance(returns, Subscripted) and is_library(returns.base, "Union", "Optional"):
        members = returns.arguments
    for member in members:
        if isinstance(member, Subscripted) and is_library(member.base, "Command"):
            inner = member.arguments[0] if member.arguments else None
            if isinstance(inner, Subscripted) and is_library(inner.base, "Literal"):
                return tuple(str(item.value) for item in inner.arguments if isinstance(item, Const))
            return ()
    return ()


def _literal_map(returns: Value | None) -> dict[object, str] | None:
    if isinstance(returns, Subscripted) and is_library(returns.base, "Literal"):
        names = [item.value for item in returns.arguments if isinstance(item, Const)]
        if len(names) == len(returns.arguments):
            return {name: str(name) for name in names}
    return None
