"""The Program model: what the converter understood of a LangGraph program, as data.

It is the only thing codegen gets. `encode` and `decode` turn it into JSON and back; `VERSION` is
raised whenever the meaning of a field changes.
"""

from typing import Literal

import msgspec

from langferry.diagnostics import Diagnostic, Span
from langferry.model.constants import Constant
from langferry.model.ir import FunctionBody, GlobalValue
from langferry.model.types import Type

VERSION = 3


class SourceFile(msgspec.Struct, frozen=True):
    """One module of the program: path relative to the root, dotted name, sha256 of its bytes."""

    path: str
    module: str
    sha256: str


class Reducer(msgspec.Struct, frozen=True):
    """How a channel folds writes: one of the known ones, or a function of the program."""

    kind: Literal["operator.add", "operator.or_", "add_messages", "function"]
    function: str | None = None
    """Id of the function when `kind` is "function"."""
    has_initial: bool = True
    """Whether the channel starts with `type()`, as upstream's BinaryOperatorAggregate tries to."""
    empty: Literal["list", "tuple", "dict", "set"] | None = None
    """Of which class it then is, where the field's type leaves that open: a `list` for a `Sequence`."""


class Field(msgspec.Struct, frozen=True):
    """One key of a record. `default` is None when there is none."""

    name: str
    type: Type
    required: bool
    reducer: Reducer | None
    default: Constant | None
    doc: str | None
    span: Span
    is_transient: bool = False
    """Whether its channel holds a value for one superstep only (`EphemeralValue`)."""


class Record(msgspec.Struct, frozen=True):
    """A TypedDict, dataclass or pydantic model that is a state, a Send argument or a value in one.

    `id` is unique in the program; `qualified_name` is `module.Outer.Name` as Python would say it
    (`<locals>` included); `fields` holds inherited ones too, in Python's order.
    """

    id: str
    name: str
    qualified_name: str
    kind: Literal["typed_dict", "dataclass", "pydantic"]
    fields: tuple[Field, ...]
    doc: str | None
    span: Span


class Parameter(msgspec.Struct, frozen=True):
    """A parameter; `bound` holds its value where `partial` or a default of the wiring fixed it."""

    name: str
    type: Type
    kind: Literal["positional", "keyword", "var_positional", "var_keyword"]
    default: Constant | None
    bound: Constant | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why a function is not native: a diagnostic code, the words for this place, and the place."""

    code: str
    message: str
    span: Span


class BridgeModule(msgspec.Struct, frozen=True):
    """A module of the program as far as bridged functions need it.

    Lines of `source` are those of `file`; what is not needed is blank.
    """

    name: str
    file: str
    is_package: bool
    source: str


class BridgeEntry(msgspec.Struct, frozen=True):
    """How Python gets at a bridged function: an expression, evaluated in a module once it has run.

    Next to the module's names, `expression` may use `compiled(...)`, which gives a graph that the
    program compiles, and `argument(name)`, what the user gives for an open parameter of the entry.
    `input_class` is the qualified name of the class a node's input is made of, None for a dict.
    """

    module: str
    expression: str
    input_class: str | None = None


class Function(msgspec.Struct, frozen=True):
    """A function of the program that the graph reaches: node, router, reducer, helper or tool.

    A tool is bridged here; a native one is a helper that an `ir.ToolLit` names.

    `id` is unique and made of identifier characters; `captures` are the names from enclosing
    function scopes with the constants they hold. Exactly one of `body` (native), `bridge`
    (bridged) is set; neither when `disposition` is "refused".
    """

    id: str
    name: str
    qualified_name: str
    roles: tuple[Literal["node", "router", "reducer", "helper", "tool"], ...]
    is_async: bool
    parameters: tuple[Parameter, ...]
    returns: Type
    captures: tuple[tuple[str, Constant], ...]
    doc: str | None
    comments: tuple[str, ...]
    span: Span
    disposition: Literal["native", "bridged", "refused"]
    reasons: tuple[Reason, ...]
    body: FunctionBody | None
    bridge: BridgeEntry | None


class Node(msgspec.Struct, frozen=True):
    """A node: it calls a function, or runs a subgraph. `input` is the id of its input record.

    `function` and `subgraph` are ids; exactly one is set. `defer` as in upstream.
    """

    name: str
    function: str | None
    subgraph: str | None
    input: str
    is_async: bool
    defer: bool
    span: Span


class Edge(msgspec.Struct, frozen=True):
    """A static edge; several sources mean: wait for all of them (upstream's join)."""

    sources: tuple[str, ...]
    target: str
    joined: bool
    span: Span


class PathMapEntry(msgspec.Struct, frozen=True):
    """What a router may return, and the node it stands for."""

    key: Constant
    target: str


class Branch(msgspec.Struct, frozen=True):
    """A conditional edge: after `source`, `router` (a function id) says where to go.

    `path_map` is None when there is none; `targets` are the nodes known from a list, a `Literal`
    or the map, and None when any node may follow.
    """

    source: str
    name: str
    router: str
    input: str
    path_map: tuple[PathMapEntry, ...] | None
    targets: tuple[str, ...] | None
    is_async: bool
    span: Span


class Graph(msgspec.Struct, frozen=True):
    """One StateGraph after `compile()`. Records are given by id."""

    id: str
    name: str
    state: str
    input: str
    output: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    branches: tuple[Branch, ...]
    checkpointer: Literal["memory"] | None
    interrupt_before: tuple[str, ...]
    interrupt_after: tuple[str, ...]
    span: Span
    store: str | None = None
    """The id of the constant that holds the store it lends its nodes."""


class EnvironmentSetting(msgspec.Struct, frozen=True):
    """What the program does to its environment when its modules run.

    "set" gives the variable `name` the `value`, "default" only where it is not set; "needed" is a
    variable that its user is asked for, or that is taken to be set. "find" reads the file `.env` of
    the folder `name` (from the program's root) or of the nearest folder above, "load" the file `name`,
    "beside" one of the program's folders. "copy" gives the variable what the one named `value` holds,
    which has to be set; "copy_or" takes the `default` where it is not.
    """

    kind: Literal["set", "default", "needed", "find", "load", "beside", "copy", "copy_or"]
    name: str
    value: str = ""
    overrides: bool = False
    default: str = ""


class Program(msgspec.Struct, frozen=True):
    """A whole program. `graphs` holds every graph by id; `entry_graph` is the one that runs.

    `input_hash` is the sha256 over the sources, the entry expression and the converter's version.
    """

    version: int
    name: str
    entry: str
    entry_module: str
    """Dotted name of the module the entry is evaluated in."""
    entry_graph: str
    input_hash: str
    files: tuple[SourceFile, ...]
    records: tuple[Record, ...]
    functions: tuple[Function, ...]
    globals: tuple[GlobalValue, ...]
    graphs: tuple[Graph, ...]
    bridge: tuple[BridgeModule, ...]
    """What stays Python; the same modules serve all bridged functions."""
    entries: tuple[tuple[str, str], ...]
    """Every graph that stands for itself: the expression for it and its id, the main one first."""
    diagnostics: tuple[Diagnostic, ...]
    environment: tuple[EnvironmentSetting, ...] = ()
    """In the order in which the program's modules do it."""


def encode(program: Program) -> bytes:
    """The model as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(program), indent=2)


def decode(data: bytes) -> Program:
    """The model from JSON.

    Raises:
        msgspec.ValidationError: the JSON is not a Program of this version.
    """
    program = msgspec.json.decode(data, type=Program)
    if program.version != VERSION:
        raise msgspec.ValidationError(
            f"program model version {program.version} is not {VERSION}; convert again"
        )
    return program
