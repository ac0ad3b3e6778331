"""Small programs as models, made by hand, for the generators to work on."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from langferry.diagnostics import Span
from langferry.model import VERSION, Program, ir
from langferry.model import types as t
from langferry.model.constants import Constant
from langferry.model.program import (
    Branch,
    BridgeEntry,
    BridgeModule,
    Edge,
    Field,
    Function,
    Graph,
    Node,
    Parameter,
    PathMapEntry,
    Reason,
    Record,
    Reducer,
    SourceFile,
)

PATH = "program.py"
SPAN = Span(PATH, 1, 0, 1, 5)
SOURCE = "x = 1\n"
PYTHON: dict[str, str] = {}
"""The source of functions made by `bridged`, by id."""
STR, INT = t.StrType(), t.IntType()


def field(
    name: str, type_: t.Type = STR, reducer: Reducer | None = None, doc: str | None = None
) -> Field:
    """A key of a record."""
    return Field(name, type_, True, reducer, None, doc, SPAN)


def record(
    id_: str,
    *fields: Field,
    name: str | None = None,
    doc: str | None = None,
    kind: Literal["typed_dict", "dataclass", "pydantic"] = "typed_dict",
) -> Record:
    """A record."""
    name = name or id_
    return Record(id_, name, f"program.{name}", kind, fields, doc, SPAN)


def text(value: str) -> ir.StrLit:
    """A string literal of a body."""
    return ir.StrLit(value, STR, SPAN)


def _function(
    id_: str,
    role: Literal["node", "router", "reducer", "helper"],
    name: str | None,
    doc: str | None,
    comments: Sequence[str] = (),
    body: ir.FunctionBody | None = None,
    bridge: BridgeEntry | None = None,
) -> Function:
    reasons = (Reason("LF301", "calls what is not known", SPAN),) if bridge else ()
    return Function(
        id=id_,
        name=name or id_,
        qualified_name=name or id_,
        roles=(role,),
        is_async=False,
        parameters=(Parameter("state", t.RecordType("State"), "positional", None),),
        returns=t.AnyType(),
        captures=(),
        doc=doc,
        comments=tuple(comments),
        span=SPAN,
        disposition="native" if body else "bridged" if bridge else "refused",
        reasons=reasons,
        body=body,
        bridge=bridge,
    )


def writer(
    id_: str,
    writes: Mapping[str, str],
    *,
    name: str | None = None,
    doc: str | None = None,
    comments: Sequence[str] = (),
    state: str = "State",
) -> Function:
    """A native node that writes texts to channels of `state`."""
    update = ir.Update(
        state, tuple((key, text(value), SPAN) for key, value in writes.items()), SPAN
    )
    returned = ir.Return(update, SPAN, tuple(comments))
    body = ir.FunctionBody("node", (), (returned,))
    return _function(id_, "node", name, doc, comments, body)


def chooser(id_: str, target: str) -> Function:
    """A native router that always goes to `target`."""
    body = ir.FunctionBody("router", (), (ir.Return(text(target), SPAN),))
    return _function(id_, "router", None, None, (), body)


def bridged(
    id_: str,
    source: str,
    role: Literal["node", "router", "reducer"] = "node",
    doc: str | None = None,
    entry: str | None = None,
) -> Function:
    """A function that stays Python."""
    PYTHON[id_] = source
    return _function(id_, role, None, doc, bridge=BridgeEntry("program", entry or id_))


def refused(id_: str) -> Function:
    """A function that can be neither."""
    return _function(id_, "node", None, None)


def node(name: str, function: str, input_: str = "State", **changes: Any) -> Node:
    """A node that calls a function."""
    return Node(name, function, None, input_, False, changes.get("defer", False), SPAN)


def edge(source: str, target: str) -> Edge:
    """An edge."""
    return Edge((source,), target, False, SPAN)


def branch(source: str, router: str, path_map: Mapping[Any, str] | None = None) -> Branch:
    """A conditional edge."""
    entries = (
        tuple(PathMapEntry(Constant(json.dumps(k)), v) for k, v in path_map.items())
        if path_map is not None
        else None
    )
    return Branch(source, "branch", router, "State", entries, None, False, SPAN)


def graph(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    branches: Sequence[Branch] = (),
    name: str = "LangGraph",
    **changes: Any,
) -> Graph:
    """The graph of a program, over the record `State`."""
    return Graph(
        id=changes.get("id", "graph"),
        name=name,
        state="State",
        input="State",
        output="State",
        nodes=tuple(nodes),
        edges=tuple(edges),
        branches=tuple(branches),
        checkpointer=changes.get("checkpointer"),
        interrupt_before=changes.get("interrupt_before", ()),
        interrupt_after=(),
        span=SPAN,
    )


def chain(*nodes: Node, **changes: Any) -> Graph:
    """A graph that runs `nodes` one after the other."""
    names = ["__start__", *(n.name for n in nodes), "__end__"]
    return graph(nodes, [edge(a, b) for a, b in pairwise(names)], **changes)


def program(
    records: Sequence[Record],
    functions: Sequence[Function],
    *graphs: Graph,
    name: str = "program",
    source: str = SOURCE,
) -> Program:
    """A program of one file."""
    sha = hashlib.sha256(source.encode()).hexdigest()
    return Program(
        version=VERSION,
        name=name,
        entry="graph",
        entry_module="program",
        entry_graph=graphs[0].id,
        input_hash=sha,
        files=(SourceFile(PATH, "program", sha),),
        records=tuple(records),
        functions=tuple(functions),
        globals=(),
        graphs=graphs,
        bridge=_modules(functions),
        entries=(("graph", graphs[0].id),),
        diagnostics=(),
    )


def _modules(functions: Sequence[Function]) -> tuple[BridgeModule, ...]:
    found = [PYTHON[item.id] for item in functions if item.bridge is not None]
    return (BridgeModule("program", PATH, False, "".join(found)),) if found else ()


def greeting() -> Program:
    """The smallest useful program."""
    state = record("State", field("text"), doc="What is said.")
    greet = writer("greet", {"text": "hello"}, doc="Say hello.")
    return program([state], [greet], chain(node("greet", "greet")), name="greeting")
