"""StateGraph builders and compiled graphs, as data."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from langferry.diagnostics import Diagnostic, Span, lookup

if TYPE_CHECKING:
    import ast

    from langferry.converter.project import SourceModule
    from langferry.converter.wiring.values import Scope, Unknown, Value


@dataclass(slots=True)
class Channel:
    """A channel; `reducer` is None for one that keeps the last value."""

    name: str
    reducer: "Value | None"
    typ: "Value"
    span: Span


@dataclass(frozen=True, slots=True)
class Written:
    """An argument as it is written: the expression and where it is evaluated."""

    expression: "ast.expr"
    scope: "Scope"


@dataclass(slots=True)
class NodeSpec:
    """A node as it was added; `ends` are the targets its annotation or call names."""

    name: str
    action: "Value"
    input: "Value"
    defer: bool
    ends: tuple[str, ...]
    span: Span
    written: Written | None = None
    is_sent: bool = False
    """Whether a library's router sends it its input, which is no state then."""


@dataclass(slots=True)
class EdgeSpec:
    """An edge; several sources when `joined`."""

    sources: tuple[str, ...]
    target: str
    joined: bool
    span: Span


@dataclass(slots=True)
class BranchSpec:
    """A conditional edge; `input` is None when it reads what its source node reads."""

    source: str
    name: str
    path: "Value"
    path_map: dict[object, str] | None
    listed: bool
    """Whether the map only names targets (a list or a `Literal`)."""
    input: "Value | None"
    span: Span
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """Why a graph runs as one node, and what that node is called."""

    why: "Unknown"
    node: str = "graph"


@dataclass(eq=False, slots=True)
class Builder:
    """A StateGraph. `findings` are what LangGraph would raise, or this tool cannot carry."""

    state: "Value"
    input: "Value"
    output: "Value"
    scope: "Scope"
    span: Span
    nodes: dict[str, NodeSpec] = field(default_factory=dict)
    edges: list[EdgeSpec] = field(default_factory=list)
    branches: list[BranchSpec] = field(default_factory=list)
    schemas: "list[Value]" = field(default_factory=list)
    channels: dict[str, Channel] = field(default_factory=dict)
    findings: list[Diagnostic] = field(default_factory=list)
    unknown: "Unknown | None" = None
    made_at: int = 0
    """When it was made, of the interpreter's calls and conditions."""
    whole: "Whole | None" = None
    """Set where nothing is known of what the graph is made of."""

    def refuse(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        """Note an error."""
        step = help if help is not None else lookup(code).next_step
        self.findings.append(Diagnostic(code, "error", message, span, step))

    def warn(self, code: str, message: str, span: Span) -> None:
        """Note a difference that does not stop the conversion."""
        self.findings.append(Diagnostic(code, "warning", message, span, lookup(code).next_step))


@dataclass(frozen=True, slots=True)
class Place:
    """Top-level code of a module: a statement of it, or an expression given as its entry."""

    module: "SourceModule"
    statement: "ast.stmt | None"
    expression: str | None = None
    stops: bool = False
    """Whether evaluating `expression` is to stop once the graph is compiled."""


@dataclass(eq=False, slots=True)
class Compiled:
    """A compiled graph: the builder as it was then, and the options."""

    builder: Builder
    name: str | None
    checkpointer: str | None
    inherits: bool
    """Whether it takes its parent's checkpointer when it is a subgraph."""
    interrupt_before: tuple[str, ...]
    interrupt_after: tuple[str, ...]
    span: Span
    unknown: "Unknown | None" = None
    place: Place | None = None
    """The top-level code that led to it."""
    ordinal: int | None = 0
    """How many graphs were compiled at the same lines before it; None if the program never compiles it."""
    store: "Value | None" = None
    keeps_state: bool = False
    """Whether it goes on, within a graph that has a checkpointer, from where it was left (`checkpointer=True`)."""
