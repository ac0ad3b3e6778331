"""Builds a graph whose nodes read and update a shared state."""

import dataclasses
import inspect
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import (
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    Self,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from langferry.graph.bodies import Body, make_body, runs_async
from langferry.graph.branches import Branch, PathMap, make_branch
from langferry.graph.channels import Channel
from langferry.graph.compiled import CompiledStateGraph
from langferry.graph.constants import END, NS_END, NS_SEP, START
from langferry.graph.errors import Unsupported
from langferry.graph.functions import call_method, first_parameter, hints, is_plain
from langferry.graph.managed import Managed
from langferry.graph.policies import NO_POLICIES, Policies, as_policies
from langferry.graph.schema import Schema, has_fields, read_schema
from langferry.graph.timing import TimeoutPolicy, sync_timeout_unsupported
from langferry.graph.types import Command

logger = logging.getLogger(__name__)

StateT = TypeVar("StateT")
_DEFAULT_HANDLER: Final = "__default_error_handler__"


# not frozen, which would take three times as long to make
@dataclasses.dataclass(slots=True, eq=False)
class Node:
    """A node as it was added."""

    body: Body
    action: Any
    input_schema: Any
    metadata: dict[str, Any] | None = None
    ends: tuple[str, ...] | dict[str, str] = ()
    defer: bool = False
    policies: Policies = NO_POLICIES
    trace_policy: Any = None
    error_handler_node: str | None = None
    is_error_handler: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Defaults:
    """The policies of nodes that have none of their own."""

    retry: Sequence[Any] | None = None
    timeout: TimeoutPolicy | None = None
    cache: Any = None
    error_handler: Any = None


_NO_DEFAULTS: Final = _Defaults()


class StateGraph(Generic[StateT]):
    """A graph under construction; `compile()` makes it runnable.

    Raises (in every adding method):
        ValueError: For names that are taken, reserved or unknown.
        Unsupported: With a code, for what this version does not do.
    """

    compiled_type: ClassVar[type[CompiledStateGraph]] = CompiledStateGraph
    node_type: ClassVar[type[Node]] = Node

    def __init__(
        self,
        state_schema: Any,
        context_schema: Any = None,
        *,
        input_schema: Any = None,
        output_schema: Any = None,
    ) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: set[tuple[str, str]] = set()
        self.waiting_edges: set[tuple[tuple[str, ...], str]] = set()
        self.branches: defaultdict[str, dict[str, Branch]] = defaultdict(dict)
        self.schemas: dict[Any, Schema] = {}
        self.channels: dict[str, Channel] = {}
        self.managed: dict[str, Managed] = {}
        self.compiled = False
        self._defaults = _NO_DEFAULTS
        self.state_schema = state_schema
        self.context_schema = context_schema
        self.input_schema = input_schema or state_schema
        self.output_schema = output_schema or state_schema
        self._add_schema(self.state_schema)
        self._add_schema(self.input_schema, allow_managed=False)
        self._add_schema(self.output_schema, allow_managed=False)

    def add_node(
        self,
        node: str | Callable[..., Any] | Any,
        action: Callable[..., Any] | Any = None,
        *,
        defer: bool = False,
        metadata: dict[str, Any] | None = None,
        input_schema: Any = None,
        retry_policy: Any = None,
        cache_policy: Any = None,
        error_handler: Any = None,
        destinations: dict[str, str] | tuple[str, ...] | None = None,
        timeout: Any = None,
        trace_policy: Any = None,
    ) -> Self:
        """Add a node: a function, callable object, runnable or compiled graph."""
        policies = NO_POLICIES
        if retry_policy is not None or timeout is not None or cache_policy is not None:
            limit = TimeoutPolicy.coerce(timeout)
            policies = Policies(as_policies(retry_policy), limit, cache_policy)
        if isinstance(node, str):
            name = node
        else:
            action = node
            name = self._node_name(action)
        self._warn_if_compiled("a node")
        if action is None:
            raise RuntimeError
        if name in self.nodes:
            raise ValueError(f"Node `{name}` already present.")
        if name in (END, START):
            raise ValueError(f"Node `{name}` is reserved.")
        for character in (NS_SEP, NS_END):
            if character in name:
                raise ValueError(
                    f"'{character}' is a reserved character and is not allowed in the node names."
                )
        inferred_schema, ends = _read_signature(action)
        schema = input_schema or inferred_schema
        handler = None
        if error_handler is not None:
            handler = f"__error_handler__{name}"
            if handler in self.nodes:
                raise ValueError(f"Auto-generated error handler node `{handler}` already exists.")
            self._add_error_handler(handler, error_handler, schema or self.state_schema)
        self.nodes[name] = self.node_type(
            body=self._body(action, name),
            action=action,
            input_schema=schema or self.state_schema,
            metadata=metadata,
            ends=ends if destinations is None else destinations,
            defer=defer,
            policies=policies,
            trace_policy=trace_policy,
            error_handler_node=handler,
        )
        if schema is not None:
            self._add_schema(schema)
        return self

    def set_node_defaults(
        self,
        *,
        retry_policy: Any = None,
        cache_policy: Any = None,
        error_handler: Any = None,
        timeout: Any = None,
    ) -> Self:
        """Set the policies of nodes that have none of their own.

        Retry policies and timeouts are for error handlers, too.
        """
        known, retry = self._defaults, as_policies(retry_policy)
        limit = TimeoutPolicy.coerce(timeout)
        self._defaults = _Defaults(
            retry=known.retry if retry is None else retry,
            timeout=known.timeout if limit is None else limit,
            cache=known.cache if cache_policy is None else cache_policy,
            error_handler=known.error_handler if error_handler is None else error_handler,
        )
        return self

    def add_edge(self, start_key: str | Sequence[str], end_key: str) -> Self:
        """Lead from one node to another, or from several nodes once all have run."""
        self._warn_if_compiled("an edge")
        if isinstance(start_key, str):
            if start_key == END:
                raise ValueError("END cannot be a start node")
            if end_key == START:
                raise ValueError("START cannot be an end node")
            self.edges.add((start_key, end_key))
            return self
        for start in start_key:
            if start == END:
                raise ValueError("END cannot be a start node")
            if start not in self.nodes:
                raise ValueError(f"Need to add_node `{start}` first")
        if end_key == START:
            raise ValueError("START cannot be an end node")
        if end_key != END and end_key not in self.nodes:
            raise ValueError(f"Need to add_node `{end_key}` first")
        self.waiting_edges.add((tuple(start_key), end_key))
        return self

    def add_conditional_edges(
        self, source: str, path: Callable[..., Any] | Any, path_map: PathMap = None
    ) -> Self:
        """Let `path` decide, once `source` has run, where to go."""
        self._warn_if_compiled("an edge")
        body = self._body(path, None)
        name = body.name or "condition"
        if name in self.branches[source]:
            raise ValueError(f"Branch with name `{body.name}` already exists for node `{source}`")
        branch = make_branch(body, path_map)
        self.branches[source][name] = branch
        if branch.input_schema is not None:
            self._add_schema(branch.input_schema)
        return self

    def add_sequence(self, nodes: Sequence[Any]) -> Self:
        """Add nodes, or pairs of name and node, and the edges between them."""
        if len(nodes) < 1:
            raise ValueError("Sequence requires at least one node.")
        previous: str | None = None
        for node in nodes:
            if isinstance(node, tuple) and len(node) == 2:
                name, node = node
            else:
                name = getattr(node, "__name__", node.__class__.__name__)
            if name in self.nodes:
                raise ValueError(
                    f"Node names must be unique: node with the name '{name}' already exists. "
                    "If you need to use two different runnables/callables with the same name "
                    "(for example, using `lambda`), please provide them as tuples "
                    "(name, runnable/callable)."
                )
            self.add_node(name, node)
            if previous is not None:
                self.add_edge(previous, name)
            previous = name
        return self

    def set_entry_point(self, key: str) -> Self:
        """Start with this node."""
        return self.add_edge(START, key)

    def set_conditional_entry_point(self, path: Any, path_map: PathMap = None) -> Self:
        """Let `path` decide where to start."""
        return self.add_conditional_edges(START, path, path_map)

    def set_finish_point(self, key: str) -> Self:
        """End after this node."""
        return self.add_edge(key, END)

    def validate(self, interrupt: Sequence[str] | None = None) -> Self:
        """Check that all edges lead from and to nodes there are."""
        edges = self.edges | {(s, end) for starts, end in self.waiting_edges for s in starts}
        sources = {start for start, _ in edges} | set(self.branches)
        sources.update(name for name, node in self.nodes.items() if node.ends)
        for source in sources:
            if source not in self.nodes and source != START:
                raise ValueError(f"Found edge starting at unknown node '{source}'")
        if START not in sources:
            raise ValueError(
                "Graph must have an entrypoint: add at least one edge from START to another node"
            )
        targets = {end for _, end in edges}
        for start, branches in self.branches.items():
            for name, branch in branches.items():
                for end in (branch.ends or {}).values():
                    if end not in self.nodes and end != END:
                        raise ValueError(
                            f"At '{start}' node, '{name}' branch found unknown target '{end}'"
                        )
        for node in self.nodes.values():
            targets.update(node.ends)
        for target in targets:
            if target not in self.nodes and target != END:
                raise ValueError(f"Found edge ending at unknown node `{target}`")
        for name in interrupt or ():
            if name not in self.nodes:
                raise ValueError(f"Interrupt node `{name}` not found")
        self.compiled = True
        return self

    def compile(
        self,
        checkpointer: Any = None,
        *,
        cache: Any = None,
        store: Any = None,
        interrupt_before: Literal["*"] | list[str] | None = None,
        interrupt_after: Literal["*"] | list[str] | None = None,
        debug: bool = False,
        name: str | None = None,
        transformers: Any = None,
    ) -> Any:
        """Make the graph runnable."""
        if transformers is not None:
            raise Unsupported("LF408", "compile(transformers=...) is not supported yet")
        before, after = interrupt_before or (), interrupt_after or ()
        self.validate([name for stops in (before, after) if stops != "*" for name in stops])
        self._apply_defaults()
        return self.compiled_type(
            builder=self,
            checkpointer=checkpointer,
            cache=cache,
            store=store,
            name=name or "LangGraph",
            interrupt_before=before,
            interrupt_after=after,
            debug=debug,
        )

    def _add_error_handler(self, name: str, action: Any, schema: Any) -> None:
        self.nodes[name] = self.node_type(
            body=self._body(action, name),
            action=action,
            input_schema=schema,
            is_error_handler=True,
        )

    def _apply_defaults(self) -> None:
        """Gives nodes without policies of their own the default ones; handlers are not handled."""
        defaults = self._defaults
        if defaults.error_handler is not None:
            known = self.nodes.get(_DEFAULT_HANDLER)
            if known is None:
                self._add_error_handler(_DEFAULT_HANDLER, defaults.error_handler, self.state_schema)
            elif not known.is_error_handler:
                raise ValueError(
                    f"Auto-generated default error handler node `{_DEFAULT_HANDLER}` "
                    "already exists."
                )
        if defaults is _NO_DEFAULTS and not any(n.policies.timeout for n in self.nodes.values()):
            return
        for name, node in self.nodes.items():
            own = node.policies
            policies = Policies(
                defaults.retry if own.retry is None else own.retry,
                defaults.timeout if own.timeout is None else own.timeout,
                defaults.cache if own.cache is None and not node.is_error_handler else own.cache,
            )
            if policies.timeout is not None and not self._runs_async(node.action):
                raise sync_timeout_unsupported(name)
            handler = node.error_handler_node
            if handler is None and defaults.error_handler is not None and not node.is_error_handler:
                handler = _DEFAULT_HANDLER
            self.nodes[name] = dataclasses.replace(
                node, policies=policies, error_handler_node=handler
            )

    def _runs_async(self, action: Any) -> bool:
        return runs_async(action)

    def _body(self, action: Any, name: str | None) -> Body:
        return make_body(action, name)

    def _node_name(self, action: Any) -> str:
        name: str = getattr(action, "__name__", action.__class__.__name__)
        return name

    def _warn_if_compiled(self, what: str) -> None:
        if self.compiled:
            logger.warning(
                f"Adding {what} to a graph that has already been compiled. This will "
                "not be reflected in the compiled graph."
            )

    def _add_schema(self, schema: Any, *, allow_managed: bool = True) -> None:
        if schema in self.schemas:
            return
        read = read_schema(schema)
        if read.managed and not allow_managed:
            raise ValueError(
                "Invalid managed channels detected in "
                f"{getattr(schema, '__name__', '')}: {', '.join(read.managed)}."
                " Managed channels are not permitted in Input/Output schema."
            )
        self.schemas[schema] = read
        for key, channel in read.channels.items():
            known = self.channels.setdefault(key, channel)
            if not known.same_kind(channel) and channel.reducer is not None:
                raise ValueError(f"Channel '{key}' already exists with a different type")
        for key, managed in read.managed.items():
            if self.managed.setdefault(key, managed) is not managed:
                raise ValueError(f"Managed value '{key}' already exists with a different type")


def _read_signature(action: Any) -> tuple[Any, tuple[str, ...]]:
    """The input schema and the Command destinations a node's annotations declare."""
    method = None if is_plain(action) else call_method(action)
    if not (inspect.isfunction(action) or inspect.ismethod(action) or inspect.ismethod(method)):
        return None, ()
    schema = None
    ends: tuple[str, ...] = ()
    try:
        declared = (hints(method) if method is not None else None) or hints(action)
        parameter = first_parameter(action) if declared else None
        if parameter is not None:
            first = declared.get(parameter)
            if first and has_fields(first):
                schema = first
            ends = _command_ends(declared.get("return"))
    except (NameError, TypeError):
        pass
    return schema, ends


def _command_ends(returned: Any) -> tuple[str, ...]:
    if returned is None:
        return ()
    if get_origin(returned) is Union:
        for option in get_args(returned):
            if _is_command_type(option):
                returned = option
                break
    args = get_args(returned) if _is_command_type(returned) else ()
    if args and get_origin(args[0]) is Literal:
        return get_args(args[0])
    return ()


def _is_command_type(annotation: Any) -> bool:
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Command)
